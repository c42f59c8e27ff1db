// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.context;

import dev.contrail.tracer.ring.write.EventContext;
import dev.contrail.tracer.ring.write.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The contexts of the application, `PROVIDER:NAME`, and their values in each thread.
///
/// A name has a number, given out once and never reused; a thread has an array of values, by those
/// numbers, which it alone reads and writes.
public final class AppContexts {
    /// Names of a process, so that a program that makes them up does no harm.
    private static final int MOST_NAMES = 256;

    private static final ThreadLocal<@Nullable String[]> VALUES = new ThreadLocal<>();
    private static final List<String> NAMES = new ArrayList<>();

    private AppContexts() {}

    private static synchronized int number(String name) {
        int known = NAMES.indexOf(name);
        if (known >= 0) {
            return known;
        }
        if (NAMES.size() == MOST_NAMES) {
            throw new IllegalArgumentException(
                    name + " is one context too many: there are " + MOST_NAMES);
        }
        NAMES.add(name);
        return NAMES.size() - 1;
    }

    /// Takes the value of that context in the thread that calls it: a string, or null for none.
    ///
    /// @param name `PROVIDER:NAME`
    /// @throws IllegalArgumentException when there are too many
    public static Consumer<Object> setter(String name) {
        int number = number(name);
        return value -> set(number, (String) value);
    }

    private static void set(int number, @Nullable String value) {
        @Nullable String[] values = VALUES.get();
        if (values == null || values.length <= number) {
            if (value == null) {
                return;
            }
            int length = Math.max(8, number + 1);
            values = values == null ? new String[length] : Arrays.copyOf(values, length);
            VALUES.set(values);
        }
        values[number] = value;
    }

    static @Nullable String get(int number) {
        @Nullable String[] values = VALUES.get();
        return values == null || values.length <= number ? null : values[number];
    }

    /// Empty where the thread has none.
    static ContextValue value(String name) {
        int number = number(name);
        return at -> {
            String value = get(number);
            return Text.putCut(at, value == null ? "" : value, EventContext.MAX_STRING_BYTES);
        };
    }
}
