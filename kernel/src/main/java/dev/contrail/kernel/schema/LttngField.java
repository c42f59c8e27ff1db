// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.schema;

import java.util.ArrayList;
import java.util.List;

/// A field as LTTng declares it, in the notation of the data files: `i32 tid`, `u8[] (len u32) val`
/// (`lttng-kernel-schema.md`, "Type letters").
public record LttngField(String type, String name) {

    /// Reads a list separated by semicolons; `-` is an empty one.
    public static List<LttngField> list(String text) {
        var fields = new ArrayList<LttngField>();
        if (text.equals("-")) {
            return fields;
        }
        for (String part : text.split("; ")) {
            int space = part.lastIndexOf(' ');
            fields.add(new LttngField(part.substring(0, space), part.substring(space + 1)));
        }
        return fields;
    }
}
