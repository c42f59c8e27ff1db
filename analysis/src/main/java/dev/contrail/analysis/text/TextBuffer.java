// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes of text on their way out; grows with the longest line, writes by the block.
public final class TextBuffer {
    private static final int BLOCK_BYTES = 1 << 16;
    private static final char MAX_ASCII = 127;

    /// Bytes that [#addEscaped] does not leave as they are.
    private static final boolean[] IS_SPECIAL = special();

    /// The numbers 00 to 99.
    private static final byte[] PAIRS = pairs();

    private final byte[] digits = new byte[64];
    private byte[] bytes = new byte[BLOCK_BYTES * 2];
    private int length;

    /// Text as the bytes that are written.
    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Writes everything when a block is full.
    public void flushBlock(OutputStream out) throws IOException {
        if (length >= BLOCK_BYTES) {
            flush(out);
        }
    }

    /// Writes everything.
    public void flush(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
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

    /// Text that need not be ASCII; no object is made for what is.
    public TextBuffer add(String text) {
        int count = text.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            char next = text.charAt(i);
            if (next > MAX_ASCII) {
                return add(text.substring(i).getBytes(StandardCharsets.UTF_8));
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
        if (value < 0) {
            add('-');
            return addUnsigned(-value); // of the smallest value, too, as an unsigned number
        }
        return addUnsigned(value);
    }

    /// An unsigned number in decimal.
    public TextBuffer addUnsigned(long value) {
        long rest = value;
        int last = -1;
        if (rest < 0) { // one digit less makes it positive
            last = (int) Long.remainderUnsigned(rest, 10);
            rest = Long.divideUnsigned(rest, 10);
        }
        int count = digits(rest);
        reserve(count + 1);
        putDigits(rest, count);
        if (last >= 0) {
            bytes[length++] = (byte) ('0' + last);
        }
        return this;
    }

    /// A number with leading zeros.
    TextBuffer addPadded(long value, int width) {
        if (value < 0) {
            int count = Long.toUnsignedString(value).length();
            for (int i = count; i < width; i++) {
                add('0');
            }
            return addUnsigned(value);
        }
        int count = Math.max(width, digits(value));
        reserve(count);
        putDigits(value, count);
        return this;
    }

    /// How many digits a number has that is not negative.
    private static int digits(long value) {
        int count = 1;
        for (long limit = 10; value >= limit; limit *= 10) {
            count++;
            if (count == 19) {
                break;
            }
        }
        return count;
    }

    /// Writes the last `count` digits of a number that is not negative, two at a time.
    private void putDigits(long value, int count) {
        int at = length + count;
        length = at;
        long rest = value;
        int left = count;
        while (left >= 2) {
            int pair = (int) (rest % 100) * 2;
            rest /= 100;
            at -= 2;
            bytes[at] = PAIRS[pair];
            bytes[at + 1] = PAIRS[pair + 1];
            left -= 2;
        }
        if (left == 1) {
            bytes[at - 1] = (byte) ('0' + rest % 10);
        }
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
    TextBuffer addQuoted(ByteBuffer packet, int start, int count) {
        reserve(count * 4 + 2);
        add('"');
        int begin = length;
        packet.get(start, bytes, begin, count);
        for (int i = 0; i < count; i++) {
            if (IS_SPECIAL[bytes[begin + i] & 0xFF]) {
                length = begin + i;
                for (int k = start + i; k < start + count; k++) {
                    addEscaped(packet.get(k));
                }
                return add('"');
            }
        }
        length = begin + count;
        return add('"');
    }

    TextBuffer addQuoted(byte[] text) {
        return addQuoted(ByteBuffer.wrap(text), 0, text.length);
    }

    private static byte[] pairs() {
        byte[] pairs = new byte[200];
        for (int i = 0; i < 100; i++) {
            pairs[2 * i] = (byte) ('0' + i / 10);
            pairs[2 * i + 1] = (byte) ('0' + i % 10);
        }
        return pairs;
    }

    private static boolean[] special() {
        boolean[] special = new boolean[256];
        Arrays.fill(special, 0, ' ', true);
        for (char c : new char[] {'\\', '\'', '"', '?', 127}) {
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

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
