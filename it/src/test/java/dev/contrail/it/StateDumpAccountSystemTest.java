// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What `record`, `status` and `snapshot record` say of the kernel adds up to what is in the trace:
/// its records and those of the state dump.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StateDumpAccountSystemTest {
    private static final Pattern RECORDED =
            Pattern.compile("Linux kernel: .*?([0-9,]+) (?:events )?recorded");
    private static final Pattern DUMPED = Pattern.compile("and ([0-9,]+) of the state dump");
    private static final Pattern STORED =
            Pattern.compile("Events: ([0-9,]+) \\(([0-9,]+) of the state dump\\)");

    @Test
    void recordTellsTheStateDumpBesideTheEvents() throws IOException, InterruptedException {
        Needs.kernel();
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            Machine.Result result =
                    machine.contrail(
                            "record",
                            "-k",
                            "sched_switch,sched_process_exec",
                            "-o",
                            trace.toString(),
                            "--",
                            "sh",
                            "-c",
                            "for i in 1 2 3 4 5; do true | cat; done");
            assertThat(result.status()).as(result.err()).isZero();
            assertThatItAddsUp(machine, result.err(), trace);
        }
    }

    @Test
    void statusTellsItAlsoAfterADaemonWasKilled() throws IOException, InterruptedException {
        Needs.kernel();
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            machine.succeed("create", "s", "--output", trace.toString());
            machine.succeed("enable-event", "-k", "sched_process_exec");
            machine.succeed("start");
            machine.run(java.util.List.of("true"));
            Machine.await("the state dump", () -> DUMPED.matcher(status(machine)).find());
            machine.killDaemon();
            machine.restartDaemon();
            machine.run(java.util.List.of("true"));
            machine.succeed("stop");
            machine.succeed("start");
            machine.succeed("stop");
            assertThatItAddsUp(machine, machine.succeed("status"), trace);
        }
    }

    @Test
    void aSnapshotTellsItAndStaysWithinItsMaximumSize() throws IOException, InterruptedException {
        Needs.kernel();
        try (Machine machine = Machine.open()) {
            machine.succeed("create", "s", "--snapshot");
            machine.succeed("enable-event", "-k", "sched_switch,sched_process_exec");
            machine.succeed("start");
            machine.run(java.util.List.of("sh", "-c", "for i in 1 2 3 4 5; do true | cat; done"));
            machine.succeed("stop");
            String whole = machine.succeed("snapshot", "record");
            assertThatItAddsUp(machine, whole, Machine.snapshotOf(whole));

            long bytes = streamBytes(Machine.snapshotOf(whole)) * 3 / 4;
            String bounded = machine.succeed("snapshot", "record", "-m", Long.toString(bytes));
            assertThat(streamBytes(Machine.snapshotOf(bounded))).isBetween(1L, bytes);
        }
    }

    private static String status(Machine machine) throws IOException {
        try {
            return machine.succeed("status");
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void assertThatItAddsUp(Machine machine, String said, Path trace)
            throws IOException, InterruptedException {
        String summary = machine.succeed("summary", "--by-class", trace.toString());
        Matcher stored = STORED.matcher(summary);
        assertThat(stored.find()).as(summary).isTrue();
        long dumped = number(DUMPED, said);
        assertThat(dumped).isPositive().isEqualTo(number(stored.group(2)));
        assertThat(number(RECORDED, said) + dumped).isEqualTo(number(stored.group(1)));
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return number(matcher.group(1));
    }

    private static long number(String digits) {
        return Long.parseLong(digits.replace(",", ""));
    }

    private static long streamBytes(Path snapshot) throws IOException {
        try (var below = Files.walk(snapshot)) {
            return below.filter(each -> Files.isRegularFile(each))
                    .filter(each -> !each.endsWith("metadata"))
                    .filter(each -> !each.getParent().endsWith("index"))
                    .mapToLong(each -> each.toFile().length())
                    .sum();
        }
    }
}
