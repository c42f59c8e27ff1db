// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several applications, several sessions, and what is stored of them.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class SessionsSystemTest {
    private static final int DISK_KIB = 4 * 1024;

    @Test
    void recordsTheApplicationsOfTwoUsersIntoTracesOfTheirOwn()
            throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.open()) {
            machine.open(machine.root());
            Path trace = machine.root().resolve("trace");
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.open(machine.runDirectory());
            machine.succeed("create", "two", "-o", trace.toString());
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            Counter mine = Counter.start(machine, 1, 2_000, 0);
            Counter theirs = Counter.start(machine, Machine.asUser(Machine.NOBODY), 1, 3_000, 0);
            mine.join();
            theirs.join();
            machine.succeed("stop");

            Path users = trace.resolve("ust/uid");
            assertThat(Ticks.read(machine, users.resolve("0")).stored()).isEqualTo(2_000);
            assertThat(Ticks.read(machine, users.resolve("65534")).stored()).isEqualTo(3_000);
            assertThat(Ticks.read(machine, trace).stored()).isEqualTo(5_000);
        }
    }

    @Test
    void aDaemonThatWasToldToEndStaysEndedAndItsSessionsWait()
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            for (int round = 0; round < 4; round++) {
                machine.succeed("sessiond", "--background", "--no-kernel");
                machine.succeed("create", "waits" + round, "--snapshot");
                machine.succeed("sessiond", "--stop");

                assertThat(machine.runDirectory().resolve("sessiond.pid")).doesNotExist();
                assertThat(machine.contrail("list").out())
                        .contains("A session daemon has ended and left sessions");
            }
        }
    }

    @Test
    void leavesAProgramAloneThatHasNoDaemon() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path counts = Counter.prepare(machine, 1);
            List<String> traced = Counter.command(machine, counts, 1, 1_000, 0);
            var bare = new ArrayList<>(traced);
            bare.removeIf(word -> word.startsWith("-javaagent:"));
            Machine.Result with = machine.run(traced);
            Machine.Result without = machine.run(bare);

            assertThat(with).isEqualTo(without);
            assertThat(with.status()).isZero();
            assertThat(Counter.emitted(counts, 1)).containsExactly(1_000);
        }
    }

    @Test
    void keepsRingsBoundedAndCountsExactOverManyShortPrograms()
            throws IOException, InterruptedException {
        Needs.root();
        int programs = 40;
        int events = 10;
        try (Machine machine = Machine.open()) {
            // A quarter of it is for the rings of programs that have ended: not enough for all.
            Path rings = machine.smallDisk("rings", DISK_KIB);
            machine.environment().put("CONTRAIL_RING_DIRECTORY", rings.toString());
            machine.environment()
                    .put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
            Path trace = machine.root().resolve("trace");
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "disk", "-o", trace.toString());
            machine.succeed("enable-channel", "-u", "c", "--subbuf-size", "16k");
            machine.succeed("enable-event", "-u", "count:*", "-c", "c");
            machine.succeed("start");
            machine.succeed("create", "memory", "--snapshot");
            machine.succeed("enable-channel", "-u", "c", "--subbuf-size", "16k");
            machine.succeed("enable-event", "-u", "count:*", "-c", "c");
            machine.succeed("start");
            Path counts = Counter.prepare(machine, 1);
            List<String> command = Counter.command(machine, counts, 1, events, 0);
            var running = new ArrayList<Process>();
            for (int i = 0; i < programs; i++) {
                running.add(machine.start(command));
                if (running.size() == 3) {
                    assertThat(running.removeFirst().waitFor()).isZero();
                }
            }
            for (Process each : running) {
                assertThat(each.waitFor()).isZero();
            }
            Machine.await("the bound on rings", () -> kibibytes(rings) <= DISK_KIB / 4);
            Machine.Account memory = machine.account();
            Ticks kept = Ticks.read(machine, machine.snapshot());
            machine.succeed("stop", "disk");
            Ticks stored = Ticks.read(machine, trace);

            assertThat(stored.stored()).isEqualTo((long) programs * events);
            assertThat(memory.recorded()).isEqualTo((long) programs * events);
            assertThat(kept.stored()).isEqualTo(memory.recorded() - memory.overwritten());
            assertThat(memory.overwritten()).isPositive();
            assertThat(kept.stored()).isEqualTo((long) rings(rings) * events);
            machine.killDaemon();
            machine.succeed("sessiond", "--background", "--no-kernel");
            assertThat(machine.account()).isEqualTo(memory);
            machine.succeed("destroy", "--all");
            Machine.await("the end of the rings", () -> rings(rings) == 0);
        }
    }

    private static long kibibytes(Path directory) throws IOException {
        FileStore store = Files.getFileStore(directory);
        return (store.getTotalSpace() - store.getUnallocatedSpace()) / 1024;
    }

    private static int rings(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return (int) files.count();
        }
    }
}
