// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Where traces and snapshots lie, and how large they get.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class OutputLayoutSystemTest {
    @Test
    void laysADiskSessionOutAsLttngDoes() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "layout");
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            long[] emitted = Counter.start(machine, 1, 100, 0).join();
            machine.succeed("stop");
            List<Path> sessions = list(machine.home().resolve("lttng-traces"));

            assertThat(sessions).hasSize(1);
            Path session = sessions.getFirst();
            assertThat(session.getFileName().toString()).matches("layout-\\d{8}-\\d{6}");
            Path user = session.resolve("ust/uid/" + Files.getAttribute(session, "unix:uid"));
            assertThat(list(user)).containsExactly(user.resolve("64-bit"));
            Path trace = user.resolve("64-bit");
            assertThat(trace.resolve("metadata")).isRegularFile();
            for (Path stream : Ticks.streams(session)) {
                assertThat(stream.getParent()).isEqualTo(trace);
                assertThat(stream.getFileName().toString()).matches("channel0_\\d+");
                assertThat(trace.resolve("index/" + stream.getFileName() + ".idx")).exists();
            }
            assertThat(list(trace)).hasSize(2 + Ticks.streams(session).size());
            Ticks.read(machine, session).assertAllUpTo(emitted);
        }
    }

    @Test
    void keepsTheNewestFilesOfAStreamWithinTheirBound() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "bounded", "-o", trace.toString());
            machine.succeed(
                    "enable-channel",
                    "-u",
                    "c",
                    "--subbuf-size",
                    "16k",
                    "--num-subbuf",
                    "64",
                    "--tracefile-size",
                    "32k",
                    "--tracefile-count",
                    "3");
            machine.succeed("enable-event", "-u", "count:*", "-c", "c");
            machine.succeed("start");
            Counter counter = Counter.start(machine, 1, 20_000, 20_000);
            long last = counter.join()[0];
            machine.succeed("stop");
            List<Path> streams = Ticks.streams(trace);
            Ticks ticks = Ticks.read(machine, trace);

            assertThat(streams).allMatch(file -> file.toString().matches(".*/c_\\d+_[0-2]"));
            for (Path stream : streams) {
                assertThat(Files.size(stream)).isLessThanOrEqualTo(32 * 1024);
            }
            assertThat(streams).hasSizeGreaterThanOrEqualTo(3);
            assertThat(ticks.stored()).isBetween(1_000L, last - 1);
            assertThat((long) ticks.threads().getFirst().length() - 1).isEqualTo(last);
        }
    }

    @Test
    void tellsReadersExactlyWhatASlowConsumerHasCost() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "slow", "-o", trace.toString());
            machine.succeed(
                    "enable-channel", "-u", "c", "--subbuf-size", "4k", "--num-subbuf", "2");
            machine.succeed("enable-event", "-u", "count:*", "-c", "c");
            machine.succeed("start");
            Counter counter = Counter.start(machine, 2, 200_000, 0);
            counter.join();
            Machine.Result stopped = machine.contrail("stop");
            Ticks ticks = Ticks.read(machine, trace);

            assertThat(ticks.told()).isPositive();
            assertThat(ticks.stored() + ticks.told()).isEqualTo(counter.total());
            assertThat(stopped.out())
                    .contains("Warning: %d events were discarded".formatted(ticks.told()));
            assertThat(ticks.warned()).isBetween(1L, ticks.told());
        }
    }

    @Test
    void namesSnapshotsAfterTheirOutputTimeAndNumber() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "snaps", "--snapshot");
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            long[] emitted = Counter.start(machine, 2, 2_000, 0).join();
            Path other = machine.root().resolve("other");
            Path first = machine.snapshot();
            Path named = machine.snapshot("-n", "mine");
            machine.succeed("snapshot", "del-output", "1");
            machine.succeed("snapshot", "add-output", "-n", "there", other.toString());
            Path added = machine.snapshot();
            var taken = List.of(first, named, added);

            assertThat(first.getFileName().toString()).matches("snapshot-1-\\d{8}-\\d{6}-0");
            assertThat(first.getParent().getFileName().toString()).startsWith("snaps-");
            assertThat(named.getFileName().toString()).matches("mine-\\d{8}-\\d{6}-1");
            assertThat(added.getParent()).isEqualTo(other);
            assertThat(added.getFileName().toString()).matches("there-\\d{8}-\\d{6}-2");
            assertThat(machine.succeed("snapshot", "list-output"))
                    .contains("    [2] there: " + other);
            for (Path each : taken) {
                Ticks.read(machine, each).assertAllUpTo(emitted);
            }
            Machine.Result together =
                    machine.run(
                            List.of(
                                    "babeltrace2",
                                    first.toString(),
                                    named.toString(),
                                    added.toString()));
            assertThat(together.err()).isEmpty();
            assertThat(together.out().lines().count()).isEqualTo(3 * (emitted[0] + emitted[1]));
        }
    }

    @Test
    void keepsTheNewestEventsOfASnapshotWithinItsBound() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "bound", "--snapshot");
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            long last = Counter.start(machine, 1, 50_000, 0).join()[0];
            Path bounded = machine.snapshot("--max-size", "200k");
            Machine.Result tooSmall = machine.contrail("snapshot", "record", "--max-size", "1k");
            Ticks ticks = Ticks.read(machine, bounded);
            long bytes = 0;
            for (Path each : Ticks.streams(bounded)) {
                bytes += Files.size(each);
            }

            assertThat(bytes).isBetween(30_000L, 200L * 1024);
            assertThat((long) ticks.threads().getFirst().length() - 1).isEqualTo(last);
            assertThat(tooSmall.status()).isEqualTo(1);
            assertThat(tooSmall.err()).contains("max size 1024 is too small");
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return new ArrayList<>(files.sorted().toList());
        }
    }
}
