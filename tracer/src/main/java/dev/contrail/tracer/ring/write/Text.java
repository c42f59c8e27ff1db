// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.contrail.tracer.ring.Layout;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Writes strings into records: UTF-8, ended by a zero byte; `null` as `null`.
///
/// Public because generated event classes call it; not for anybody else. Plain ASCII without zeros,
/// which is nearly every string, goes straight into the ring. All else is encoded on the heap
/// before the record is begun.
public final class Text {
    /// What an event's payload may reserve by upper bounds: it fits every block. An event whose
    /// strings might take more, some 1,100 characters in all, is encoded first, so that its exact
    /// size decides: then the bound is the channel's block.
    public static final int ROOM_LIMIT =
            Layout.MIN_BLOCK - Layout.ROOM - Layout.RECORD_HEADER - EventContext.MAX_BYTES;

    /// Stores may write up to this many bytes after the zero byte.
    private static final int SLACK = 8;

    /// Strings of more characters are copied in bulk.
    private static final int PACKED = 16;

    /// No packed word of ASCII has a high bit.
    private static final long NOT_PLAIN = -1;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

    private Text() {}

    /// An upper bound of what [#put] writes.
    public static int room(String text) {
        int length = text == null ? 4 : Math.min(text.length(), ROOM_LIMIT); // a sum stays an int
        return 3 * length + 1 + SLACK;
    }

    /// What [#put(int, byte[])] writes.
    public static int room(byte[] encoded) {
        return encoded.length + 1;
    }

    /// Writes `text` at `at`, inside the [#room] that was checked.
    ///
    /// @return the position after it, or -1 when it needs [#encode]
    public static int put(int at, String text) {
        if (text == null) {
            Memory.putLong(at, 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24);
            return at + 5;
        }
        int length = text.length();
        if (length < 8) {
            return putTail(at, text, 0);
        }
        return length <= PACKED ? putShort(at, text, length) : Memory.putLongString(at, text);
    }

    private static int putShort(int at, String text, int length) {
        long word = pack8(text, 0);
        if (word == NOT_PLAIN) {
            return -1;
        }
        Memory.putLong(at, word);
        if (length < PACKED) {
            return putTail(at + 8, text, 8);
        }
        word = pack8(text, 8);
        if (word == NOT_PLAIN) {
            return -1;
        }
        Memory.putLong(at + 8, word);
        Memory.putByte(at + PACKED, (byte) 0);
        return at + PACKED + 1;
    }

    /// Writes as much of `text` as fits, in whole characters, and the zero byte. Allocates nothing,
    /// whichever characters there are; a zero among them becomes U+FFFD.
    ///
    /// @param most how many bytes may be written, at least one
    /// @return the position after it
    public static int putCut(int at, String text, int most) {
        int limit = at + most - 1;
        int next = at;
        for (int i = 0; i < text.length(); i++) {
            int c = text.charAt(i);
            if (Character.isHighSurrogate((char) c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                c = Character.toCodePoint((char) c, text.charAt(++i));
            } else if (c == 0 || Character.isSurrogate((char) c)) {
                c = 0xfffd;
            }
            int length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (next + length > limit) {
                break;
            }
            putCharacter(next, c, length);
            next += length;
        }
        Memory.putByte(next, (byte) 0);
        return next + 1;
    }

    private static void putCharacter(int at, int c, int length) {
        if (length == 1) {
            Memory.putByte(at, (byte) c);
            return;
        }
        int first = 0xf00 >> length & 0xff; // as many ones as bytes
        Memory.putByte(at, (byte) (first | c >> 6 * (length - 1)));
        for (int i = 1; i < length; i++) {
            Memory.putByte(at + i, (byte) (0x80 | c >> 6 * (length - 1 - i) & 0x3f));
        }
    }

    /// Eight characters from `start` as eight bytes, or [#NOT_PLAIN].
    private static long pack8(String text, int start) {
        long word = 0;
        int odd = 0;
        for (int i = 0; i < 8; i++) {
            int c = text.charAt(start + i);
            odd |= c - 1;
            word |= (long) c << (i << 3);
        }
        return isPlain(word, odd) ? word : NOT_PLAIN;
    }

    /// Writes the characters from `start` to the end, at most seven, and the zero byte. Without a
    /// loop: the compiler keeps the counters of one as short as this in memory.
    ///
    /// @return the position after it, or -1 when it needs [#encode]
    private static int putTail(int at, String text, int start) {
        int count = text.length() - start;
        int next = start;
        int shift = 0;
        int odd = 0;
        long word = 0;
        if ((count & 4) != 0) {
            int a = text.charAt(next);
            int b = text.charAt(next + 1);
            int c = text.charAt(next + 2);
            int d = text.charAt(next + 3);
            odd = a - 1 | b - 1 | c - 1 | d - 1;
            word = a | b << 8 | c << 16 | (long) d << 24;
            next += 4;
            shift = 32;
        }
        if ((count & 2) != 0) {
            int a = text.charAt(next);
            int b = text.charAt(next + 1);
            odd |= a - 1 | b - 1;
            word |= (long) (a | b << 8) << shift;
            next += 2;
            shift += 16;
        }
        if ((count & 1) != 0) {
            int a = text.charAt(next);
            odd |= a - 1;
            word |= (long) a << shift;
        }
        Memory.putLong(at, word);
        return isPlain(word, odd) ? at + count + 1 : -1;
    }

    /// Whether all characters of `word` are from 1 to 0x7f. Of each, less one, the bits are in
    /// `odd`: so zero and all beyond 0x80 show there, and 0x80 shows in the word.
    private static boolean isPlain(long word, int odd) {
        return (odd & ~0x7f | word & 0x8080808080808080L) == 0;
    }

    /// The bytes to write for any string: zeros replaced by U+FFFD. A string that takes more than
    /// `limit` bytes is cut at a character, and ends in a mark that tells its length. Allocates.
    public static byte[] encode(String text, int limit) {
        byte[] whole = encodeWhole(text, limit);
        if (whole != null) {
            return whole;
        }
        String all = String.valueOf(text);
        String head = all.substring(0, Math.min(all.length(), limit));
        return cut(bytes(head), limit, "… (" + all.length() + " characters)");
    }

    /// The same, or null when `text` takes more than `limit` bytes.
    public static byte @Nullable [] encodeWhole(String text, int limit) {
        String whole = String.valueOf(text);
        if (whole.length() > limit) {
            return null;
        }
        byte[] bytes = bytes(whole);
        return bytes.length <= limit ? bytes : null;
    }

    private static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return text.indexOf(0) >= 0 ? withoutZeros(bytes) : bytes;
    }

    private static byte[] cut(byte[] bytes, int limit, String mark) {
        byte[] end = mark.getBytes(UTF_8);
        if (end.length > limit) {
            end = new byte[0];
        }
        int size = Math.min(bytes.length, limit - end.length);
        while (size > 0 && size < bytes.length && (bytes[size] & 0xc0) == 0x80) {
            size--;
        }
        byte[] cut = Arrays.copyOf(bytes, size + end.length);
        System.arraycopy(end, 0, cut, size, end.length);
        return cut;
    }

    /// The most that each of several strings may take, so that all of them fit into `room`: those
    /// that are shorter stay whole.
    ///
    /// @param sizes changed
    public static int fairLimit(int[] sizes, int room) {
        Arrays.sort(sizes);
        int left = room;
        for (int i = 0; i < sizes.length; i++) {
            int share = left / (sizes.length - i);
            if (sizes[i] > share) {
                return Math.max(0, share);
            }
            left -= sizes[i];
        }
        return Math.max(0, room);
    }

    /// Writes what [#encode] gave.
    ///
    /// @return the position after it
    public static int put(int at, byte[] encoded) {
        int i = 0;
        for (; i <= encoded.length - 8; i += 8) {
            Memory.putLong(at + i, (long) LONG.get(encoded, i));
        }
        for (; i < encoded.length; i++) {
            Memory.putByte(at + i, encoded[i]);
        }
        Memory.putByte(at + encoded.length, (byte) 0);
        return at + encoded.length + 1;
    }

    private static byte[] withoutZeros(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 16);
        for (byte b : bytes) {
            if (b == 0) {
                out.writeBytes(REPLACEMENT);
            } else {
                out.write(b);
            }
        }
        return out.toByteArray();
    }
}
