// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.filter;

import java.util.List;

/// A filter expression, parsed (`lttng-cli.md` section 9). Immutable.
public sealed interface Expression {
    /// A number of the text: a `Long` or a `Double`.
    record Constant(Object value) implements Expression {}

    /// A string of the text.
    ///
    /// @param parts what stands between the stars: each may be followed by anything
    record Pattern(List<String> parts) implements Expression {
        public Pattern {
            parts = List.copyOf(parts);
        }

        /// Whether it stands for all of `text`. Takes at most the product of both lengths,
        /// allocates nothing.
        public boolean matches(String text) {
            String first = parts.get(0);
            if (parts.size() == 1) {
                return text.equals(first);
            }
            String last = parts.get(parts.size() - 1);
            if (text.length() < first.length() + last.length()
                    || !text.startsWith(first)
                    || !text.endsWith(last)) {
                return false;
            }
            int at = first.length();
            int end = text.length() - last.length();
            for (int i = 1; i < parts.size() - 1; i++) {
                String part = parts.get(i);
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

    /// A context field, `$ctx.NAME…` or `$app.PROVIDER:NAME…`, whose first name is
    /// `app_PROVIDER_NAME`, as LTTng writes it.
    ///
    /// @param isOfApplication whether it is the application's own: its kind is known when it is
    ///   looked at, not before
    record Context(List<Object> path, boolean isOfApplication) implements Expression {
        public Context {
            path = List.copyOf(path);
        }
    }

    /// `$name`, `$time`, `$trace` or `$host`, which readers have and LTTng has not.
    record Property(String name) implements Expression {}

    /// `-`, `+`, `!` or `~`.
    record Unary(String operator, Expression operand) implements Expression {}

    /// All others, by their signs.
    record Binary(String operator, Expression left, Expression right) implements Expression {}
}
