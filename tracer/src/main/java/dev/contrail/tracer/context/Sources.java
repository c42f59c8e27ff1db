// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.context;

import dev.contrail.tracer.filter.ContextSource;
import dev.contrail.tracer.filter.ValueKind;
import dev.contrail.tracer.process.OtherThread;
import dev.contrail.tracer.process.TracerThread;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Where the values of contexts come from.
final class Sources {
    private Sources() {}

    static ContextSource fixed(long number) {
        return number(() -> number);
    }

    static ContextSource fixed(String text) {
        return text(() -> text);
    }

    /// Of the thread whose event it is.
    ///
    /// @param own of the calling thread
    static ContextSource number(LongSupplier own, ToLongFunction<OtherThread> ofOther) {
        return number(() -> {
            OtherThread other = TracerThread.actsFor();
            return other == null ? own.getAsLong() : ofOther.applyAsLong(other);
        });
    }

    /// Of the thread whose event it is.
    ///
    /// @param own of the calling thread
    static ContextSource text(
            Supplier<@Nullable String> own, Function<OtherThread, @Nullable String> ofOther) {
        return text(() -> {
            OtherThread other = TracerThread.actsFor();
            return other == null ? own.get() : ofOther.apply(other);
        });
    }

    private static ContextSource number(LongSupplier value) {
        return new Source(ValueKind.INTEGER, value, () -> null);
    }

    private static ContextSource text(Supplier<@Nullable String> value) {
        return new Source(ValueKind.TEXT, () -> 0, value);
    }

    private record Source(ValueKind kind, LongSupplier integer, Supplier<@Nullable String> string)
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
