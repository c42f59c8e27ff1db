// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacketTableTest {
    private final Random random = new Random(7);

    /// Mostly one step further, as in a real stream; sometimes anything.
    private long next(long before, int oneIn) {
        return random.nextInt(oneIn) == 0 ? random.nextLong() : before + 4096;
    }

    private PacketLocation packet(long number, int oneIn) {
        return new PacketLocation(
                next(number, oneIn),
                new IndexEntry(
                        next(number, oneIn),
                        next(number, oneIn),
                        next(number, oneIn),
                        next(number, oneIn),
                        -1,
                        next(0, oneIn),
                        next(0, oneIn),
                        next(0, oneIn),
                        next(number, oneIn)));
    }

    @Test
    void holdsWhatAListHolds() {
        for (int round = 0; round < 200; round++) {
            List<PacketLocation> list = new ArrayList<>();
            var table = new PacketTable();
            int oneIn = 1 + random.nextInt(100);
            for (int i = 0; i < random.nextInt(300); i++) {
                if (!list.isEmpty() && random.nextInt(4) == 0) {
                    assertThat(table.removeLast()).isEqualTo(list.removeLast());
                } else {
                    PacketLocation packet = packet(i * 4096L, oneIn);
                    list.add(packet);
                    table.add(packet);
                }
            }
            assertThat(table).isEqualTo(list);
        }
    }
}
