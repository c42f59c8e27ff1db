// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Prints the answer to a query as babeltrace2 2.0.4 does: not quite YAML.
final class QueryText {
    private final StringBuilder text = new StringBuilder();

    private QueryText() {}

    /// @param answer of `Map`, `List`, `Boolean`, `Long`, `Double` and `String`
    static String of(Object answer) {
        var printed = new QueryText();
        printed.value(answer, 0, true);
        return printed.text.toString();
    }

    /// @param isFirst whether a line begins here
    private void value(Object value, int indent, boolean isFirst) {
        switch (value) {
            case Map<?, ?> map when !map.isEmpty() -> {
                begin(isFirst);
                map.forEach((name, member) -> {
                    text.repeat(' ', indent).append(name).append(": ");
                    value(member, indent + 2, false);
                });
            }
            case List<?> list when !list.isEmpty() -> {
                begin(isFirst);
                for (Object element : list) {
                    text.repeat(' ', indent).append("- ");
                    value(element, indent + 2, false);
                }
            }
            case Map<?, ?> _ -> text.append("{ }\n");
            case List<?> _ -> text.append("[ ]\n");
            case Boolean isSet -> text.append(isSet ? "yes" : "no").append('\n');
            case Double real -> text.append(String.format(Locale.ROOT, "%f%n", real));
            default -> text.append(value).append('\n');
        }
    }

    private void begin(boolean isFirst) {
        if (!isFirst) {
            text.append('\n');
        }
    }
}
