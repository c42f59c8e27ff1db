// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeldBytesTest {
    private static byte[] written(HeldBytes held, long from, long to) throws IOException {
        var out = new ByteArrayOutputStream();
        held.writeTo(out, from, to);
        return out.toByteArray();
    }

    @Test
    void givesAnyStretchOfWhatItHoldsAlsoWhenUsedAgain() throws IOException {
        var random = new Random(1);
        var held = new HeldBytes();
        for (int size : new int[] {3 << 20, 0, 1 << 20, (5 << 20) + 1}) {
            byte[] all = new byte[size];
            random.nextBytes(all);
            held.reset();
            for (int at = 0; at < size; ) {
                int count = Math.min(size - at, 1 + random.nextInt(100_000));
                held.write(all, at, count);
                at += count;
            }
            assertThat(held.length()).isEqualTo(size);
            assertThat(written(held, 0, size)).isEqualTo(all);
            int from = size / 3;
            assertThat(written(held, from, size)).isEqualTo(Arrays.copyOfRange(all, from, size));
            assertThat(written(held, 0, from)).isEqualTo(Arrays.copyOf(all, from));
        }
    }
}
