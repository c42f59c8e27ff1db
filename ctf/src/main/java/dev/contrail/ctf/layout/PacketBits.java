// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.layout;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads bit arrays at any bit of a packet (`ctf.md` section 2.1).
public final class PacketBits {
    private PacketBits() {}

    /// Reads `count` bits, 1 to 64, unsigned. The caller has checked that they lie in the buffer.
    ///
    /// @param bytes little-endian
    public static long read(ByteBuffer bytes, long position, int count, boolean isBigEndian) {
        int first = (int) (position >>> 3);
        int shift = (int) (position & 7);
        if (shift == 0) {
            switch (count) {
                case 8 -> {
                    return bytes.get(first) & 0xFFL;
                }
                case 16 -> {
                    short value = bytes.getShort(first);
                    return (isBigEndian ? Short.reverseBytes(value) : value) & 0xFFFFL;
                }
                case 32 -> {
                    int value = bytes.getInt(first);
                    return (isBigEndian ? Integer.reverseBytes(value) : value) & 0xFFFFFFFFL;
                }
                case 64 -> {
                    long value = bytes.getLong(first);
                    return isBigEndian ? Long.reverseBytes(value) : value;
                }
                default -> {}
            }
        }
        return isBigEndian ? big(bytes, first, shift, count) : little(bytes, first, shift, count);
    }

    private static long little(ByteBuffer bytes, int first, int shift, int count) {
        int used = shift + count + 7 >>> 3;
        long value = 0;
        for (int i = Math.min(used, 8) - 1; i >= 0; i--) {
            value = value << 8 | bytes.get(first + i) & 0xFFL;
        }
        value >>>= shift;
        if (used > 8) {
            value |= (bytes.get(first + 8) & 0xFFL) << 64 - shift;
        }
        return value & mask(count);
    }

    private static long big(ByteBuffer bytes, int first, int shift, int count) {
        int used = shift + count + 7 >>> 3;
        int unused = used * 8 - shift - count;
        long value = 0;
        for (int i = 0; i < Math.min(used, 8); i++) {
            value = value << 8 | bytes.get(first + i) & 0xFFL;
        }
        if (used > 8) {
            value = value << 8 - unused | (bytes.get(first + 8) & 0xFFL) >>> unused;
        } else {
            value >>>= unused;
        }
        return value & mask(count);
    }

    public static long mask(int count) {
        return count == 64 ? -1L : (1L << count) - 1;
    }

    /// The clock after a field of `size` bits holding `low` (`ctf.md` section 8).
    public static long advanced(long clock, long low, int size) {
        if (size == 64) {
            return low;
        }
        long mask = mask(size);
        long next = clock & ~mask | low;
        return low < (clock & mask) ? next + mask + 1 : next;
    }

    /// A buffer as [#read] needs it.
    static ByteBuffer littleEndian(ByteBuffer bytes) {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
}
