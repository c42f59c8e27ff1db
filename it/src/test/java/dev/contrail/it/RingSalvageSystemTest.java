// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A program and its daemon are both killed: what the program has recorded lies in its ring, which
/// is read with nothing else at hand.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RingSalvageSystemTest {
    private static final Pattern END = Pattern.compile("Time: .* to (\\S+) (\\S+) \\(");
    private static final int THREADS = 2;

    @Test
    void readsEverythingCommittedOutOfTheRingThatADeadProgramLeft()
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path rings = record(machine, "--snapshot");
            Counter counter = Counter.start(machine, THREADS, 0, 100_000);
            counter.await(20_000);
            long[] emitted = counter.kill();
            machine.killDaemon();
            Path trace = machine.root().resolve("salvaged");
            machine.succeed("convert", rings.toString(), "-o", "ctf", "-w", trace.toString());
            Ticks ticks = Ticks.read(machine, trace);

            // An event may have been committed whose return the program did not live to count.
            assertThat(ticks.stored()).isBetween(counter.total(), counter.total() + THREADS);
            assertThat(ticks.missing(emitted)).isEmpty();
            assertThat(ticks.told()).isZero();
            assertThat(machine.succeed("view", ring(rings).toString()).lines())
                    .hasSize((int) ticks.stored())
                    .allMatch(line -> line.contains(" count:tick: { vpid = "))
                    .allMatch(line -> line.contains("procname = \"Counting\""));
            assertThat(machine.succeed("summary", rings.toString()))
                    .contains("Lost: 0 events, 0 packets");
        }
    }

    @Test
    void readsTheNewestEventsOfARingThatWasOverwritten() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path rings = record(machine, "--snapshot");
            Counter counter = Counter.start(machine, THREADS, 0, 0);
            counter.await(2_000_000);
            long[] emitted = counter.kill();
            machine.killDaemon();
            Path trace = machine.root().resolve("salvaged");
            machine.succeed("convert", rings.toString(), "-o", "ctf", "-w", trace.toString());
            Ticks ticks = Ticks.read(machine, trace);

            assertThat(ticks.threads()).hasSize(THREADS);
            for (int i = 0; i < THREADS; i++) {
                BitSet numbers = ticks.threads().get(i);
                assertThat((long) numbers.length() - 1).isBetween(emitted[i], emitted[i] + 1);
            }
        }
    }

    @Test
    void readsTheRingOfAProgramThatGoesOn() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path rings = record(machine, "--snapshot");
            Counter counter = Counter.start(machine, THREADS, 0, 1_000_000);
            counter.await(200);
            long seen = machine.succeed("view", rings.toString()).lines().count();
            assertThat(seen).isBetween(200L, counter.total() + THREADS);
            long total = counter.total();
            counter.await(total + 100);
            counter.kill();
        }
    }

    /// A dead program has lost nothing since: neither does a reader say so, nor the next daemon.
    @Test
    void aDeadProgramsLossesEndWithIt() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path rings = record(machine, "-o", machine.root().resolve("trace").toString());
            Counter counter = Counter.start(machine, THREADS, 0, 0);
            counter.await(1_000);
            machine.killDaemon();
            counter.await(counter.total() + 1_000_000); // nobody empties the ring
            counter.kill();
            long dead = System.nanoTime();
            String ring = ring(rings).toString();
            String first = machine.succeed("summary", ring);
            assertThat(first).doesNotContain("Lost: 0 events");
            Machine.await("a while after its death", () -> secondsSince(dead) >= 5);

            assertThat(machine.succeed("summary", ring)).isEqualTo(first);
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path trace = machine.root().resolve("trace");
            machine.succeed("stop", "salvage");
            Matcher end = END.matcher(machine.succeed("summary", trace.toString()));
            assertThat(end.find()).isTrue();
            LocalDateTime told = LocalDateTime.parse(end.group(1) + "T" + end.group(2));
            assertThat(Duration.between(told, LocalDateTime.now(ZoneOffset.UTC)))
                    .isGreaterThan(Duration.ofSeconds(secondsSince(dead) - 3));
        }
    }

    private static long secondsSince(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - nanos);
    }

    /// Also what is intact beside it.
    @Test
    void namesARingThatIsDamaged() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path rings = record(machine, "--snapshot");
            Counter counter = Counter.start(machine, THREADS, 1000, 0);
            counter.join();
            Path damaged = rings.resolve("0-0-damaged.ring");
            Files.write(damaged, new byte[8192]);
            Machine.Result shown = machine.contrail("view", rings.toString());

            assertThat(shown.status()).isEqualTo(1);
            assertThat(shown.err().lines()).hasSize(1);
            assertThat(shown.err()).startsWith("Error: " + damaged).contains("not a whole ring");
            assertThat(shown.lines()).hasSize(THREADS * 1000);
        }
    }

    /// @return where the rings of programs will lie
    private static Path record(Machine machine, String... options)
            throws IOException, InterruptedException {
        Path rings = Files.createDirectory(machine.root().resolve("rings"));
        machine.environment().put("CONTRAIL_RING_DIRECTORY", rings.toString());
        machine.succeed("sessiond", "--background", "--no-kernel");
        machine.succeed(
                Stream.concat(Stream.of("create", "salvage"), Stream.of(options))
                        .toArray(String[]::new));
        machine.succeed("enable-event", "-u", "count:*");
        machine.succeed("start");
        return rings;
    }

    private static Path ring(Path directory) throws IOException {
        try (Stream<Path> rings = Files.list(directory)) {
            List<Path> found = rings.filter(each -> each.toString().endsWith(".ring")).toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }
}
