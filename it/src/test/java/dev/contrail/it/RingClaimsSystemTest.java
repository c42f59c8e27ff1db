// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.source.TraceReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whose a ring is, and what becomes of it when its program, its room or its file is no more.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class RingClaimsSystemTest {
    private static final int EVENTS = 2_000;

    /// What runs the rest of its command as process 1, and has a `/dev/shm` of its own.
    private static final List<String> CONTAINER =
            Machine.firstProcess(
                    "sh", "-c", "mount -t tmpfs contrail-it /dev/shm && exec \"$@\"", "sh");

    @Test
    void aCrashedProgramsRingIsNobodyElsesToDelete() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path rings = rings(machine);
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "flight", "--snapshot");
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            Counter crashed = Counter.start(machine, 1, 0, 1_000_000);
            crashed.await(100);
            crashed.kill();
            long size = ringIn(rings).length();
            Machine.await("a smaller ring", () -> bytesOf(machine, rings) < 200 * 1024);
            String other = machine.root().resolve("other").toString();
            machine.succeed("record", "-u", "x:*", "-o", other, "--", "true");
            String said = machine.succeed("snapshot", "record");

            assertThat(ringIn(rings).length()).isEqualTo(size);
            assertThat(Ticks.read(machine, Machine.snapshotOf(said)).stored())
                    .isBetween(crashed.total(), crashed.total() + 1);
            machine.succeed("destroy");
            Machine.await("the end of the ring", () -> isEmpty(rings));
        }
    }

    @Test
    void programsThatHaveEndedLeaveNothingBehind() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path rings = rings(machine);
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path trace = machine.root().resolve("trace");
            machine.succeed("create", "short", "-o", trace.toString());
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            Counter.start(machine, 1, EVENTS, 0).join();
            Machine.await("the end of its ring", () -> isEmpty(rings));
            int before = descriptors(machine);
            for (int i = 0; i < 6; i++) {
                Counter.start(machine, 1, EVENTS, 0).join();
            }
            Machine.await("the end of their rings", () -> isEmpty(rings));

            Machine.await("descriptors given back", () -> descriptors(machine) <= before);
            Machine.await("memory given back", () -> !maps(machine).contains(".ring"));
            machine.succeed("stop");
            assertThat(Ticks.read(machine, trace).stored()).isEqualTo(7L * EVENTS);
        }
    }

    @Test
    void aProgramIsRecordedWhenThereIsRoomForIt() throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.open()) {
            Path rings = machine.smallDisk("rings", 3 * 1024);
            machine.environment().put("CONTRAIL_RING_DIRECTORY", rings.toString());
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "flight", "--snapshot");
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            Counter counter = Counter.start(machine, 1, 0, 1_000_000);
            counter.await(10);
            Machine.await("the refusal", () -> says(machine, "is not recorded"));
            assertThat(machine.succeed("status"))
                    .contains("what helps: make room where rings lie", "--subbuf-size");
            assertThat(machine.contrail("doctor").out())
                    .contains("bad   Session flight: Counting (", "fix: make room where rings lie");
            machine.run(
                    List.of("mount", "-o", "remount,size=64m", "contrail-it", rings.toString()));

            Machine.await("a record", () -> recorded(machine) > 0);
            assertThat(says(machine, "is not recorded")).isFalse();
            counter.end();
        }
    }

    @Test
    void aProgramWhoseRingIsCutComesToItsEnd() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path rings = rings(machine);
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "flight", "--snapshot");
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            Counter counter = Counter.start(machine, 2, 0, 0);
            counter.await(1_000_000);
            try (var ring = new RandomAccessFile(ringIn(rings).toString(), "rw")) {
                ring.setLength(2 << 20);
            }
            counter.await(counter.total() + 20_000_000);

            counter.end(); // with status 0: nothing was thrown into it
            Machine.await("the notice", () -> says(machine, "is damaged"));
            machine.succeed("snapshot", "record");
        }
    }

    @Test
    void aProgramWithSharedMemoryAndProcessIdsOfItsOwnIsRecorded()
            throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.open()) {
            Path trace = record(machine);
            long[] emitted = Counter.start(machine, CONTAINER, 1, EVENTS, 0).join();
            machine.succeed("stop");

            Ticks.read(machine, trace).assertAllUpTo(emitted);
        }
    }

    /// @return where the trace is
    private static Path record(Machine machine) throws IOException, InterruptedException {
        machine.succeed("sessiond", "--background", "--no-kernel");
        Path trace = machine.root().resolve("trace");
        machine.succeed("create", "contained", "-o", trace.toString());
        machine.succeed("enable-event", "-u", "count:*");
        machine.succeed("start");
        return trace;
    }

    /// They are process 1 each, since the same clock tick or the one before.
    @Test
    void programsOfSeveralContainersThatStartTogetherAreToldApart()
            throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.open()) {
            Path trace = record(machine);
            var together = new ArrayList<Counter>();
            for (int i = 0; i < 5; i++) {
                together.add(Counter.start(machine, CONTAINER, 1, 0, 1_000_000));
            }
            Machine.await("all of them", () -> says(machine, "JVMs:   5 recorded, 0 refused"));
            String points = machine.succeed("list", "-u");
            long emitted = 0;
            for (Counter each : together) {
                emitted += each.end()[0];
            }
            machine.succeed("stop");

            Machine.Account account = machine.account();
            assertThat(ticks(trace)).isEqualTo(account.recorded());
            assertThat(account.recorded() + account.discarded()).isEqualTo(emitted);
            assertThat(points.lines().filter(line -> line.startsWith("PID: ")).distinct())
                    .hasSize(together.size())
                    .noneMatch(line -> line.startsWith("PID: 1 "));
        }
    }

    @Test
    void aFrozenProgramThatIsKilledAfterItsSessionsEndLeavesNothingBehind()
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path rings = rings(machine);
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "flight", "--snapshot");
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            Counter counter = Counter.start(machine, 1, 0, 1_000_000);
            counter.await(10);
            Machine.await("its ring", () -> recorded(machine) > 0);
            String pid = Long.toString(counter.process().pid());
            machine.run(List.of("kill", "-STOP", pid));
            machine.contrail("destroy"); // it says that the program does not follow
            assertThat(isEmpty(rings)).isFalse();
            counter.kill();

            long killed = System.nanoTime();
            Machine.await("the end of its ring", () -> isEmpty(rings));
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - killed))
                    .isLessThanOrEqualTo(60);
        }
    }

    /// Those of programs that all have one process id.
    private static long ticks(Path trace) throws IOException {
        long stored = 0;
        try (TraceReader reader = TraceReader.open(List.of(trace))) {
            while (reader.next()) {
                if (reader.current() instanceof EventRecord event
                        && event.name().equals("count:tick")) {
                    stored++;
                }
            }
            assertThat(reader.damage()).isEmpty();
        }
        return stored;
    }

    /// A directory for the rings of this test alone.
    private static Path rings(Machine machine) throws IOException {
        Path rings = Files.createTempDirectory(Path.of("/dev/shm"), "contrail-it");
        machine.environment().put("CONTRAIL_RING_DIRECTORY", rings.toString());
        return rings;
    }

    private static java.io.File ringIn(Path rings) throws IOException {
        try (var files = Files.list(rings)) {
            return files.findFirst().orElseThrow().toFile();
        }
    }

    private static boolean isEmpty(Path rings) {
        try (var files = Files.list(rings)) {
            return files.findFirst().isEmpty();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// What they take, sparse parts left out.
    private static long bytesOf(Machine machine, Path rings) {
        try {
            String said = machine.run(List.of("du", "-sk", rings.toString())).out();
            return Long.parseLong(said.split("\\s")[0]) * 1024;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int descriptors(Machine machine) {
        try (var open = Files.list(Path.of("/proc/" + machine.daemonPid() + "/fd"))) {
            return (int) open.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String maps(Machine machine) throws IOException {
        return Files.readString(Path.of("/proc/" + machine.daemonPid() + "/maps"));
    }

    private static boolean says(Machine machine, String what) {
        try {
            return machine.succeed("status").contains(what);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long recorded(Machine machine) {
        try {
            return machine.account().recorded();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
