// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpillBudgetTest {
    @Test
    void givesNoMoreThanItHas() {
        var budget = new SpillBudget(100);

        assertThat(budget.bytes()).isEqualTo(100);
        assertThat(budget.take(60)).isTrue();
        assertThat(budget.take(41)).isFalse();
        assertThat(budget.has(41)).isFalse();
        assertThat(budget.has(40)).isTrue();
        assertThat(budget.take(40)).isTrue();
        assertThat(budget.take(1)).isFalse();
        assertThat(budget.take(0)).isTrue();
        budget.giveBack(60);
        assertThat(budget.take(61)).isFalse();
        assertThat(budget.take(60)).isTrue();
    }

    /// What an earlier daemon has left is there, whether there is room for it or not.
    @Test
    void countsWhatIsTakenAlreadyBeyondItsEnd() {
        var budget = new SpillBudget(100);
        budget.force(150);

        assertThat(budget.has(0)).isFalse();
        assertThat(budget.take(1)).isFalse();
        budget.giveBack(100);
        assertThat(budget.take(50)).isTrue();
        assertThat(budget.take(1)).isFalse();
    }

    @Test
    void isExactWhereManyThreadsTakeAndGiveBack() throws InterruptedException {
        var budget = new SpillBudget(1000);
        var held = new AtomicLong();
        var most = new AtomicLong();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            int size = 100 + i;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int turn = 0; turn < 20_000; turn++) {
                                    if (budget.take(size)) {
                                        most.accumulateAndGet(held.addAndGet(size), Math::max);
                                        held.addAndGet(-size);
                                        budget.giveBack(size);
                                    }
                                }
                            }));
        }
        for (Thread each : threads) {
            each.join();
        }

        assertThat(most.get()).isBetween(100L, 1000L);
        assertThat(budget.take(1000)).as("all was given back").isTrue();
        assertThat(budget.take(1)).isFalse();
    }

    @Test
    void isAnEighthOfTheMemoryWithinBounds() throws IOException {
        long kib =
                Files.readAllLines(Path.of("/proc/meminfo")).stream()
                        .filter(line -> line.startsWith("MemTotal:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow();

        assertThat(SpillBudget.ofThisMachine().bytes())
                .isEqualTo(Math.clamp(kib * 1024 / 8, 16L << 20, 1L << 30));
    }

    @Test
    void leavesAQuarterOfAFileSystemToOthers(@TempDir Path folder) throws IOException {
        FileStore store = Files.getFileStore(folder);

        assertThat(SpillBudget.isShort(store, store.getTotalSpace())).isTrue();
        assertThat(SpillBudget.isShort(store, store.getUsableSpace())).isTrue();
        long spare = store.getUsableSpace() - store.getTotalSpace() / 4;
        assertThat(SpillBudget.isShort(store, spare - (256L << 20))).isEqualTo(spare <= 0);
    }
}
