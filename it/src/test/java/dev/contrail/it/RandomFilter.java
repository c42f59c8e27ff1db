// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import dev.contrail.tracer.event.TargetFilter;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/// Filter expressions by chance, over the fields `l` (64 bits), `i` (32), `c` (16, unsigned), `d`
/// (double), `f` (float), `s` and `t` (strings), and events with such fields.
///
/// Most expressions fit the fields. An operand of `&&`, `||` or `!` is never the result of an
/// operation on bits, and a real number is compared neither with that nor with `c`: LTTng-UST
/// 2.13.5 has defects there, see `ValueKind`.
final class RandomFilter {
    static final List<String> FIELDS = List.of("l", "i", "c", "d", "f", "s", "t");

    private static final List<String> TEXTS =
            List.of("", "a", "ab", "abc", "b", "EUR", "EU", "*", "a*", "größer", "aab", "bab");
    private static final List<String> PATTERNS =
            List.of("", "a", "ab", "*", "a*", "*b", "*a*", "a*b", "E*R", "EUR", "gr*ß*r", "\\*");
    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "1",
                    "2",
                    "3",
                    "-1",
                    "7",
                    "63",
                    "64",
                    "0xff",
                    "010",
                    "65535",
                    "-2147483648");
    private static final List<String> REALS = List.of("0.5", "1.5", "-2.25", "1e3", "0.0", "3.0");

    private final Random random;

    RandomFilter(long seed) {
        this.random = new Random(seed);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /// The method `accepts` of all filters of these fields.
    static Method accepts(TargetFilter filter) throws NoSuchMethodException {
        return filter.getClass()
                .getSuperclass()
                .getMethod(
                        "accepts",
                        long.class,
                        int.class,
                        char.class,
                        double.class,
                        float.class,
                        String.class,
                        String.class);
    }

    /// The values of an event, in the order of the fields.
    Object[] event() {
        long number = chance(50) ? random.nextInt(8) - 3 : random.nextLong();
        int small = chance(70) ? random.nextInt(8) - 3 : random.nextInt();
        char character = (char) (chance(70) ? random.nextInt(4) : random.nextInt(1 << 16));
        double real = chance(80) ? Double.parseDouble(one(REALS)) : Double.NaN;
        float other = chance(80) ? Float.parseFloat(one(REALS)) : random.nextFloat();
        return new Object[] {number, small, character, real, other, one(TEXTS), one(TEXTS)};
    }

    String expression() {
        return truth(4);
    }

    /// Something that `&&` takes.
    private String truth(int depth) {
        if (depth == 0 || chance(15)) {
            return comparison(0, true);
        }
        return switch (random.nextInt(6)) {
            case 0, 1 -> "(" + truth(depth - 1) + " && " + truth(depth - 1) + ")";
            case 2, 3 -> "(" + truth(depth - 1) + " || " + truth(depth - 1) + ")";
            case 4 -> "!(" + truth(depth - 1) + ")";
            default -> comparison(depth - 1, true);
        };
    }

    /// @param mayBeReal not as an operand of `& | ^ << >>`, where LTTng-UST mixes kinds up, too
    private String comparison(int depth, boolean mayBeReal) {
        String equal = chance(50) ? " == " : " != ";
        if (chance(25)) {
            String literal = "\"" + one(PATTERNS) + "\"";
            String field = chance(98) ? one(List.of("s", "t")) : one(FIELDS);
            String other = chance(70) ? literal : one(List.of("s", "t"));
            return chance(80) || !other.equals(literal)
                    ? field + equal + other
                    : other + equal + field;
        }
        String operator = chance(40) ? equal : one(List.of(" < ", " <= ", " > ", " >= "));
        if (mayBeReal && chance(25)) {
            String right = chance(50) ? real(0) : one(chance(70) ? List.of("l", "i") : NUMBERS);
            return "(" + real(depth) + operator + right + ")";
        }
        return "(" + integer(depth) + operator + integer(depth) + ")";
    }

    private String real(int depth) {
        String value = chance(60) ? one(List.of("d", "f")) : one(REALS);
        return depth > 0 && chance(20) ? "-" + "(" + value + ")" : value;
    }

    private String integer(int depth) {
        if (depth <= 0 || chance(30)) {
            return chance(60) ? one(List.of("l", "i", "c")) : one(NUMBERS);
        }
        return switch (random.nextInt(6)) {
            case 0 -> one(List.of("-", "+", "~")) + "(" + integer(depth - 1) + ")";
            case 1, 2, 3 ->
                    "("
                            + integer(depth - 1)
                            + one(List.of(" & ", " | ", " ^ "))
                            + integer(depth - 1)
                            + ")";
            case 4 ->
                    "("
                            + integer(depth - 1)
                            + one(List.of(" << ", " >> "))
                            + (chance(70) ? random.nextInt(64) : integer(depth - 1))
                            + ")";
            default -> chance(95) ? "(" + comparison(depth - 1, false) + ")" : "nosuch";
        };
    }

    /// So many, none twice.
    List<String> expressions(int count) {
        return java.util.stream.Stream.generate(this::expression)
                .distinct()
                .limit(count)
                .collect(Collectors.toList());
    }
}
