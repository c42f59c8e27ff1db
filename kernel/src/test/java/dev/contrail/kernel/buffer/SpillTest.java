// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.recorder.file.SpillBudget;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpillTest {
    private static final int PAGE = 4096;
    private static final int PAGES = 1024;
    private static final int CHUNK = 256;

    @TempDir Path directory;
    private Path file;
    private final SpillBudget budget = new SpillBudget((long) PAGES * PAGE);
    private Spill spill;

    @BeforeEach
    void open() throws IOException {
        file = directory.resolve("spill");
        spill = Spill.open(file, PAGE, budget);
    }

    /// Writes a sub-buffer of that time.
    private boolean fill(long time, long lost) throws IOException {
        int page = spill.reserve(lost);
        if (page < 0) {
            return false;
        }
        MemorySegment memory = spill.memory(page);
        memory.set(JAVA_LONG_UNALIGNED, 0, time);
        memory.set(JAVA_LONG_UNALIGNED, 8, 100L);
        spill.filled(page);
        return true;
    }

    private List<Long> times() {
        var times = new ArrayList<Long>();
        while (spill.size() > 0) {
            times.add(SubBuffer.time(spill.memory(spill.oldest()), 0));
            spill.stored();
        }
        return times;
    }

    /// The daemon dies, the next one has the file.
    private void takeOver() throws IOException {
        spill.close();
        spill = Spill.open(file, PAGE, budget);
    }

    @Test
    void keepsTheOrderOfWhatItIsGiven() throws IOException {
        for (long time = 1; time <= 5; time++) {
            fill(time, 10 * time);
        }
        spill.unused(spill.reserve(0));
        assertThat(spill.lost(spill.oldest())).isEqualTo(10);
        spill.stored();
        fill(6, 60);
        assertThat(times()).containsExactly(2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void givesTheNextDaemonWhatWaits() throws IOException {
        for (long time = 1; time <= 700; time++) {
            fill(time, time);
        }
        for (int i = 0; i < 300; i++) {
            spill.stored();
        }
        for (long time = 701; time <= 900; time++) {
            fill(time, time);
        }
        int read = spill.reserve(901); // read, and died before it was said
        spill.memory(read).set(JAVA_LONG_UNALIGNED, 0, 901L);
        spill.memory(read).set(JAVA_LONG_UNALIGNED, 8, 8L);
        spill.reserve(902); // died before it was read
        takeOver();
        assertThat(spill.size()).isEqualTo(601);
        assertThat(spill.lost(spill.oldest())).isEqualTo(301);
        List<Long> times = times();
        assertThat(times).isSorted().hasSize(601).startsWith(301L).endsWith(901L);
        fill(1, 0);
        takeOver();
        assertThat(times()).containsExactly(1L);
    }

    @Test
    void takesNoMoreMemoryThanItsBudget() throws IOException {
        Spill other = Spill.open(directory.resolve("other"), PAGE, budget);
        other.unused(other.reserve(0)); // has a part of it
        int filled = 0;
        while (fill(filled, 0)) {
            filled++;
        }
        assertThat(filled).isEqualTo(PAGES - CHUNK);
        spill.stored();
        assertThat(fill(filled, 0)).isTrue();
        assertThat(fill(filled, 0)).isFalse();
        other.close();
        assertThat(fill(filled, 0)).isTrue();
    }

    @Test
    void givesMemoryBackThatWasNotNeededLately() throws IOException {
        for (int i = 0; i < PAGES; i++) {
            fill(i, 0);
        }
        long largest = Files.size(file);
        spill.shrink(true);
        spill.shrink(true);
        assertThat(Files.size(file)).as("in use").isEqualTo(largest);
        times();
        spill.shrink(false);
        assertThat(Files.size(file)).as("needed a moment ago").isEqualTo(largest);
        spill.shrink(true);
        spill.shrink(true);
        fill(0, 0); // a trickle
        spill.shrink(false);
        assertThat(Files.size(file)).as("a part at a time").isEqualTo(largest - CHUNK * PAGE);
        for (int i = 0; i < PAGES / CHUNK; i++) {
            spill.shrink(false);
        }
        assertThat(Files.size(file)).isLessThan((long) 2 * CHUNK * PAGE);
        assertThat(times()).hasSize(1);
        for (int i = 0; i < PAGES; i++) {
            assertThat(fill(i, 0)).isTrue();
        }
        assertThat(times()).hasSize(PAGES).isSorted();
    }

    @Test
    void takesInTheLonePageOfADaemonBeforeThereWereSpills() throws IOException {
        byte[] page = new byte[PAGE];
        ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).putLong(17).putLong(40);
        Path lone = Files.write(directory.resolve("reader"), page);
        spill.takeOver(lone);
        assertThat(times()).containsExactly(17L);
        assertThat(lone).doesNotExist();
        spill.takeOver(lone);
        assertThat(spill.size()).isZero();
    }

    @Test
    void keepsItsSizeWhenTheBudgetChanges() throws IOException {
        for (int i = 0; i < 2 * CHUNK; i++) {
            fill(i, 0);
        }
        spill.close();
        var smaller = new SpillBudget((long) CHUNK * PAGE);
        spill = Spill.open(file, PAGE, smaller);
        assertThat(spill.size()).isEqualTo(2 * CHUNK);
        assertThat(fill(2 * CHUNK, 0)).isFalse();
        assertThat(times()).hasSize(2 * CHUNK).isSorted();
    }

    @Test
    void hasRoomForOneSubBufferWhereNoBudgetIsLeft() throws IOException {
        var nothing = new SpillBudget(0);
        Spill poor = Spill.open(directory.resolve("poor"), PAGE, nothing);
        for (int i = 0; i < 3; i++) {
            int page = poor.reserve(0);
            assertThat(page).isZero();
            assertThat(poor.reserve(0)).isNegative();
            poor.unused(page);
            poor.shrink(true);
        }
        poor.close();
    }

    @Test
    void beginsAnewWhereTheFileIsNone() throws IOException {
        fill(1, 0);
        spill.close();
        try (var damage = new RandomAccessFile(file.toFile(), "rw")) {
            damage.setLength(100);
        }
        spill = Spill.open(file, PAGE, budget);
        assertThat(spill.size()).isZero();
        fill(2, 0);
        spill.close();
        spill = Spill.open(file, 2 * PAGE, budget); // of another size
        assertThat(spill.size()).isZero();
    }
}
