// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.context;

import dev.contrail.tracer.filter.ContextSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The contexts of the application and their values in each thread.
///
/// A name has a number, given out once and never reused; a thread has an array of values, by those
/// numbers, which it alone reads and writes.
public final class AppContexts {
    /// Names of a process, so that a program that makes them up does no harm.
    private static final int MOST_NAMES = 256;

    private static final ThreadLocal<@Nullable String[]> VALUES = new ThreadLocal<>();
    private static final List<String> NAMES = new ArrayList<>();

    /// Whether the application has that context, by its number.
    private static final boolean[] IS_SET_BY_APPLICATION = new boolean[MOST_NAMES];

    private AppContexts() {}

    /// How the field is named, as LTTng names it.
    public static String fieldName(String provider, String name) {
        return "app_" + provider + "_" + name;
    }

    private static synchronized int number(String fieldName) {
        int known = NAMES.indexOf(fieldName);
        if (known >= 0) {
            return known;
        }
        if (NAMES.size() == MOST_NAMES) {
            throw new IllegalArgumentException(
                    fieldName + " is one context too many: there are " + MOST_NAMES);
        }
        NAMES.add(fieldName);
        return NAMES.size() - 1;
    }

    /// Takes the value of that context in the thread that calls it: a string, or null for none.
    ///
    /// @throws IllegalArgumentException when there are too many
    public static Consumer<Object> setter(String fieldName) {
        int number = number(fieldName);
        IS_SET_BY_APPLICATION[number] = true;
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

    private static @Nullable String get(int number) {
        @Nullable String[] values = VALUES.get();
        String value = values == null || values.length <= number ? null : values[number];
        return value != null ? value : absent(number);
    }

    /// What a thread has that has set none.
    private static @Nullable String absent(int number) {
        return IS_SET_BY_APPLICATION[number] ? "" : null;
    }

    /// Empty where the thread has none; null as long as the application has no such context.
    static ContextSource source(String fieldName) {
        int number = number(fieldName);
        return Sources.text(() -> get(number), other -> absent(number));
    }
}
