// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A daemon that is killed while it records: applications go on, the next daemon goes on.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class DaemonKillSystemTest {
    private static final int KILLS = 10;
    private static final long PAUSE_NANOS = 100_000;

    @Test
    void losesNothingAndStoresNothingTwiceWhenTheDaemonIsKilledTenTimes()
            throws IOException, InterruptedException {
        var random = new Random();
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "killed", "-o", trace.toString());
            enableWithRoomForTheWait(machine);
            machine.succeed("start");
            Counter counter = Counter.start(machine, 2, 0, PAUSE_NANOS);
            for (int i = 0; i < KILLS; i++) {
                counter.await(counter.total() + 1 + random.nextInt(4_000));
                machine.killDaemon();
                machine.succeed("sessiond", "--background", "--no-kernel");
            }
            counter.await(counter.total() + 1_000);
            long[] emitted = counter.end();
            machine.succeed("stop");

            Machine.Account account = machine.account();
            assertThat(account.recorded() + account.discarded()).isEqualTo(counter.total());
            assertThat(account.discarded()).isZero();
            Ticks.read(machine, trace).assertAllUpTo(emitted);
        }
    }

    @Test
    void keepsTheHistoryOfASnapshotSessionAcrossTheDaemonsDeath()
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "history", "--snapshot");
            enableWithRoomForTheWait(machine);
            machine.succeed("start");
            long[] before = Counter.start(machine, 2, 3_000, 0).join();
            Counter running = Counter.start(machine, 1, 0, PAUSE_NANOS);
            running.await(1_000);
            machine.killDaemon();
            running.await(2_000);
            machine.succeed("sessiond", "--background", "--no-kernel");
            running.await(3_000);
            long after = running.end()[0];
            Ticks ticks = Ticks.read(machine, machine.snapshot());

            assertThat(ticks.stored()).isEqualTo(before[0] + before[1] + after);
            assertThat(ticks.told()).isZero();
        }
    }

    /// Rings that take what comes until the next daemon has started, however long that takes.
    private static void enableWithRoomForTheWait(Machine machine)
            throws IOException, InterruptedException {
        machine.succeed("enable-channel", "-u", "c", "--subbuf-size", "4M");
        machine.succeed("enable-event", "-u", "count:*", "-c", "c");
    }

    @Test
    void recordsAnApplicationThatStartedWhileThereWasNoDaemon()
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "later", "-o", trace.toString());
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            machine.killDaemon();
            Counter counter = Counter.start(machine, 1, 0, PAUSE_NANOS);
            counter.await(100);
            machine.succeed("sessiond", "--background", "--no-kernel");
            Machine.await("the first packet", () -> Ticks.hasPacket(trace));
            long last = counter.end()[0];
            machine.succeed("stop");
            Ticks ticks = Ticks.read(machine, trace);

            assertThat(ticks.threads()).hasSize(1);
            int first = ticks.threads().getFirst().nextSetBit(0);
            assertThat(first).isGreaterThan(100);
            assertThat(ticks.stored() + ticks.told()).isEqualTo(last - first + 1);
        }
    }
}
