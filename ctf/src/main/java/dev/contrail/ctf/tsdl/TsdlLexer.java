// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Utf8;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/// Cuts TSDL text into tokens, one at a time, without keeping them (`ctf.md` section 4).
final class TsdlLexer {

    enum Kind {
        /// An identifier or a keyword: only the parser can tell.
        NAME,
        INTEGER,
        TEXT,
        PUNCTUATION,
        END
    }

    /// Those of C, in any case.
    private static final Set<String> SUFFIXES =
            Set.of("", "u", "l", "ll", "ul", "ull", "lu", "llu");

    private static final BigInteger MAX_INTEGER =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    /// Digits of the longest 64-bit number, octal, with some leading zeros to spare.
    private static final int MAX_NUMBER_LENGTH = 100;

    /// Digits that are a `long` in any case.
    private static final int MAX_SHORT_LENGTH = 18;

    private static final int MAX_BLOCK_LENGTH = 200;

    /// Punctuation of one character, by it; empty for other characters.
    private static final String[] MARKS = marks();

    private final String file;
    private final String text;
    private final int end;
    private int at;
    private int line;

    private Kind kind = Kind.END;

    /// Empty while nobody has asked for a name or number: most are only passed over.
    private String value = "";

    private BigInteger number = BigInteger.ZERO;
    private int tokenStart;
    private int tokenLine;

    /// @param from where the first token may begin; `line` is the line it lies on, from 1
    /// @param end reading stops here as if the text ended
    TsdlLexer(String file, String text, int from, int line, int end) throws CtfException {
        this.file = file;
        this.text = text;
        this.at = from;
        this.line = line;
        this.end = end;
        advance();
    }

    Kind kind() {
        return kind;
    }

    /// The name, the punctuation, or the text without quotes and escapes.
    String value() {
        boolean isWord = kind == Kind.NAME || kind == Kind.INTEGER;
        if (isWord && value.isEmpty()) {
            value = text.substring(tokenStart, at);
        }
        return value;
    }

    BigInteger number() {
        return number;
    }

    int start() {
        return tokenStart;
    }

    int line() {
        return tokenLine;
    }

    /// Where the character after the token is.
    int next() {
        return at;
    }

    boolean is(String punctuation) {
        return kind == Kind.PUNCTUATION && punctuation.equals(value);
    }

    boolean isName(String name) {
        return kind == Kind.NAME
                && at - tokenStart == name.length()
                && text.startsWith(name, tokenStart);
    }

    /// Takes the punctuation if it is next.
    boolean take(String punctuation) throws CtfException {
        boolean found = is(punctuation);
        if (found) {
            advance();
        }
        return found;
    }

    boolean takeName(String name) throws CtfException {
        boolean found = isName(name);
        if (found) {
            advance();
        }
        return found;
    }

    void expect(String punctuation) throws CtfException {
        if (!take(punctuation)) {
            throw wanted("`" + punctuation + "`");
        }
    }

    String expectName(String what) throws CtfException {
        if (kind != Kind.NAME) {
            throw wanted(what);
        }
        String name = value();
        advance();
        return name;
    }

    /// The text from this token up to a character, both included, if that is near; else empty.
    String until(char last) {
        int found = text.indexOf(last, tokenStart, Math.min(end, tokenStart + MAX_BLOCK_LENGTH));
        return found < 0 ? "" : text.substring(tokenStart, found + 1);
    }

    /// Moves to the token after what [#until] gave, which has one line.
    void pass(String passed) throws CtfException {
        at = tokenStart + passed.length();
        advance();
    }

    CtfException wanted(String what) {
        String found =
                switch (kind) {
                    case NAME, PUNCTUATION -> "`" + CtfException.shortened(value()) + "`";
                    case INTEGER -> number.toString();
                    case TEXT -> "text \"" + CtfException.shortened(value) + "\"";
                    case END -> "the end";
                };
        return error("found " + found + ", want " + what);
    }

    CtfException error(String what) {
        return new CtfException(file + ": line " + tokenLine, what);
    }

    void advance() throws CtfException {
        skipBlank();
        tokenStart = at;
        tokenLine = line;
        if (at >= end) {
            kind = Kind.END;
            value = "";
            return;
        }
        char c = text.charAt(at);
        if (isNameStart(c)) {
            name();
        } else if (isDigit(c)) {
            integer();
        } else if (c == '"' || c == '\'') {
            text(c);
        } else {
            punctuation(c);
        }
    }

    private void skipBlank() throws CtfException {
        while (at < end) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                at++;
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\uFEFF') {
                at++;
            } else if (c != '/') {
                return;
            } else if (text.startsWith("//", at)) {
                int stop = text.indexOf('\n', at);
                at = stop < 0 ? end : Math.min(stop, end);
            } else if (text.startsWith("/*", at)) {
                int stop = text.indexOf("*/", at + 2);
                // an unterminated comment at the end is harmless, and peers accept it
                int next = stop < 0 ? end : Math.min(stop + 2, end);
                for (; at < next; at++) {
                    if (text.charAt(at) == '\n') {
                        line++;
                    }
                }
            } else {
                return;
            }
        }
    }

    /// A universal character name stays as it is written: babeltrace2 shows it so.
    private void name() throws CtfException {
        int from = at;
        skipWord();
        while (at < end && text.charAt(at) == '\\') {
            at++;
            char u = at < end ? text.charAt(at) : ' ';
            int digits = u == 'u' ? 4 : u == 'U' ? 8 : 0;
            if (digits == 0 || at + digits >= end) {
                throw error("a backslash in a name, want \\uXXXX or \\UXXXXXXXX");
            }
            at += digits + 1;
            skipWord();
        }
        boolean isOneL = at - from == 1 && text.charAt(from) == 'L';
        if (isOneL && at < end && text.charAt(at) == '"') {
            text('"');
        } else {
            kind = Kind.NAME;
            value = "";
        }
    }

    /// Goes on after letters, digits and underscores.
    private void skipWord() {
        int next = at;
        while (next < end && isWord(text.charAt(next))) {
            next++;
        }
        at = next;
    }

    private void integer() throws CtfException {
        kind = Kind.INTEGER;
        value = "";
        int from = at;
        long small = 0;
        while (at < end && isDigit(text.charAt(at)) && at - from < MAX_SHORT_LENGTH) {
            small = small * 10 + text.charAt(at++) - '0';
        }
        boolean isWhole = at == end || !isWord(text.charAt(at)) && text.charAt(at) != '\\';
        if (isWhole && (text.charAt(from) != '0' || at - from == 1)) {
            number = BigInteger.valueOf(small);
        } else {
            at = from;
            number = anyInteger();
        }
    }

    /// An integer with a prefix, a suffix or many digits.
    private BigInteger anyInteger() throws CtfException {
        int from = at;
        while (at < end && (isWord(text.charAt(at)) || text.charAt(at) == '\\')) {
            at++;
        }
        String word = text.substring(from, at);
        int length = word.length();
        boolean isHex = word.startsWith("0x") || word.startsWith("0X");
        while (length > 1 && "uUlL".indexOf(word.charAt(length - 1)) >= 0) {
            length--;
        }
        if (!SUFFIXES.contains(word.substring(length).toLowerCase(Locale.ROOT))) {
            throw error("suffix of the number `" + CtfException.shortened(word) + "`");
        }
        int start = isHex ? 2 : word.charAt(0) == '0' && length > 1 ? 1 : 0;
        int radix = isHex ? 16 : start == 1 ? 8 : 10;
        if (length - start > MAX_NUMBER_LENGTH) {
            throw error("a number of " + length + " digits");
        }
        BigInteger found;
        try {
            found = new BigInteger(word.substring(start, length), radix);
        } catch (NumberFormatException e) {
            throw error("found `" + CtfException.shortened(word) + "`, want a number");
        }
        if (found.compareTo(MAX_INTEGER) > 0) {
            throw error("number " + found + ", want one of 64 bits");
        }
        return found;
    }

    private void text(char quote) throws CtfException {
        kind = Kind.TEXT;
        at++;
        int close = text.indexOf(quote, at, end);
        if (close >= 0 && text.indexOf('\\', at, close) < 0 && text.indexOf('\n', at, close) < 0) {
            value = text.substring(at, close);
            at = close + 1;
            return;
        }
        var content = new ByteArrayOutputStream();
        while (true) {
            if (at >= end) {
                throw error("text without end");
            }
            char c = text.charAt(at++);
            if (c == quote) {
                break;
            }
            if (c == '\n') {
                line++;
            }
            if (c == '\\') {
                escape(content);
            } else {
                int end = Character.isHighSurrogate(c) && at < this.end ? at + 1 : at;
                content.writeBytes(Utf8.bytes(text.substring(at - 1, end)));
                at = end;
            }
        }
        value = Utf8.text(content.toByteArray());
        int nul = value.indexOf('\0');
        if (nul >= 0) {
            value = value.substring(0, nul); // where a string of C ends
        }
    }

    /// Octal and hexadecimal numbers are bytes of the text, of up to three digits.
    private void escape(ByteArrayOutputStream content) throws CtfException {
        if (at >= end) {
            throw error("text without end");
        }
        char c = text.charAt(at++);
        switch (c) {
            case 'a' -> content.write(7);
            case 'b' -> content.write('\b');
            case 'f' -> content.write('\f');
            case 'n' -> content.write('\n');
            case 'r' -> content.write('\r');
            case 't' -> content.write('\t');
            case 'v' -> content.write('\u000B');
            case '\'', '"', '?', '\\' -> content.write(c);
            case 'x' -> content.write(digits(16, 3));
            case 'u' -> content.writeBytes(character(digits(16, 4)));
            case 'U' -> content.writeBytes(character(digits(16, 8)));
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                content.write(digits(8, 3));
            }
            default -> throw error("escape `\\" + c + "` in text");
        }
    }

    private int digits(int radix, int most) throws CtfException {
        int result = 0;
        int from = at;
        while (at < end && at - from < most && Character.digit(text.charAt(at), radix) >= 0) {
            result = result * radix + Character.digit(text.charAt(at++), radix);
        }
        return result; // 0 without digits, as in babeltrace2
    }

    private byte[] character(int code) throws CtfException {
        if (!Character.isValidCodePoint(code)) {
            throw error("character U+" + Integer.toHexString(code) + " does not exist");
        }
        return Character.toString(code).getBytes(UTF_8);
    }

    private void punctuation(char c) throws CtfException {
        value = c < MARKS.length ? MARKS[c] : "";
        if (value.isEmpty()) {
            throw error("no character of TSDL: `" + (c < ' ' ? "\\" + (int) c : "" + c) + "`");
        }
        if (c == '.' && text.startsWith("...", at)) {
            value = "...";
        } else if (c == ':' && text.startsWith(":=", at)) {
            value = ":=";
        } else if (c == '-' && text.startsWith("->", at)) {
            value = "->";
        }
        at += value.length();
        kind = Kind.PUNCTUATION;
    }

    private static String[] marks() {
        String[] marks = new String[128];
        Arrays.fill(marks, "");
        for (char c : "[](){}.*+-<>:;=,".toCharArray()) {
            marks[c] = String.valueOf(c);
        }
        return marks;
    }

    private static boolean isNameStart(char c) {
        return isLetter(c) || c == '\\';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    /// Of an identifier, or of a number with its prefix and suffix.
    private static boolean isWord(char c) {
        return isLetter(c) || isDigit(c);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
