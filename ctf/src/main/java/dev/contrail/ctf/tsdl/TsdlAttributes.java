// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import dev.contrail.ctf.CtfException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The `name = value;` lines of one block, each once. Unknown names are allowed and ignored.
final class TsdlAttributes {

    /// What stands after the equals sign.
    sealed interface Value {
        /// An integer, its sign applied.
        record Number(BigInteger number) implements Value {}

        /// A quoted string.
        record Text(String text) implements Value {}

        /// Words such as `le`, `true` or `clock.monotonic.value`.
        record Words(String path) implements Value {}
    }

    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final Set<String> TRUE = Set.of("true", "TRUE");
    private static final Set<String> FALSE = Set.of("false", "FALSE");

    private final TsdlLexer lexer;
    private final String block;
    private final Map<String, Value> values = new HashMap<>();

    TsdlAttributes(TsdlLexer lexer, String block) {
        this.lexer = lexer;
        this.block = block;
    }

    /// Reads `{ name = value; … }`.
    static TsdlAttributes read(TsdlLexer lexer, String block) throws CtfException {
        var attributes = new TsdlAttributes(lexer, block);
        lexer.expect("{");
        while (!lexer.take("}")) {
            if (lexer.take(";")) {
                continue;
            }
            String name = name(lexer, "an attribute of " + block);
            lexer.expect("=");
            attributes.put(name);
        }
        return attributes;
    }

    /// Reads a value and the semicolon after it.
    void put(String name) throws CtfException {
        Value value = value(lexer);
        lexer.expect(";");
        if (values.putIfAbsent(name, value) != null) {
            throw lexer.error("attribute `" + name + "` of " + block + " stands twice");
        }
    }

    /// Text, words or an integer, each in any number of parentheses; before an integer also signs.
    static Value value(TsdlLexer lexer) throws CtfException {
        return unary(lexer, false);
    }

    /// An integer with any number of signs and parentheses, at least -2^63.
    static BigInteger signed(TsdlLexer lexer) throws CtfException {
        return ((Value.Number) unary(lexer, true)).number();
    }

    private static Value unary(TsdlLexer lexer, boolean isIntegerWanted) throws CtfException {
        int open = 0;
        boolean isInteger = isIntegerWanted;
        boolean isNegative = false;
        while (lexer.is("(") || lexer.is("-") || lexer.is("+")) {
            if (lexer.is("(")) {
                open++;
            } else {
                isInteger = true;
                isNegative ^= lexer.is("-");
            }
            lexer.advance();
        }
        Value value = isInteger ? integer(lexer, isNegative) : word(lexer);
        for (; open > 0; open--) {
            lexer.expect(")");
        }
        return value;
    }

    private static Value word(TsdlLexer lexer) throws CtfException {
        if (lexer.kind() == TsdlLexer.Kind.TEXT) {
            String text = lexer.value();
            lexer.advance();
            return new Value.Text(text);
        }
        if (lexer.kind() == TsdlLexer.Kind.NAME) {
            return new Value.Words(path(lexer, "a value"));
        }
        return integer(lexer, false);
    }

    private static Value.Number integer(TsdlLexer lexer, boolean isNegative) throws CtfException {
        if (lexer.kind() != TsdlLexer.Kind.INTEGER) {
            throw lexer.wanted("an integer");
        }
        BigInteger number = isNegative ? lexer.number().negate() : lexer.number();
        if (number.compareTo(MIN) < 0) {
            throw lexer.error("number " + number + ", want at least -2^63");
        }
        lexer.advance();
        return new Value.Number(number);
    }

    /// What stands before the equals sign: names joined by dots, or a string, also in parentheses.
    static String name(TsdlLexer lexer, String what) throws CtfException {
        int open = 0;
        while (lexer.take("(")) {
            open++;
        }
        String name;
        if (lexer.kind() == TsdlLexer.Kind.TEXT) {
            name = lexer.value();
            lexer.advance();
        } else {
            name = path(lexer, what);
        }
        for (; open > 0; open--) {
            lexer.expect(")");
        }
        return name;
    }

    /// Names joined by dots; `->` counts as a dot.
    static String path(TsdlLexer lexer, String what) throws CtfException {
        String first = lexer.expectName(what);
        if (!lexer.is(".") && !lexer.is("->")) {
            return first;
        }
        var path = new StringBuilder(first);
        while (lexer.take(".") || lexer.take("->")) {
            path.append('.').append(lexer.expectName("a name after the dot"));
        }
        return path.toString();
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /// The text of a string, or the word of an identifier.
    Optional<String> text(String name) throws CtfException {
        return switch (values.get(name)) {
            case null -> Optional.empty();
            case Value.Text(String text) -> Optional.of(text);
            case Value.Words(String path) -> Optional.of(path);
            case Value.Number(BigInteger number) -> throw wrong(name, number, "text");
        };
    }

    Optional<BigInteger> number(String name) throws CtfException {
        return switch (values.get(name)) {
            case null -> Optional.empty();
            case Value.Number(BigInteger number) -> Optional.of(number);
            case Value.Text(String text) -> throw wrong(name, text, "an integer");
            case Value.Words(String path) -> throw wrong(name, path, "an integer");
        };
    }

    /// A number that must not be negative, as unsigned 64 bits.
    long unsigned(String name, long otherwise) throws CtfException {
        Optional<BigInteger> number = number(name);
        if (number.isEmpty()) {
            return otherwise;
        }
        if (number.get().signum() < 0) {
            throw wrong(name, number.get(), "0 or more");
        }
        return number.get().longValue();
    }

    int bounded(String name, int otherwise, int least, int most) throws CtfException {
        BigInteger number = number(name).orElse(BigInteger.valueOf(otherwise));
        if (number.compareTo(BigInteger.valueOf(least)) < 0
                || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw wrong(name, number, least + " to " + most);
        }
        return number.intValue();
    }

    boolean isTrue(String name) throws CtfException {
        return switch (values.get(name)) {
            case null -> false;
            case Value.Number(BigInteger number) -> number.signum() != 0;
            case Value.Words(String word) -> isTrue(name, word);
            case Value.Text(String word) -> isTrue(name, word);
        };
    }

    private boolean isTrue(String name, String word) throws CtfException {
        if (!TRUE.contains(word) && !FALSE.contains(word)) {
            throw wrong(name, word, "true or false");
        }
        return TRUE.contains(word);
    }

    /// The base of an integer, by name or number.
    int base() throws CtfException {
        return switch (values.get("base")) {
            case null -> 10;
            case Value.Number(BigInteger number) when number.bitLength() < 8 ->
                    switch (number.intValue()) {
                        case 2, 8, 10, 16 -> number.intValue();
                        default -> throw wrong("base", number, "2, 8, 10 or 16");
                    };
            case Value.Words(String word) -> base(word);
            case Value.Text(String word) -> base(word);
            case Value other -> throw wrong("base", other, "2, 8, 10 or 16");
        };
    }

    private int base(String word) throws CtfException {
        return switch (word) {
            case "decimal", "dec", "d", "i", "u" -> 10;
            case "hexadecimal", "hex", "x", "X", "p" -> 16;
            case "octal", "oct", "o" -> 8;
            case "binary", "b" -> 2;
            default -> throw wrong("base", word, "2, 8, 10 or 16");
        };
    }

    /// Whether an encoding is given that makes text of bytes.
    boolean isText() throws CtfException {
        String encoding = text("encoding").orElse("none");
        return switch (encoding.toUpperCase(Locale.ROOT)) {
            case "UTF8", "UTF-8", "ASCII" -> true;
            case "NONE" -> false;
            default -> throw wrong("encoding", encoding, "UTF8, ASCII or none");
        };
    }

    /// A power of two up to 2^30, or `otherwise`.
    int alignment(int otherwise) throws CtfException {
        return alignment(lexer, number("align").orElse(BigInteger.valueOf(otherwise)));
    }

    static int alignment(TsdlLexer lexer, BigInteger number) throws CtfException {
        if (number.signum() <= 0 || number.bitLength() > 31 || number.bitCount() != 1) {
            throw lexer.error("alignment " + number + ", want a power of two up to 2^30");
        }
        return number.intValue();
    }

    private CtfException wrong(String name, Object found, String want) {
        return lexer.error(
                "`%s` of %s is %s, want %s"
                        .formatted(name, block, CtfException.shortened(found.toString()), want));
    }
}
