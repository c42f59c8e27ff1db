// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The first records of each thread stay in a block that is open; after them, what is older than
/// the ring can hold was overwritten. The trace itself must say so.
class SnapshotHoleSystemTest {
    private static final int THREADS = 3;
    private static final int SNAPSHOTS = 30;

    /// Held while it is written, and too large for that; of a program that has ended.
    @ParameterizedTest
    @CsvSource({"4k, 20000", "4M, 600000"})
    void whatIsMissingInTheMiddleOfASnapshotIsToldThere(String subBuffer, long events)
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            start(machine, subBuffer);
            Counter counter = Counter.start(machine, THREADS, events, 0);
            counter.join();
            long emitted = counter.total();

            for (int i = 0; i < 2; i++) {
                Machine.Account account = machine.account();
                Ticks ticks = Ticks.read(machine, machine.snapshot());
                assertThat(account.recorded() + account.discarded()).isEqualTo(emitted);
                assertThat(account.overwritten()).isPositive();
                assertThat(ticks.stored()).isEqualTo(account.recorded() - account.overwritten());
                assertThat(ticks.stored() + ticks.warned()).isEqualTo(emitted);
                assertThat(ticks.told()).isEqualTo(ticks.warned());
            }
        }
    }

    @Test
    void itIsToldWhileTheProgramGoesOn() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            start(machine, "32k");
            Counter counter = Counter.start(machine, THREADS, 0, 0);
            counter.await(THREADS * 20_000);
            // The program laps this ring in a millisecond: a snapshot that is kept from its
            // processor for so long holds the open blocks only, and no hole.
            int holes = 0;
            for (int i = 0; i < SNAPSHOTS && holes < 3; i++) {
                Ticks ticks = Ticks.readBroken(machine, machine.snapshot());
                assertThat(ticks.warned()).isGreaterThanOrEqualTo(missing(ticks));
                holes += missing(ticks) > 0 ? 1 : 0;
            }
            assertThat(holes).as("snapshots with a hole, of " + SNAPSHOTS).isEqualTo(3);
            counter.end();
        }
    }

    /// What was left out of a stream makes the hole larger.
    @Test
    void itIsToldInASnapshotOfBoundedSize() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            start(machine, "16k");
            Counter.start(machine, THREADS, 20_000, 0).join();
            long whole = Ticks.read(machine, machine.snapshot()).warned();
            Ticks ticks = Ticks.readBroken(machine, machine.snapshot("--max-size", "80k"));

            assertThat(ticks.stored()).isPositive();
            assertThat(ticks.warned()).isEqualTo(whole);
        }
    }

    private static void start(Machine machine, String subBuffer)
            throws IOException, InterruptedException {
        machine.succeed("sessiond", "--background", "--no-kernel");
        machine.succeed("create", "memory", "--snapshot");
        machine.succeed(
                "enable-channel", "-u", "c", "--num-subbuf", "4", "--subbuf-size", subBuffer);
        machine.succeed("enable-event", "-u", "count:*", "-c", "c");
        machine.succeed("start");
    }

    /// Between the first and the last number of each thread.
    private static long missing(Ticks ticks) {
        long missing = 0;
        for (BitSet numbers : ticks.threads()) {
            missing += numbers.length() - numbers.nextSetBit(0) - numbers.cardinality();
        }
        return missing;
    }
}
