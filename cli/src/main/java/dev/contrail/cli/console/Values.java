// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The value grammars of `lttng-cli.md` section 3. Empty if invalid.
public final class Values {
    private static final Pattern DECIMAL_AND_UNIT =
            Pattern.compile("(\\d{1,18}(?:\\.\\d{1,18})?)(ns|us|ms|s|m|h)");
    private static final Pattern NUMBER_AND_UNIT =
            Pattern.compile("(0[xX][0-9a-fA-F]+|[0-9]+)([a-zA-Z]*)");

    private Values() {}

    /// Bytes: a C integer and `k`, `K`, `M` or `G`.
    public static OptionalLong size(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        if (matcher.matches()) {
            int shift =
                    switch (matcher.group(2)) {
                        case "" -> 0;
                        case "k", "K" -> 10;
                        case "M" -> 20;
                        case "G" -> 30;
                        default -> -1;
                    };
            long number = integer(matcher.group(1));
            if (shift >= 0 && number >= 0 && number <= Long.MAX_VALUE >> shift) {
                return OptionalLong.of(number << shift);
            }
        }
        return OptionalLong.empty();
    }

    /// Microseconds: a C integer and `us`, `ms`, `s`, `m` or `h`; microseconds without a unit.
    public static OptionalLong periodMicros(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        if (matcher.matches()) {
            long unit =
                    switch (matcher.group(2)) {
                        case "", "us" -> 1;
                        case "ms" -> 1_000;
                        case "s" -> 1_000_000;
                        case "m" -> 60_000_000L;
                        case "h" -> 3_600_000_000L;
                        default -> 0;
                    };
            long number = integer(matcher.group(1));
            if (unit > 0 && number >= 0 && number <= Long.MAX_VALUE / unit) {
                return OptionalLong.of(number * unit);
            }
        }
        return OptionalLong.empty();
    }

    /// Nanoseconds: a number, also with a decimal point, and `ns`, `us`, `ms`, `s`, `m` or `h`.
    public static OptionalLong periodNanos(String text) {
        Matcher matcher = DECIMAL_AND_UNIT.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long unit =
                switch (matcher.group(2)) {
                    case "ns" -> 1;
                    case "us" -> 1_000;
                    case "ms" -> 1_000_000;
                    case "s" -> 1_000_000_000;
                    case "m" -> 60_000_000_000L;
                    default -> 3_600_000_000_000L;
                };
        try {
            return OptionalLong.of(
                    new BigDecimal(matcher.group(1))
                            .multiply(BigDecimal.valueOf(unit))
                            .toBigInteger()
                            .longValueExact());
        } catch (ArithmeticException e) {
            return OptionalLong.empty();
        }
    }

    /// A count.
    public static OptionalInt count(String text) {
        OptionalLong number = number(text);
        return number.isPresent() && number.getAsLong() <= Integer.MAX_VALUE
                ? OptionalInt.of((int) number.getAsLong())
                : OptionalInt.empty();
    }

    /// A C integer that is not negative, without a unit.
    public static OptionalLong number(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        if (matcher.matches() && matcher.group(2).isEmpty()) {
            long number = integer(matcher.group(1));
            if (number >= 0) {
                return OptionalLong.of(number);
            }
        }
        return OptionalLong.empty();
    }

    /// The next power of two.
    public static long powerOfTwo(long value) {
        return value <= 1 ? 1 : Long.highestOneBit(value - 1) << 1;
    }

    /// Names separated by commas, without empty ones; `\,` is a comma.
    public static List<String> names(String text) {
        var names = new ArrayList<String>();
        var name = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == ',') {
                name.append(',');
                i++;
            } else if (c == ',') {
                add(name, names);
                name.setLength(0);
            } else {
                name.append(c);
            }
        }
        add(name, names);
        return names;
    }

    private static void add(StringBuilder name, List<String> names) {
        if (!name.isEmpty()) {
            names.add(name.toString());
        }
    }

    /// A C integer: decimal, `0x` hexadecimal, `0` octal; -1 when it is none or too large.
    private static long integer(String digits) {
        try {
            return Long.decode(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
