// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.schema;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads the tables that are resources of this module: a heading, then rows of columns with tabs.
final class Tables {
    private Tables() {}

    static List<String[]> rows(String resource, int columnCount) throws IOException {
        var rows = new ArrayList<String[]>();
        try (InputStream in = Tables.class.getResourceAsStream(resource)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().skip(1).toList()) {
                String[] columns = line.split("\t", -1);
                if (columns.length != columnCount) {
                    throw new IOException(
                            "%s: row of %d columns, want %d: %s"
                                    .formatted(resource, columns.length, columnCount, line));
                }
                rows.add(columns);
            }
        }
        return rows;
    }
}
