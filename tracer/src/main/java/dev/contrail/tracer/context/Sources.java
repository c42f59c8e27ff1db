// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.context;

import dev.contrail.tracer.filter.ContextSource;
import dev.contrail.tracer.filter.ValueKind;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where the values of contexts come from.
final class Sources {
    private Sources() {}

    static ContextSource fixed(long number) {
        return number(false, () -> number);
    }

    static ContextSource fixed(String text) {
        return text(false, () -> text);
    }

    /// Of the calling thread.
    static ContextSource number(LongSupplier value) {
        return number(true, value);
    }

    /// Of the calling thread.
    static ContextSource text(Supplier<@Nullable String> value) {
        return text(true, value);
    }

    private static ContextSource number(boolean isOfThread, LongSupplier value) {
        return new Source(isOfThread, ValueKind.INTEGER, value, () -> null);
    }

    private static ContextSource text(boolean isOfThread, Supplier<@Nullable String> value) {
        return new Source(isOfThread, ValueKind.TEXT, () -> 0, value);
    }

    private record Source(
            boolean isOfThread,
            ValueKind kind,
            LongSupplier integer,
            Supplier<@Nullable String> string)
            implements ContextSource {
        @Override
        public long number() {
            return integer.getAsLong();
        }

        @Override
        public @Nullable String text() {
            return string.get();
        }
    }
}
