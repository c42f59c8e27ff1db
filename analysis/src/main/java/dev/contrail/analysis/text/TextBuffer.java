// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import dev.contrail.ctf.Utf8;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Bytes of text on their way out; grows with the longest line, writes by the block.
public final class TextBuffer {
    private static final int BLOCK_BYTES = 1 << 16;

    /// Bytes that one becomes at most when it is escaped.
    private static final int MOST_ESCAPED = 4;

    /// Bytes for which room is made at once, as if all had to be escaped.
    private static final int ESCAPED_AT_ONCE = 1 << 16;

    private static final char MAX_ASCII = 127;
    private static final char DELETE = 127;

    /// One in each byte of a word.
    private static final long ONES = 0x0101_0101_0101_0101L;

    /// Bytes that [#addEscaped] does not leave as they are.
    private static final boolean[] IS_SPECIAL = special();

    /// The largest power of ten that 64 bits hold.
    private static final long LARGEST_POWER = -8_446_744_073_709_551_616L; // unsigned: 10^19

    private final byte[] digits = new byte[64];

    // Package-private: a line writes its steps without a call for each.

    byte[] bytes = new byte[BLOCK_BYTES * 2];
    int length;

    /// Text as the bytes that are written.
    static byte[] utf8(String text) {
        return Utf8.bytes(text);
    }

    /// Writes everything when a block is full.
    public void flushBlock(OutputStream out) throws IOException {
        if (length >= BLOCK_BYTES) {
            flush(out);
        }
    }

    /// Writes everything.
    public void flush(OutputStream out) throws IOException {
        if (length > 0) {
            out.write(bytes, 0, length);
        }
        length = 0;
    }

    /// A copy of what was added since the last flush.
    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }

    /// Bytes as they are.
    public TextBuffer add(byte[] text) {
        reserve(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    /// Text that many lines have.
    TextBuffer add(FixedText text) {
        reserve(text.length);
        length = text.write(bytes, length);
        return this;
    }

    /// Text that need not be ASCII; no object is made for what is.
    public TextBuffer add(String text) {
        int count = text.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            char next = text.charAt(i);
            if (next > MAX_ASCII) {
                return add(utf8(text.substring(i)));
            }
            bytes[length++] = (byte) next;
        }
        return this;
    }

    /// Bytes of a packet as they are.
    public TextBuffer add(ByteBuffer packet, int start, int count) {
        reserve(count);
        packet.get(start, bytes, length, count);
        length += count;
        return this;
    }

    /// One ASCII character.
    public TextBuffer add(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /// A number in decimal.
    public TextBuffer addSigned(long value) {
        reserve(1 + Digits.MOST);
        length = Digits.signed(bytes, length, value);
        return this;
    }

    /// An unsigned number in decimal.
    public TextBuffer addUnsigned(long value) {
        reserve(Digits.MOST);
        length = Digits.unsigned(bytes, length, value);
        return this;
    }

    /// A number of at most nine digits, with leading zeros: nanoseconds of a second.
    TextBuffer addNine(long value) {
        reserve(Digits.MOST);
        length = Digits.nine(bytes, length, (int) value);
        return this;
    }

    /// Text that many lines have, and nine digits.
    TextBuffer addNine(FixedText before, long value) {
        reserve(before.length + Digits.MOST);
        length = Digits.nine(bytes, before.write(bytes, length), (int) value);
        return this;
    }

    /// A number with leading zeros.
    TextBuffer addPadded(long value, int width) {
        long limit = 10;
        int zeros = width - 1;
        while (zeros > 0 && Long.compareUnsigned(value, limit) >= 0) {
            zeros--;
            if (Long.compareUnsigned(limit, LARGEST_POWER) >= 0) {
                break;
            }
            limit *= 10;
        }
        for (int i = 0; i < zeros; i++) {
            add('0');
        }
        return addUnsigned(value);
    }

    /// Digits in base 2, 8 or 16, upper case.
    ///
    /// @param bitsPerDigit 1, 3 or 4
    TextBuffer addBits(long value, int bitsPerDigit) {
        int at = digits.length;
        long rest = value;
        do {
            digits[--at] = (byte) "0123456789ABCDEF".charAt((int) rest & (1 << bitsPerDigit) - 1);
            rest >>>= bitsPerDigit;
        } while (rest != 0);
        return addDigits(at);
    }

    private TextBuffer addDigits(int from) {
        int count = digits.length - from;
        reserve(count);
        System.arraycopy(digits, from, bytes, length, count);
        length += count;
        return this;
    }

    /// Two hexadecimal digits, lower case.
    public TextBuffer addByte(byte b) {
        return add("0123456789abcdef".charAt(b >> 4 & 15)).add("0123456789abcdef".charAt(b & 15));
    }

    /// Where the next byte goes, until the next flush.
    int length() {
        return length;
    }

    /// Puts ASCII text before what was added from `at` on.
    TextBuffer insert(int at, String ascii) {
        int count = ascii.length();
        reserve(count);
        System.arraycopy(bytes, at, bytes, at + count, length - at);
        for (int i = 0; i < count; i++) {
            bytes[at + i] = (byte) ascii.charAt(i);
        }
        length += count;
        return this;
    }

    /// A string in quotes, its special characters escaped, other bytes as they are.
    TextBuffer addQuoted(byte[] text) {
        ByteBuffer wrapped = ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN);
        return add('"').addEscaped(wrapped, 0, text.length).add('"');
    }

    /// Bytes of a little-endian packet, special characters escaped, others as they are.
    TextBuffer addEscaped(ByteBuffer packet, int start, int count) {
        int at = start;
        int left = count;
        while (left > ESCAPED_AT_ONCE) {
            addEscapedPart(packet, at, ESCAPED_AT_ONCE);
            at += ESCAPED_AT_ONCE;
            left -= ESCAPED_AT_ONCE;
        }
        return addEscapedPart(packet, at, left);
    }

    private TextBuffer addEscapedPart(ByteBuffer packet, int start, int count) {
        reserve(count * MOST_ESCAPED);
        int end = start + count;
        int at = start;
        while (at <= end - Long.BYTES) {
            long word = packet.getLong(at);
            if (hasSpecial(word)) {
                return addBytes(packet, at, end);
            }
            FixedText.WORDS.set(bytes, length, word);
            length += Long.BYTES;
            at += Long.BYTES;
        }
        if (at > packet.limit() - Long.BYTES) {
            return addBytes(packet, at, end);
        }
        // What is behind the last character is looked at as if it were a letter, and written over.
        long behind = -1L << (end - at) * Byte.SIZE;
        long last = packet.getLong(at) & ~behind | ONES * 'a' & behind;
        if (hasSpecial(last)) {
            return addBytes(packet, at, end);
        }
        FixedText.WORDS.set(bytes, length, last);
        length += end - at;
        return this;
    }

    private TextBuffer addBytes(ByteBuffer packet, int start, int end) {
        for (int at = start; at < end; at++) {
            byte next = packet.get(at);
            if (IS_SPECIAL[next & 0xFF]) {
                addEscaped(next);
            } else {
                bytes[length++] = next;
            }
        }
        return this;
    }

    /// Whether one of eight characters is special, or not ASCII, or looks so.
    private static boolean mayHaveSpecial(long word) {
        long quotes = (word ^ ONES * '"') - ONES | (word ^ ONES * '\'') - ONES;
        long others = (word ^ ONES * '\\') - ONES | (word ^ ONES * '?') - ONES;
        long ends = word - ONES * ' ' | word + ONES;
        return ((quotes | others | ends) & ONES << 7) != 0;
    }

    /// Whether one of eight characters is special.
    private static boolean hasSpecial(long word) {
        if (!mayHaveSpecial(word)) {
            return false;
        }
        long control = word - ONES * ' ' & ~word;
        long others = isIn(word, '\\') | isIn(word, '\'') | isIn(word, '"') | isIn(word, '?');
        return ((control | others | isIn(word, DELETE)) & ONES << 7) != 0;
    }

    /// The highest bit of some byte is set when one of eight is `ascii`.
    private static long isIn(long word, int ascii) {
        long zeroes = word ^ ONES * ascii;
        return zeroes - ONES & ~zeroes;
    }

    private static boolean[] special() {
        boolean[] special = new boolean[256];
        Arrays.fill(special, 0, ' ', true);
        for (char c : new char[] {'\\', '\'', '"', '?', DELETE}) {
            special[c] = true;
        }
        return special;
    }

    private void addEscaped(byte b) {
        switch (b) {
            case '\\', '\'', '"', '?' -> add('\\').add((char) b);
            case 0 -> add('\\').add('0');
            case 7 -> add('\\').add('a');
            case 8 -> add('\\').add('b');
            case 27 -> add('\\').add('e');
            case 12 -> add('\\').add('f');
            case 10 -> add('\\').add('n');
            case 13 -> add('\\').add('r');
            case 9 -> add('\\').add('t');
            case 11 -> add('\\').add('v');
            default -> {
                if (b >= 0 && b < ' ' || b == 127) {
                    add('\\').add('x').addByte(b);
                } else {
                    bytes[length++] = b;
                }
            }
        }
    }

    /// Makes room, and for a word more: the last one that is written need not be full.
    void reserve(int more) {
        if (bytes.length - length - Long.BYTES < more) {
            long wanted = Math.max(bytes.length * 2L, (long) length + more + Long.BYTES);
            // Longer than an array can be: an OutOfMemoryError says so.
            bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE));
        }
    }
}
