// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacketBitsPropertyTest {
    private static final int BYTES = 24;

    /// The reference reads bit by bit, as the specification words it.
    private static long reference(byte[] bytes, int position, int count, boolean isBigEndian) {
        BigInteger value = BigInteger.ZERO;
        for (int i = 0; i < count; i++) {
            int at = position + i;
            int inByte = isBigEndian ? 7 - at % 8 : at % 8;
            if ((bytes[at / 8] >> inByte & 1) != 0) {
                value = value.setBit(isBigEndian ? count - 1 - i : i);
            }
        }
        return value.longValue();
    }

    @Test
    void readsEverySizeAtEveryPositionInBothByteOrders() {
        long seed = System.nanoTime();
        byte[] bytes = new byte[BYTES];
        new Random(seed).nextBytes(bytes);
        ByteBuffer buffer = PacketBits.littleEndian(ByteBuffer.wrap(bytes));
        for (int count = 1; count <= 64; count++) {
            for (int position = 0; position <= BYTES * 8 - count; position++) {
                for (boolean isBigEndian : new boolean[] {false, true}) {
                    assertThat(PacketBits.read(buffer, position, count, isBigEndian))
                            .as("seed %d: %d bits at %d", seed, count, position)
                            .isEqualTo(reference(bytes, position, count, isBigEndian));
                }
            }
        }
    }
}
