// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.top.Table;
import dev.contrail.analysis.top.TopColumn;
import dev.contrail.analysis.top.TopState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tables for programs: an object a line. Times are nanoseconds, sizes bytes; what is not known is
/// `null`.
final class Json {
    private Json() {}

    static String line(Table table, TopState state) {
        var out = new StringBuilder();
        out.append("{\"view\":\"").append(table.view().word());
        out.append("\",\"begin\":").append(table.begin());
        out.append(",\"end\":").append(table.end());
        out.append(",\"events\":").append(state.events());
        out.append(",\"lost_events\":").append(state.lostEvents());
        out.append(",\"lost_packets\":").append(state.lostPackets());
        out.append(",\"uncounted_losses\":").append(state.uncountedLosses());
        out.append(",\"rows\":[");
        List<TopColumn> columns = table.view().columns();
        String before = "";
        for (Table.Row row : table.rows()) {
            out.append(before).append('{');
            for (int i = 0; i < columns.size(); i++) {
                out.append(i == 0 ? "\"" : ",\"").append(columns.get(i).key()).append("\":");
                add(out, row.cells()[i]);
            }
            out.append('}');
            before = ",";
        }
        return out.append("]}").toString();
    }

    private static void add(StringBuilder out, @Nullable Object cell) {
        if (cell instanceof String text) {
            string(out, text);
        } else {
            out.append(cell);
        }
    }

    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '"' || each == '\\') {
                out.append('\\').append(each);
            } else if (each < ' ' || each == 0x7f || Character.isSurrogate(each)) {
                out.append("\\u%04x".formatted((int) each));
            } else {
                out.append(each);
            }
        }
        out.append('"');
    }
}
