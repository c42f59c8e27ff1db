// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import dev.contrail.ctf.FieldClass.VariableIntegerClass;
import dev.contrail.ctf.layout.PacketBits;
import java.nio.ByteBuffer;

/// What generated decoders call: reads of a packet's bytes at a byte offset. Every read is checked
/// against the packet's end by the buffer itself; `end` is the content's.
///
/// Buffers are little-endian, which generated code relies on. Their reads take the compiler a
/// fraction of the time that a memory segment's do, and there is one of them for every field.
final class PacketReads {
    /// For finding a zero byte in a word: `word - ONES & ~word & ONES << 7` is not zero, and its
    /// lowest bit is in the first zero byte.
    static final long ONES = 0x0101_0101_0101_0101L;

    private PacketReads() {}

    static long u8(ByteBuffer bytes, int at) {
        return bytes.get(at) & 0xFFL;
    }

    static long u16(ByteBuffer bytes, int at) {
        return bytes.getShort(at) & 0xFFFFL;
    }

    static long u32(ByteBuffer bytes, int at) {
        return bytes.getInt(at) & 0xFFFF_FFFFL;
    }

    static long s8(ByteBuffer bytes, int at) {
        return bytes.get(at);
    }

    static long s16(ByteBuffer bytes, int at) {
        return bytes.getShort(at);
    }

    static long s32(ByteBuffer bytes, int at) {
        return bytes.getInt(at);
    }

    static long s64(ByteBuffer bytes, int at) {
        return bytes.getLong(at);
    }

    static long u16be(ByteBuffer bytes, int at) {
        return Short.reverseBytes(bytes.getShort(at)) & 0xFFFFL;
    }

    static long u32be(ByteBuffer bytes, int at) {
        return Integer.reverseBytes(bytes.getInt(at)) & 0xFFFF_FFFFL;
    }

    static long s16be(ByteBuffer bytes, int at) {
        return Short.reverseBytes(bytes.getShort(at));
    }

    static long s32be(ByteBuffer bytes, int at) {
        return Integer.reverseBytes(bytes.getInt(at));
    }

    static long s64be(ByteBuffer bytes, int at) {
        return Long.reverseBytes(bytes.getLong(at));
    }

    static long u24(ByteBuffer bytes, int at) {
        return u16(bytes, at) | u8(bytes, at + 2) << 16;
    }

    static long u40(ByteBuffer bytes, int at) {
        return u32(bytes, at) | u8(bytes, at + 4) << 32;
    }

    static long u48(ByteBuffer bytes, int at) {
        return u32(bytes, at) | u16(bytes, at + 4) << 32;
    }

    static long u56(ByteBuffer bytes, int at) {
        return u48(bytes, at) | u8(bytes, at + 6) << 48;
    }

    /// Bits of any size, place and order.
    static long bits(ByteBuffer bytes, int at, int shift, int bitCount, boolean isBigEndian) {
        int used = shift + bitCount + 7 >>> 3;
        long value = 0;
        if (isBigEndian) {
            int unused = used * 8 - shift - bitCount;
            for (int i = 0; i < Math.min(used, 8); i++) {
                value = value << 8 | u8(bytes, at + i);
            }
            value =
                    used > 8
                            ? value << 8 - unused | u8(bytes, at + 8) >>> unused
                            : value >>> unused;
        } else {
            for (int i = Math.min(used, 8) - 1; i >= 0; i--) {
                value = value << 8 | u8(bytes, at + i);
            }
            value >>>= shift;
            if (used > 8) {
                value |= u8(bytes, at + 8) << 64 - shift;
            }
        }
        return value & PacketBits.mask(bitCount);
    }

    /// How many bytes a variable-length integer takes; -1 when it has more than 64 bits or no end.
    static int lebBytes(ByteBuffer bytes, int at, int end, boolean isSigned) {
        for (int i = 0; i < VariableIntegerClass.MAX_BYTES && at + i < end; i++) {
            long part = s8(bytes, at + i);
            if (part >= 0) {
                boolean fits =
                        i < VariableIntegerClass.MAX_BYTES - 1
                                || part == 0
                                || part == (isSigned ? 0x7F : 1);
                return fits ? i + 1 : -1;
            }
        }
        return -1;
    }

    /// The value of a variable-length integer of that many bytes.
    static long leb(ByteBuffer bytes, int at, int byteCount, boolean isSigned) {
        long value = 0;
        for (int i = 0; i < byteCount; i++) {
            value |= (u8(bytes, at + i) & 0x7F) << 7 * i;
        }
        int unused = 64 - 7 * byteCount;
        return isSigned && unused > 0 ? value << unused >> unused : value;
    }

    /// Where the first byte of zero is before `end`; -1 when there is none.
    static int zero(ByteBuffer bytes, int from, int end) {
        int at = from;
        while (at <= end - 8) {
            long word = s64(bytes, at);
            long zeros = word - ONES & ~word & ONES << 7;
            if (zeros != 0) {
                return at + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
            at += 8;
        }
        while (at < end) {
            if (s8(bytes, at) == 0) {
                return at;
            }
            at++;
        }
        return -1;
    }

    /// Where the first code unit of zero is before `end`; -1 when there is none.
    static int zero(ByteBuffer bytes, int from, int end, int unitBytes) {
        for (int at = from; at <= end - unitBytes; at += unitBytes) {
            boolean isZero =
                    unitBytes == 1
                            ? s8(bytes, at) == 0
                            : unitBytes == 2 ? s16(bytes, at) == 0 : s32(bytes, at) == 0;
            if (isZero) {
                return at;
            }
        }
        return -1;
    }

    /// Bytes of text up to the first code unit of zero or to all of `length`, whole units.
    static int textBytes(ByteBuffer bytes, int from, int length, int unitBytes) {
        int end = from + length;
        int zero = unitBytes == 1 ? zero(bytes, from, end) : zero(bytes, from, end, unitBytes);
        return zero < 0 ? length : zero - from;
    }

    /// Reads `count` integers of whole bytes into slots.
    ///
    /// @param sizeBytes 1, 2, 4 or 8
    static void elements(
            ByteBuffer bytes,
            int at,
            long[] slots,
            int slot,
            int count,
            int sizeBytes,
            boolean isSigned,
            boolean isBigEndian) {
        int unused = 64 - 8 * sizeBytes;
        for (int i = 0; i < count; i++) {
            int from = at + i * sizeBytes;
            long value =
                    switch (sizeBytes) {
                        case 1 -> u8(bytes, from);
                        case 2 -> isBigEndian ? u16be(bytes, from) : u16(bytes, from);
                        case 4 -> isBigEndian ? u32be(bytes, from) : u32(bytes, from);
                        default -> isBigEndian ? s64be(bytes, from) : s64(bytes, from);
                    };
            slots[slot + i] = isSigned ? value << unused >> unused : value;
        }
    }
}
