// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import java.util.List;
import java.util.Objects;

/// One payload field of an event class.
public record EventField(String name, FieldType type) {
    public EventField {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
    }

    /// The names of fields, in their order.
    public static String[] names(List<EventField> fields) {
        String[] names = new String[fields.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = fields.get(i).name();
        }
        return names;
    }
}
