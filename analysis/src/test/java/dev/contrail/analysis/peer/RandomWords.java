// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.util.Locale;
import java.util.Random;

/// Makes up the words of a TSDL text: numbers, strings and names in every way to write them, and
/// now and then in a way that is none.
final class RandomWords {
    private final Random random;

    /// One word in so many is odd; none when 0.
    private final int oddity;

    private int names;

    RandomWords(Random random) {
        this.random = random;
        int[] oddities = {0, 0, 150, 60, 25};
        this.oddity = oddities[random.nextInt(oddities.length)];
    }

    Random random() {
        return random;
    }

    boolean isOdd() {
        return oddity > 0 && random.nextInt(oddity) == 0;
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    String pick(String... of) {
        return of[random.nextInt(of.length)];
    }

    String number(long value) {
        if (isOdd()) {
            return pick(
                    "0b11",
                    "+" + value,
                    "-" + value,
                    "\"" + value + "\"",
                    value + ".0",
                    "(" + value + ")",
                    "one",
                    "1 + 1",
                    "18446744073709551615",
                    "18446744073709551616",
                    "9223372036854775808",
                    "-9223372036854775808",
                    "-9223372036854775809",
                    "08",
                    "0x",
                    value + "UU",
                    value + "L",
                    value + "ll",
                    value + "uLl",
                    value + "x",
                    "'1'",
                    "- " + value,
                    "--" + value,
                    "");
        }
        if (value < 0) {
            return pick("-", "- ") + plain(-value);
        }
        return plain(value);
    }

    private String plain(long value) {
        return switch (random.nextInt(8)) {
            case 0 -> "0x" + Long.toHexString(value);
            case 1 -> "0X" + Long.toHexString(value).toUpperCase(Locale.ROOT);
            case 2 -> "0" + Long.toOctalString(value);
            case 3 -> value + pick("u", "U", "ul", "UL", "lu", "ull", "ULL");
            default -> Long.toString(value);
        };
    }

    /// A string with its quotes. `L"…"` is not among them: babeltrace2 dies of it.
    String string(String plain) {
        if (isOdd()) {
            return pick(
                    plain,
                    "\"\"",
                    "\"" + plain + "\" \"x\"",
                    "'" + plain + "'",
                    "\"" + plain,
                    "\"a\\qb\"",
                    "\"a\\u00e9\"",
                    "\"a\\U000000e9\"",
                    "\"a\\x\"",
                    "\"a\\xfffb\"",
                    "\"a\\0b\"",
                    "\"a\nb\"",
                    "\"a\\\nb\"",
                    "17");
        }
        return switch (random.nextInt(8)) {
            case 1 ->
                    "\"" + plain + pick("\\n", "\\t", "\\\"", "\\\\", "\\'", "\\?", "\\a") + "z\"";
            case 2 -> "\"" + plain + pick("\\1", "\\12", "\\101", "\\1012", "\\x41", "\\x7") + "\"";
            case 3 -> "\"" + plain + pick("é", "\t", " ", "/*", "//", "{", ";", "%s") + "\"";
            default -> "\"" + plain + "\"";
        };
    }

    /// A name that nothing else has. None begins with two underscores: of a name in a type that has
    /// a name, babeltrace2 takes one off for each copy that it makes of the type.
    String name() {
        int number = names++;
        if (isOdd()) {
            return pick(
                    "a$b", "9a", "é", "int", "stream", "env", "clock", "event", "trace", "string",
                    "align", "\"q\"", "_", "__", "same", "same", "_same", "x.y", "");
        }
        return pick("a", "x_", "_b", "Z", "_Int", "id", "e", "le", "size", "x\\u00e9") + number;
    }

    String space() {
        return pick(" ", " ", " ", " ", "\n", "\t", " /* ; } */ ", " // }\n", "\r\n");
    }

    /// `name = value;`, mostly.
    String attribute(String name, String value) {
        if (isOdd()) {
            return pick(
                    name + " = " + value,
                    name + " := " + value + "; ",
                    name + " == " + value + "; ",
                    "\"" + name + "\" = " + value + "; ",
                    name + " = ; ",
                    name + "; ",
                    name + " " + value + "; ",
                    name + " = " + value + ";; ",
                    name + " = " + value + "; " + name + " = " + value + "; ",
                    name + "2 = " + value + "; ",
                    "unknown = " + value + "; ",
                    name.toUpperCase(Locale.ROOT) + " = " + value + "; ",
                    "x." + name + " = " + value + "; ",
                    "");
        }
        return name + pick(" = ", "=", "\n=\t") + value + pick(";", " ;") + space();
    }
}
