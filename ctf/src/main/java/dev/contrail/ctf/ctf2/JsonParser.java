// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.ctf2;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.JsonValue;
import dev.contrail.ctf.Metadata;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Reads one JSON text (RFC 8259) out of a metadata file, to the letter: no comments, no trailing
/// commas, no name twice in an object, valid UTF-8, paired surrogates.
///
/// Nesting, the number of values and the length of numbers are bounded, because a few bytes of text
/// make a much larger value, and because the reader of a nested value calls itself.
final class JsonParser {
    /// Deepest nesting: a field class inside another takes three levels. A level takes up to 1 KiB
    /// of the thread's stack, which has 1 MiB.
    static final int MAX_DEPTH = 3 * Metadata.MAX_DEPTH + 20;

    /// Most values in one text: an event of 2^16 fields, each of ten properties, has fewer.
    static final int MAX_VALUES = 1 << 20;

    /// Longest number: 2^256 has 78 digits, and nothing in metadata is larger than 2^64.
    private static final int MAX_NUMBER_BYTES = 100;

    private final String where;
    private final byte[] bytes;
    private final int end;
    private int at;
    private int depth;
    private int valueCount;

    /// A parser of the bytes from `start` to `end`.
    ///
    /// @param where begins every message: the file and the fragment
    JsonParser(String where, byte[] untrusted, int start, int end) {
        this.where = where;
        this.bytes = untrusted;
        this.at = start;
        this.end = end;
    }

    /// Reads the one value that the bytes hold, and nothing besides.
    JsonValue parse() throws CtfException {
        JsonValue value = value();
        skipBlank();
        if (at < end) {
            throw wanted("the end of the fragment");
        }
        return value;
    }

    /// Whether [#parse] came to the end of the bytes: if it failed there, the text is cut.
    boolean isAtEnd() {
        return at >= end;
    }

    private JsonValue value() throws CtfException {
        skipBlank();
        if (++valueCount > MAX_VALUES) {
            throw error("more than " + MAX_VALUES + " values");
        }
        int offset = at;
        return switch (peek()) {
            case '{' -> members();
            case '[' -> elements();
            case '"' -> new JsonValue.Text(offset, text());
            case 't' -> {
                word("true");
                yield new JsonValue.Truth(offset, true);
            }
            case 'f' -> {
                word("false");
                yield new JsonValue.Truth(offset, false);
            }
            case 'n' -> {
                word("null");
                yield new JsonValue.Null(offset);
            }
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw wanted("a JSON value");
        };
    }

    private JsonValue members() throws CtfException {
        int offset = at;
        enter();
        var members = new LinkedHashMap<String, JsonValue>();
        if (!takeClosing('}')) {
            do {
                skipBlank();
                int nameOffset = at;
                if (peek() != '"') {
                    throw wanted("the name of a property");
                }
                String name = text();
                skipBlank();
                if (!take(':')) {
                    throw wanted("`:`");
                }
                if (members.putIfAbsent(name, value()) != null) {
                    at = nameOffset;
                    throw error("property `" + CtfException.shortened(name) + "` stands twice");
                }
            } while (isMore('}'));
        }
        depth--;
        return new JsonValue.Members(offset, members);
    }

    private JsonValue elements() throws CtfException {
        int offset = at;
        enter();
        List<JsonValue> elements = new ArrayList<>();
        if (!takeClosing(']')) {
            do {
                elements.add(value());
            } while (isMore(']'));
        }
        depth--;
        return new JsonValue.Elements(offset, elements);
    }

    private void enter() throws CtfException {
        if (++depth > MAX_DEPTH) {
            throw error("nested more than " + MAX_DEPTH + " deep");
        }
        at++;
    }

    private boolean takeClosing(char closing) {
        skipBlank();
        return take(closing);
    }

    private boolean isMore(char closing) throws CtfException {
        skipBlank();
        if (take(',')) {
            return true;
        }
        if (take(closing)) {
            return false;
        }
        throw wanted("`,` or `" + closing + "`");
    }

    private String text() throws CtfException {
        var text = new StringBuilder();
        at++;
        while (true) {
            int plain = at;
            while (at < end && bytes[at] != '"' && bytes[at] != '\\' && (bytes[at] & 0xE0) != 0) {
                at++;
            }
            text.append(decoded(plain));
            if (take('"')) {
                return text.toString();
            }
            if (!take('\\')) {
                throw wanted("`\"` at the end of the text"); // a control character, or nothing more
            }
            escape(text);
        }
    }

    private String decoded(int start) throws CtfException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, at - start))
                    .toString();
        } catch (CharacterCodingException _) {
            at = start;
            throw error("text that is not UTF-8");
        }
    }

    private void escape(StringBuilder text) throws CtfException {
        int letter = peek();
        at++;
        switch (letter) {
            case '"', '\\', '/' -> text.append((char) letter);
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'u' -> {
                int start = at;
                char unit = codeUnit();
                text.append(unit);
                if (Character.isHighSurrogate(unit) && take('\\') && take('u')) {
                    char low = codeUnit();
                    text.append(low);
                    if (Character.isLowSurrogate(low)) {
                        return;
                    }
                }
                if (Character.isSurrogate(unit)) {
                    at = start;
                    throw error("half of a surrogate pair");
                }
            }
            default -> {
                at--;
                throw wanted("one of `\"\\/bfnrtu` after `\\`");
            }
        }
    }

    private char codeUnit() throws CtfException {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw wanted("four hexadecimal digits");
            }
            unit = unit << 4 | digit;
            at++;
        }
        return (char) unit;
    }

    private JsonValue number() throws CtfException {
        int start = at;
        take('-');
        if (!take('0') && digits() == 0) {
            throw wanted("a digit");
        }
        boolean isReal = false;
        if (take('.')) {
            isReal = true;
            if (digits() == 0) {
                throw wanted("a digit");
            }
        }
        if (peek() == 'e' || peek() == 'E') {
            isReal = true;
            at++;
            if (!take('+')) {
                take('-');
            }
            if (digits() == 0) {
                throw wanted("a digit");
            }
        }
        if (at - start > MAX_NUMBER_BYTES) {
            throw error("a number of more than " + MAX_NUMBER_BYTES + " characters");
        }
        String text = new String(bytes, start, at - start, StandardCharsets.US_ASCII);
        if (!isReal) {
            return new JsonValue.Whole(start, new BigInteger(text));
        }
        double real = Double.parseDouble(text);
        if (Double.isInfinite(real)) {
            throw error("a number that is too large");
        }
        return new JsonValue.Real(start, real);
    }

    private int digits() {
        int start = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at - start;
    }

    private void word(String word) throws CtfException {
        for (int i = 0; i < word.length(); i++) {
            if (!take(word.charAt(i))) {
                throw wanted("`" + word + "`");
            }
        }
    }

    private void skipBlank() {
        while (at < end
                && (bytes[at] == ' '
                        || bytes[at] == '\n'
                        || bytes[at] == '\r'
                        || bytes[at] == '\t')) {
            at++;
        }
    }

    private boolean take(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    /// The next byte, 0 at the end, which is no character of JSON.
    private int peek() {
        return at < end ? bytes[at] & 0xFF : 0;
    }

    private CtfException wanted(String what) {
        String found =
                at >= end
                        ? "the end"
                        : peek() > ' ' && peek() < 0x7F
                                ? "`" + (char) peek() + "`"
                                : "byte 0x%02x".formatted(peek());
        return error("found " + found + ", want " + what);
    }

    private CtfException error(String what) {
        return new CtfException(where + ", byte " + at, what);
    }
}
