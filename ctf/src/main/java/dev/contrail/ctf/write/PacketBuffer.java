// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.write;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A packet that is being written, bit by bit (`ctf.md` section 2.1). Bits not written are 0.
final class PacketBuffer {
    private static final int FIRST_BYTES = 4096;
    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BIG_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes = new byte[FIRST_BYTES];
    private long position;
    private boolean wasBigEndian;

    private long markPosition;
    private byte markByte;
    private boolean markWasBigEndian;

    /// Bits written.
    long position() {
        return position;
    }

    /// Whether a field may begin here: the byte order must not change inside a byte.
    boolean accepts(boolean isBigEndian) {
        return (position & 7) == 0 || wasBigEndian == isBigEndian;
    }

    void clear() {
        Arrays.fill(bytes, 0, (int) Math.min(bytes.length, (position >>> 3) + 1), (byte) 0);
        position = 0;
    }

    /// Keeps the position for [#rollBack].
    void mark() {
        reserve(1);
        markPosition = position;
        markByte = bytes[(int) (position >>> 3)];
        markWasBigEndian = wasBigEndian;
    }

    /// Takes back what was written since [#mark].
    void rollBack() {
        int first = (int) (markPosition >>> 3);
        Arrays.fill(bytes, first, (int) Math.min(bytes.length, (position + 7) / 8 + 1), (byte) 0);
        bytes[first] = markByte;
        position = markPosition;
        wasBigEndian = markWasBigEndian;
    }

    void align(int bits) {
        position = position + bits - 1 & -(long) bits;
        reserve(0);
    }

    /// Writes the low `count` bits of a value, 1 to 64. The caller has aligned and [#accepts].
    void put(long value, int count, boolean isBigEndian) {
        reserve(64); // bits after the value are 0 whether they are written or not
        wasBigEndian = isBigEndian;
        if (((position | count) & 7) == 0) {
            int index = (int) (position >>> 3);
            if (isBigEndian) {
                BIG_ENDIAN.set(bytes, index, value << 64 - count);
            } else {
                LITTLE_ENDIAN.set(bytes, index, value & -1L >>> 64 - count);
            }
            position += count;
            return;
        }
        int left = count;
        while (left > 0) {
            int inByte = (int) (position & 7);
            int taken = Math.min(8 - inByte, left);
            long part = isBigEndian ? value >>> left - taken : value >>> count - left;
            int shift = isBigEndian ? 8 - inByte - taken : inByte;
            bytes[(int) (position >>> 3)] |= (byte) ((part & (1L << taken) - 1) << shift);
            position += taken;
            left -= taken;
        }
    }

    /// Writes whole bytes at a byte's begin.
    void put(byte[] from) {
        reserve(from.length * 8L);
        System.arraycopy(from, 0, bytes, (int) (position >>> 3), from.length);
        position += from.length * 8L;
    }

    /// Writes whole bytes of a buffer at a byte's begin.
    void put(ByteBuffer from, int start, int length) {
        reserve(length * 8L);
        from.get(start, bytes, (int) (position >>> 3), length);
        position += length * 8L;
    }

    /// Leaves bytes that are 0.
    void skip(long count) {
        reserve(count * 8);
        position += count * 8;
    }

    /// Writes 64 bits, little-endian, at a byte that was left out.
    void set(int index, long value) {
        LITTLE_ENDIAN.set(bytes, index, value);
    }

    /// The packet's bytes, to its last bit.
    ByteBuffer written() {
        return ByteBuffer.wrap(bytes, 0, (int) (position + 7 >>> 3));
    }

    private void reserve(long bits) {
        long needed = (position + bits + 7 >>> 3) + 1;
        if (needed > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a packet of more than 2^31 bytes");
        }
        if (needed > bytes.length) {
            long doubled = Math.min(Integer.MAX_VALUE - 8, bytes.length * 2L);
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, doubled));
        }
    }
}
