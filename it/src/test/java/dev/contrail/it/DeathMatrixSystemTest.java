// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.it.Dying.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// However a program dies, each event that it has committed is stored, or counted as lost where
/// there was no room: compared with what it has counted itself in a mapped file.
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class DeathMatrixSystemTest {
    private static final int THREADS = 2;
    private static final int RUNS = 20;
    private static final long[] PAUSES = {2_000, 50_000, 1_000_000};
    private static final long GROUP_BYTES = 300L << 20;

    @ParameterizedTest
    @EnumSource(Way.class)
    void losesNothingThatWasCommitted(Way way) throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            for (long pause : new long[] {20_000}) {
                die(machine, way, pause);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    void losesNothingInAnyOfManyRuns(Way way) throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            for (long pause : PAUSES) {
                for (int i = 0; i < RUNS; i++) {
                    die(machine, way, pause);
                }
            }
        }
    }

    private static void die(Machine machine, Way way, long pauseNanos)
            throws IOException, InterruptedException {
        Path trace = Files.createTempDirectory(machine.root(), "trace");
        machine.succeed("create", "dying", "-o", trace.toString());
        machine.succeed("enable-event", "-u", "count:*");
        machine.succeed("start");
        Path file = Counter.prepare(machine, THREADS);
        if (way == Way.KILLED_BY_CGROUP) {
            try (MemoryGroup group = MemoryGroup.make(GROUP_BYTES)) {
                run(
                        machine,
                        way,
                        List.of("sh", "-c", group.enter() + " && exec \"$@\"", "sh"),
                        file,
                        pauseNanos);
                // before the group is removed, and its count with it
                Machine.await(
                        "the end to be seen",
                        () -> machine.succeed("status").contains(" ended suddenly"));
            }
        } else {
            run(machine, way, List.of(), file, pauseNanos);
        }
        long[] emitted = Counter.emitted(file, THREADS);
        machine.succeed("stop");
        String status = machine.succeed("status");
        assertThat(status.split(" ended suddenly", -1)).as(status).hasSize(isSudden(way) ? 2 : 1);
        assertThat(status.contains("of its control group for want of memory"))
                .as(status)
                .isEqualTo(way == Way.KILLED_BY_CGROUP);
        Machine.Account account = machine.account();
        Ticks ticks = Ticks.read(machine, trace);

        String run = "%s, a pause of %d ns, %d events".formatted(way, pauseNanos, total(emitted));
        // An event may have been committed whose return the program did not live to count.
        assertThat(account.recorded() + account.discarded())
                .as(run)
                .isBetween(total(emitted), total(emitted) + THREADS);
        assertThat(ticks.stored()).as(run).isEqualTo(account.recorded());
        assertThat(ticks.told()).as(run).isEqualTo(account.discarded());
        assertThat(ticks.threads()).as(run).hasSize(THREADS);
        if (account.discarded() == 0) {
            for (int i = 0; i < THREADS; i++) {
                BitSet numbers = ticks.threads().get(i);
                assertThat((long) numbers.length() - 1)
                        .as(run)
                        .isBetween(emitted[i], emitted[i] + 1);
                assertThat(numbers.nextClearBit(1)).as(run).isEqualTo(numbers.length());
            }
        }
        machine.succeed("destroy");
        Files.delete(file);
        Files.deleteIfExists(machine.root().resolve("output"));
    }

    /// Whether it cannot say that it ends; with `ExitOnOutOfMemoryError` the JVM does not ask it.
    private static boolean isSudden(Way way) {
        return switch (way) {
            case UNCAUGHT_EXCEPTION, EXIT, STACK_OVERFLOW, TERMINATED -> false;
            case HALT,
                    HEAP_EXHAUSTED,
                    METASPACE_EXHAUSTED,
                    SEGMENTATION_FAULT,
                    ABORT,
                    KILLED,
                    KILLED_BY_CGROUP,
                    DEADLOCK,
                    FULL_COLLECTIONS,
                    KILLED_WITH_THE_DAEMON ->
                    true;
        };
    }

    /// Until it is dead.
    private static void run(
            Machine machine, Way way, List<String> before, Path file, long pauseNanos)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(before);
        command.addAll(command(machine, way, file, pauseNanos));
        Process dying = machine.start(command);
        end(machine, way, dying, file);
        assertThat(dying.waitFor(2, TimeUnit.MINUTES)).as("%s", way).isTrue();
    }

    private static long least(long[] emitted) {
        return Math.min(emitted[0], emitted[1]);
    }

    private static long total(long[] emitted) {
        return emitted[0] + emitted[1];
    }

    private static List<String> command(Machine machine, Way way, Path file, long pauseNanos) {
        var command = new ArrayList<String>();
        List<String> sample = machine.sample(Dying.class.getName());
        int at = sample.indexOf("-cp") + 1;
        sample.set(at, sample.get(at) + ":" + classes());
        command.add(sample.getFirst());
        command.addAll(
                List.of(
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:MaxMetaspaceSize=24m",
                        "-XX:MaxDirectMemorySize=1g",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=/dev/null"));
        if (way == Way.HEAP_EXHAUSTED || way == Way.METASPACE_EXHAUSTED) {
            command.add("-XX:+ExitOnOutOfMemoryError");
        }
        command.addAll(sample.subList(1, sample.size()));
        command.addAll(
                List.of(
                        file.toString(),
                        Integer.toString(THREADS),
                        Long.toString(pauseNanos),
                        way.name()));
        return command;
    }

    private static Path classes() {
        return Path.of(Dying.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    /// What it does not do itself.
    private static void end(Machine machine, Way way, Process dying, Path file)
            throws IOException, InterruptedException {
        String signal =
                switch (way) {
                    case ABORT -> "ABRT";
                    case TERMINATED -> "TERM";
                    case KILLED, DEADLOCK, FULL_COLLECTIONS, KILLED_WITH_THE_DAEMON -> "KILL";
                    default -> "";
                };
        if (signal.isEmpty()) {
            return;
        }
        Machine.await(
                "its events, of each thread",
                () -> least(Counter.emitted(file, THREADS)) > 2000 || !dying.isAlive());
        if (way == Way.DEADLOCK || way == Way.FULL_COLLECTIONS) {
            Path output = machine.root().resolve("output");
            Machine.await("it to say so", () -> Files.size(output) > 0 || !dying.isAlive());
        }
        assertThat(dying.isAlive()).isTrue();
        if (way == Way.KILLED_WITH_THE_DAEMON) {
            ProcessHandle daemon = ProcessHandle.of(machine.daemonPid()).orElseThrow();
            machine.run(
                    List.of("sh", "-c", "kill -KILL %d %d".formatted(dying.pid(), daemon.pid())));
            daemon.onExit().join();
            machine.succeed("sessiond", "--background", "--no-kernel");
            return;
        }
        machine.run(List.of("kill", "-" + signal, Long.toString(dying.pid())));
    }
}
