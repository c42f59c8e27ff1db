// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.filter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A filter expression, parsed (`lttng-cli.md` section 9). Immutable.
public sealed interface Expression {
    /// A number of the text: a `Long` or a `Double`.
    record Constant(Object value) implements Expression {}

    /// A string of the text. Equal to one of the same parts.
    final class Pattern implements Expression {
        private final List<String> parts;
        private final PatternPart[] inner;

        /// @param parts what stands between the stars: each may be followed by anything
        public Pattern(List<String> parts) {
            this.parts = List.copyOf(parts);
            inner = new PatternPart[Math.max(0, parts.size() - 2)];
            for (int i = 0; i < inner.length; i++) {
                inner[i] = new PatternPart(parts.get(i + 1));
            }
        }

        public List<String> parts() {
            return parts;
        }

        /// Whether it stands for all of `text`. Takes time proportional to the length of both,
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
            for (PatternPart part : inner) {
                at = part.endIn(text, at, end);
                if (at < 0) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Pattern pattern && parts.equals(pattern.parts);
        }

        @Override
        public int hashCode() {
            return parts.hashCode();
        }

        /// As a user writes it.
        @Override
        public String toString() {
            return String.join("*", parts);
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
