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
        return new ContextSource() {
            @Override
            public boolean isOfThread() {
                return isOfThread;
            }

            @Override
            public ValueKind kind() {
                return ValueKind.INTEGER;
            }

            @Override
            public long number() {
                return value.getAsLong();
            }

            @Override
            public @Nullable String text() {
                return null;
            }
        };
    }

    private static ContextSource text(boolean isOfThread, Supplier<@Nullable String> value) {
        return new ContextSource() {
            @Override
            public boolean isOfThread() {
                return isOfThread;
            }

            @Override
            public ValueKind kind() {
                return ValueKind.TEXT;
            }

            @Override
            public long number() {
                return 0;
            }

            @Override
            public @Nullable String text() {
                return value.get();
            }
        };
    }
}
