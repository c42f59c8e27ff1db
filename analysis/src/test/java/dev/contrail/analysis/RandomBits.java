// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.util.Arrays;
import java.util.Random;

/// Writes a packet bit by bit, as `ctf.md` section 2.1 words it, with random padding.
final class RandomBits {
    private final Random random;
    private byte[] bytes = new byte[256];
    private int position;
    private boolean wasBig;

    RandomBits(Random random, boolean isBigEndian) {
        this.random = random;
        wasBig = isBigEndian;
    }

    Random random() {
        return random;
    }

    int position() {
        return position;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, position + 7 >> 3);
    }

    RandomBits align(int bits) {
        while (position % bits != 0) {
            put(random.nextInt(2), 1, wasBig);
        }
        return this;
    }

    /// Bytes of text without a zero: letters, and what must be escaped or is no UTF-8.
    void text(int length) {
        for (int i = 0; i < length; i++) {
            int any = random.nextInt(4) == 0 ? 1 + random.nextInt(255) : 'a' + random.nextInt(26);
            put(random.nextInt(12) == 0 ? "\"\\?'%\n".charAt(random.nextInt(6)) : any, 8, false);
        }
    }

    void put(long value, int bits, boolean isBig) {
        wasBig = isBig;
        for (int i = 0; i < bits; i++) {
            bit(position++, value >>> (isBig ? bits - 1 - i : i) & 1, isBig);
        }
    }

    /// Writes a number again where it was.
    void putAt(int at, long value, int bits, boolean isBig) {
        for (int i = 0; i < bits; i++) {
            bit(at + i, value >>> (isBig ? bits - 1 - i : i) & 1, isBig);
        }
    }

    private void bit(int at, long value, boolean isBig) {
        int index = at >> 3;
        if (index == bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        int mask = 1 << (isBig ? 7 - (at & 7) : at & 7);
        bytes[index] = (byte) (value != 0 ? bytes[index] | mask : bytes[index] & ~mask);
    }
}
