// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.FieldClass.FloatClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.FieldClass.TextClass;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads TSDL's types that have no parts, from their keyword on, and the labels of enumerations.
///
/// The kernel tracer writes every integer out, a few dozen different ones some thousand times:
/// those are read once and then told by their text.
final class TsdlLeafTypes {
    private static final int MAX_KNOWN = 1 << 10;

    private static final BigInteger MIN_SIGNED = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_SIGNED = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger MAX_UNSIGNED =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final ByteOrder nativeOrder;
    private final Set<String> clocks;

    /// Integers by the text of their blocks.
    private final Map<String, IntegerClass> integers = new HashMap<>();

    /// @param clocks names of the clocks that integers may be mapped to
    TsdlLeafTypes(ByteOrder nativeOrder, Set<String> clocks) {
        this.nativeOrder = nativeOrder;
        this.clocks = clocks;
    }

    IntegerClass integer(TsdlLexer lexer) throws CtfException {
        lexer.advance();
        String block = lexer.until('}');
        IntegerClass known = integers.get(block);
        if (known != null) {
            lexer.pass(block);
            return known;
        }
        IntegerClass read = newInteger(lexer);
        if (isPlain(block) && integers.size() < MAX_KNOWN) {
            integers.put(block, read);
        }
        return read;
    }

    /// Whether text up to a brace is a whole block on one line: its brace is not in a comment nor
    /// in quotes.
    private static boolean isPlain(String block) {
        return block.startsWith("{")
                && block.chars().allMatch(c -> c != '\n' && c != '/' && c != '"' && c != '\'');
    }

    private IntegerClass newInteger(TsdlLexer lexer) throws CtfException {
        TsdlAttributes attributes = TsdlAttributes.read(lexer, "integer");
        if (!attributes.has("size")) {
            throw lexer.error("integer without `size`");
        }
        int size = attributes.bounded("size", 0, 1, 64);
        return new IntegerClass(
                size,
                attributes.alignment(size % 8 == 0 ? 8 : 1),
                attributes.isTrue("signed"),
                order(lexer, attributes),
                attributes.base(),
                attributes.isText(),
                clock(lexer, attributes));
    }

    private String clock(TsdlLexer lexer, TsdlAttributes attributes) throws CtfException {
        String map = attributes.text("map").orElse("");
        if (map.isEmpty()) {
            return "";
        }
        String[] path = map.split("\\.", -1);
        boolean isValue =
                path[0].equals("clock")
                        && (path.length == 2 || path.length == 3 && path[2].equals("value"));
        if (!isValue) {
            throw lexer.error(
                    "`map` of integer is %s, want clock.NAME.value"
                            .formatted(CtfException.shortened(map)));
        }
        String name = path[1];
        if (!clocks.contains(name)) {
            throw lexer.error("clock `" + CtfException.shortened(name) + "` is not declared");
        }
        return name;
    }

    private ByteOrder order(TsdlLexer lexer, TsdlAttributes attributes) throws CtfException {
        String order = attributes.text("byte_order").orElse("native");
        return switch (order) {
            case "native" -> nativeOrder;
            case "le" -> ByteOrder.LITTLE_ENDIAN;
            case "be", "network" -> ByteOrder.BIG_ENDIAN;
            default -> throw lexer.error("byte order " + order + ", want le, be or native");
        };
    }

    FloatClass floatingPoint(TsdlLexer lexer) throws CtfException {
        lexer.advance();
        TsdlAttributes attributes = TsdlAttributes.read(lexer, "floating_point");
        int exponent = attributes.bounded("exp_dig", 0, 0, 100);
        int mantissa = attributes.bounded("mant_dig", 0, 0, 1000);
        int size = exponent + mantissa;
        boolean isKnown =
                exponent == 5 && mantissa == 11
                        || exponent == 8 && mantissa == 24
                        || exponent == 11 && mantissa == 53
                        || exponent == 15 && mantissa == 113;
        if (!isKnown) {
            throw lexer.error(
                    "floating_point of %d + %d bits, want 5 + 11, 8 + 24, 11 + 53 or 15 + 113"
                            .formatted(exponent, mantissa));
        }
        return new FloatClass(
                exponent,
                mantissa,
                attributes.alignment(size % 8 == 0 ? 8 : 1),
                order(lexer, attributes));
    }

    static TextClass string(TsdlLexer lexer) throws CtfException {
        lexer.advance();
        if (lexer.is("{")) {
            TsdlAttributes.read(lexer, "string").isText();
        }
        return new TextClass();
    }

    /// Reads `{ label, label = value, label = from ... to }`.
    static List<Mapping> mappings(TsdlLexer lexer, IntegerClass container) throws CtfException {
        var mappings = new ArrayList<Mapping>();
        BigInteger next = BigInteger.ZERO;
        lexer.expect("{");
        while (!lexer.take("}")) {
            String label = lexer.value();
            if (lexer.kind() != TsdlLexer.Kind.TEXT) {
                lexer.expectName("a label");
            } else {
                lexer.advance();
            }
            BigInteger lower = next;
            BigInteger upper = next;
            if (lexer.take("=")) {
                lower = TsdlAttributes.signed(lexer);
                upper = lexer.take("...") ? TsdlAttributes.signed(lexer) : lower;
            }
            if (upper.compareTo(lower) < 0) {
                throw lexer.error(
                        "label `%s` ends at %d, before its begin %d"
                                .formatted(CtfException.shortened(label), upper, lower));
            }
            next = upper.add(BigInteger.ONE);
            BigInteger least = container.isSigned() ? MIN_SIGNED : BigInteger.ZERO;
            BigInteger most = container.isSigned() ? MAX_SIGNED : MAX_UNSIGNED;
            boolean isOutside = upper.compareTo(least) < 0 || lower.compareTo(most) > 0;
            if (!isOutside) {
                lower = lower.max(least);
                upper = upper.min(most);
            } // else its 64 bits count, as in babeltrace2 2.0.4: LTTng-UST writes -7 for a u8
            mappings.add(new Mapping(label, lower.longValue(), upper.longValue()));
            if (!lexer.take(",") && !lexer.is("}")) {
                throw lexer.wanted("`,` or `}`");
            }
        }
        return mappings;
    }
}
