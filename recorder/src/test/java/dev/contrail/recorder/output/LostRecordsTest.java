// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.file.StateLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostRecordsTest {
    private static final StreamKey KERNEL = stream("kernel", "channel0", "1");
    private static final StreamKey JVM = stream("ust/uid/1000/64-bit", "channel0", "7");

    @TempDir Path folder;

    private static StreamKey stream(String directory, String channel, String suffix) {
        return new StreamKey(directory, channel, suffix, 1, 0, 0);
    }

    @Test
    void countsNothingBeforeTheFirstLoss() {
        LostRecords lost = LostRecords.in(folder.resolve("lost"));

        assertThat(lost.sum()).isZero();
        assertThat(lost.of(KERNEL)).isEqualTo(LostRecords.Lost.NOTHING);
        assertThat(lost.recordsOf("kernel/channel0_1")).isZero();
        assertThat(folder.resolve("lost")).doesNotExist();
    }

    @Test
    void sumsTheRecordsOfPacketsThatAreGivenUp() {
        LostRecords lost = LostRecords.inMemory();
        lost.add(KERNEL, Packets.entry(3, 64, 10, 5));
        lost.add(KERNEL, Packets.entry(4, 64, 20, 6));
        lost.add(JVM, Packets.entry(1, 64, 7, 0));

        assertThat(lost.of(KERNEL)).isEqualTo(new LostRecords.Lost(30, 1004, 6));
        assertThat(lost.recordsOf("kernel/channel0_1")).isEqualTo(30);
        assertThat(lost.sum()).isEqualTo(37);
    }

    /// Packets may come in another order than they were made in.
    @Test
    void keepsTheLatestTimeAndTheLargestCount() {
        LostRecords lost = LostRecords.inMemory();
        lost.add(KERNEL, Packets.entry(9, 64, 1, 50));
        lost.add(KERNEL, Packets.entry(2, 64, 1, 40));

        assertThat(lost.of(KERNEL)).isEqualTo(new LostRecords.Lost(2, 1009, 50));
    }

    @Test
    void countsNoRecordsWhereNobodyKnowsHowManyAPacketHad() {
        LostRecords lost = LostRecords.inMemory();
        lost.add(KERNEL, Packets.entry(1, 64, -1, 0));

        assertThat(lost.sum()).isZero();
    }

    @Test
    void tellsApartTheChannelsOfEachDomain() {
        LostRecords lost = LostRecords.inMemory();
        lost.add(KERNEL, Packets.entry(1, 64, 1, 0));
        lost.add(stream("kernel", "channel0", "statedump"), Packets.entry(1, 64, 2, 0));
        lost.add(stream("kernel", "channel0_1", "0"), Packets.entry(1, 64, 4, 0));
        lost.add(JVM, Packets.entry(1, 64, 8, 0));
        lost.add(stream("ust/uid/0/64-bit", "channel0", "3"), Packets.entry(1, 64, 16, 0));
        lost.add(stream("ust/uid/0/64-bit", "big", "3"), Packets.entry(1, 64, 32, 0));

        assertThat(lost.ofChannel(true, "channel0")).isEqualTo(3);
        assertThat(lost.ofChannel(true, "channel0_1")).isEqualTo(4);
        assertThat(lost.ofChannel(false, "channel0")).isEqualTo(24);
        assertThat(lost.ofChannel(false, "big")).isEqualTo(32);
        assertThat(lost.ofChannel(false, "none")).isZero();
    }

    /// A packet that was given up while nobody knew whether the relay had it.
    @Test
    void takesBackWhatTurnsOutToBeStored() {
        Path file = folder.resolve("lost");
        LostRecords first = LostRecords.in(file);
        first.addUnsure(KERNEL, Packets.entry(3, 64, 10, 3));
        first.addUnsure(KERNEL, Packets.entry(4, 64, 20, 3));
        first.addUnsure(JVM, Packets.entry(4, 64, 5, 0));
        LostRecords second = LostRecords.in(file);
        second.addUnsure(KERNEL, Packets.entry(5, 64, 40, 4));
        second.settle(KERNEL, 3);

        assertThat(second.of(KERNEL)).isEqualTo(new LostRecords.Lost(60, 1005, 4));
        assertThat(second.sum()).isEqualTo(65);

        LostRecords third = LostRecords.in(file);
        third.settle(KERNEL, 99);
        third.settle(JVM, -1);

        assertThat(third.of(KERNEL).records()).isEqualTo(60);
        assertThat(third.sum()).isEqualTo(65);
    }

    @Test
    void remembersTheFirstOnesOnlyThroughManyRewritesOfItsFile() throws IOException {
        Path file = folder.resolve("lost");
        LostRecords first = LostRecords.in(file);
        int count = UnsureLosses.MOST_PACKETS + 1000;
        for (int i = 0; i < count; i++) {
            first.addUnsure(KERNEL, Packets.entry(i, 64, 1, 0));
        }
        assertThat(Files.size(file)).isLessThan(1 << 20);

        LostRecords second = LostRecords.in(file);
        second.settle(KERNEL, UnsureLosses.MOST_PACKETS + 10);

        assertThat(second.sum()).isEqualTo(1000);
    }

    @Test
    void outlivesTheDaemon() {
        Path file = folder.resolve("lost");
        LostRecords first = LostRecords.in(file);
        first.add(KERNEL, Packets.entry(1, 64, 10, 3));
        first.add(JVM, Packets.entry(1, 64, 5, 0));
        LostRecords second = LostRecords.in(file);
        second.add(KERNEL, Packets.entry(2, 64, 1, 4));

        assertThat(second.sum()).isEqualTo(16);
        assertThat(LostRecords.in(file).of(KERNEL)).isEqualTo(new LostRecords.Lost(11, 1002, 4));
    }

    /// A full disk loses for ever, and must not fill another one with the account.
    @Test
    void staysSmallHoweverOftenItLoses() throws IOException {
        Path file = folder.resolve("lost");
        LostRecords lost = LostRecords.in(file);
        for (int i = 0; i < 5_000; i++) {
            lost.add(i % 2 == 0 ? KERNEL : JVM, Packets.entry(i, 64, 1, 0));
        }

        assertThat(Files.size(file)).isLessThan(70 << 10);
        assertThat(LostRecords.in(file).sum()).isEqualTo(5_000);
    }

    /// An earlier version kept the number alone.
    @Test
    void readsWhatAnEarlierVersionHasLeft() throws IOException {
        Path file = folder.resolve("lost");
        StateLog.open(file).append("42\tkernel/channel0_1");

        assertThat(LostRecords.in(file).of(KERNEL))
                .isEqualTo(new LostRecords.Lost(42, Long.MIN_VALUE, 0));
    }

    @Test
    void goesOnWhereItsFileIsDamaged() throws IOException {
        Path file = folder.resolve("lost");
        StateLog log = StateLog.open(file);
        log.append("many\tkernel/channel0_1");
        log.append("3 1 0\tust/uid/1000/64-bit/channel0_7");
        LostRecords lost = LostRecords.in(file);
        lost.add(KERNEL, Packets.entry(1, 64, 5, 0));

        assertThat(lost.sum()).isEqualTo(8);
        assertThat(LostRecords.in(file).sum()).isEqualTo(8);
    }

    @Test
    void goesOnCountingWhereNothingCanBeKept() {
        LostRecords lost = LostRecords.in(folder.resolve("missing/lost"));
        lost.add(KERNEL, Packets.entry(1, 64, 5, 0));
        lost.add(KERNEL, Packets.entry(2, 64, 5, 0));

        assertThat(lost.sum()).isEqualTo(10);
    }
}
