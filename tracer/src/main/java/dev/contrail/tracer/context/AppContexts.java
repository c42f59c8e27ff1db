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
/// numbers, which it alone reads and writes. Those that a library keeps for the program are the
/// same, as long as somebody follows them there ([#follow]).
public final class AppContexts {
    /// The provider of contexts that are keys of a mapped diagnostic context: `$app.mdc:KEY`.
    public static final String MDC = "mdc";

    /// The provider of those of OpenTelemetry: `$app.otel:trace_id` and `$app.otel:span_id`.
    public static final String OTEL = "otel";

    /// Names of a process, so that a program that makes them up does no harm.
    private static final int MOST_NAMES = 256;

    private static final ThreadLocal<Values> VALUES = new ThreadLocal<>();
    private static final List<String> NAMES = new ArrayList<>();

    /// Whether the application has that context, by its number.
    private static final boolean[] IS_SET_BY_APPLICATION = new boolean[MOST_NAMES];

    /// Whether it is one of a library that is there, and followed.
    private static final boolean[] IS_FOLLOWED = new boolean[MOST_NAMES];

    /// How often somebody has begun or ended to follow it. Changed by the link thread; a value that
    /// a thread has set in a former term is none.
    private static final int[] TERMS = new int[MOST_NAMES];

    /// What a thread has set, and when.
    private static final class Values {
        /// Of a thread that has set nothing; so the class is there before a thread needs it.
        static final Values NONE = new Values();

        private @Nullable String[] texts = new String[8];
        private int[] terms = new int[8];

        void set(int number, @Nullable String value) {
            if (texts.length <= number) {
                terms = Arrays.copyOf(terms, number + 1);
                texts = Arrays.copyOf(texts, number + 1); // last: its length is looked at
            }
            terms[number] = TERMS[number];
            texts[number] = value;
        }

        @Nullable String get(int number) {
            return texts.length > number && terms[number] == TERMS[number] ? texts[number] : null;
        }
    }

    private AppContexts() {}

    /// Whether the names of contexts have such characters: letters, digits and `_`.
    public static boolean isPlain(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    /// A library's key as the name of a context: other characters become `_`.
    public static String plain(String key) {
        char[] name = key.toCharArray();
        for (int i = 0; i < name.length; i++) {
            if (!isPlain(name[i])) {
                name[i] = '_';
            }
        }
        return new String(name);
    }

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

    /// Begins to follow a context that a library keeps for the threads of the program: what they
    /// had of it in a former time is forgotten. Link thread.
    ///
    /// @return its number, for [#set]
    /// @throws IllegalArgumentException when there are too many
    public static int follow(String fieldName) {
        int number = number(fieldName);
        forget(number);
        return number;
    }

    /// A context is not followed any more. Link thread.
    public static void leave(int number) {
        IS_FOLLOWED[number] = false;
        forget(number);
    }

    private static void forget(int number) {
        if (!IS_SET_BY_APPLICATION[number]) {
            TERMS[number]++;
        }
    }

    /// The library of a context that is followed is there: before, there is no such context.
    public static void isThere(int number) {
        IS_FOLLOWED[number] = true;
    }

    /// The calling thread has that value from now on.
    ///
    /// @param number of a context that is followed
    /// @param value null for none
    public static void set(int number, @Nullable String value) {
        Values values = VALUES.get();
        if (values == null) {
            if (value == null) {
                return;
            }
            VALUES.set(values = new Values());
        }
        values.set(number, value);
    }

    private static @Nullable String get(int number) {
        Values values = VALUES.get();
        String value = (values == null ? Values.NONE : values).get(number);
        return value != null ? value : absent(number);
    }

    /// What a thread has that has set none.
    private static @Nullable String absent(int number) {
        return IS_SET_BY_APPLICATION[number] || IS_FOLLOWED[number] ? "" : null;
    }

    /// Empty where the thread has none; null as long as the application has no such context.
    static ContextSource source(String fieldName) {
        int number = number(fieldName);
        return Sources.text(() -> get(number), other -> absent(number));
    }
}
