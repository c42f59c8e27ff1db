// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeldBytesTest {
    private static byte[] written(HeldBytes held) throws IOException {
        var out = new ByteArrayOutputStream();
        held.writeTo(out::write);
        return out.toByteArray();
    }

    @Test
    void givesWhatItHoldsAlsoWhenUsedAgain() throws IOException {
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
            assertThat(written(held)).isEqualTo(all);
        }
    }
}
