// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import java.util.List;

/// A filter expression, parsed (`lttng-cli.md` section 9).
sealed interface Expression {
    /// A number of the text: a `Long` or a `Double`.
    record Constant(Object value) implements Expression {}

    /// A string of the text.
    ///
    /// @param parts what stands between the stars: each may be followed by anything
    record Pattern(List<String> parts) implements Expression {
        public Pattern {
            parts = List.copyOf(parts);
        }

        boolean matches(String text) {
            String first = parts.getFirst();
            if (parts.size() == 1) {
                return text.equals(first);
            }
            String last = parts.getLast();
            if (text.length() < first.length() + last.length()
                    || !text.startsWith(first)
                    || !text.endsWith(last)) {
                return false;
            }
            int at = first.length();
            int end = text.length() - last.length();
            for (String part : parts.subList(1, parts.size() - 1)) {
                int found = text.indexOf(part, at);
                if (found < 0 || found + part.length() > end) {
                    return false;
                }
                at = found + part.length();
            }
            return true;
        }
    }

    /// A payload field: names of members and, as `Long`, indexes.
    record Field(List<Object> path) implements Expression {
        public Field {
            path = List.copyOf(path);
        }
    }

    /// A context field, `$ctx.NAME…` or `$app.PROVIDER:NAME…`.
    record Context(List<Object> path) implements Expression {
        public Context {
            path = List.copyOf(path);
        }
    }

    /// `$name`, `$time`, `$trace` or `$host`.
    record Property(String name) implements Expression {}

    /// `-`, `+`, `!` or `~`.
    record Unary(String operator, Expression operand) implements Expression {}

    /// All others, by their signs.
    record Binary(String operator, Expression left, Expression right) implements Expression {}
}
