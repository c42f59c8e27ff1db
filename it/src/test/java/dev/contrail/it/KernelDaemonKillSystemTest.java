// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.source.TraceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A daemon that is killed while it records the kernel: counted by a program that says how many
/// system calls it has made.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class KernelDaemonKillSystemTest {
    private static final int KILLS = 3;

    /// Calls until there is a file `stop`, telling in `count` how often by now.
    private static final String PROGRAM =
            """
            my $n = 0;
            until (-e "stop") {
                for (1 .. 50) { getpriority(0, 424242); $n++ }
                open(my $file, ">", "count.new"); print $file $n; close($file);
                rename("count.new", "count");
                select(undef, undef, undef, 0.02);
            }
            """;

    @Test
    void losesNoSystemCallAndStoresNoneTwice() throws IOException, InterruptedException {
        Needs.kernel();
        Needs.tool("perl");
        Needs.tool("babeltrace2");
        var random = new Random();
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            machine.succeed("create", "killed", "-o", trace.toString());
            // Room for the calls until the next daemon has started, however long that takes.
            machine.succeed("enable-channel", "-k", "c", "--num-subbuf", "8");
            machine.succeed("enable-event", "-k", "--syscall", "getpriority", "-c", "c");
            machine.succeed("start");
            Process calling = machine.start(List.of("perl", "-e", PROGRAM));
            Path count = machine.home().resolve("count");
            for (int i = 0; i < KILLS; i++) {
                long until = count(count) + 1 + random.nextInt(2_000);
                Machine.await(until + " calls", () -> count(count) >= until);
                machine.killDaemon();
                machine.restartDaemon();
            }
            long until = count(count) + 1_000;
            Machine.await(until + " calls", () -> count(count) >= until);
            Files.createFile(machine.home().resolve("stop"));
            assertThat(calling.waitFor()).isZero();
            machine.succeed("stop");
            String status = machine.succeed("status");
            Machine.Result peer = machine.run(List.of("babeltrace2", trace.toString()));

            assertThat(Machine.Account.of("Linux kernel", status).discarded())
                    .as(status.lines().skip(status.lines().count() - 3).toList().toString())
                    .isZero();
            assertThat(calls(trace)).isEqualTo(count(count));
            assertThat(peer.err()).isEmpty();
        }
    }

    @Test
    void storesWhatAKillInsideAStopHasLeft() throws IOException, InterruptedException {
        Needs.kernel();
        Needs.tool("perl");
        int calls = 200_000;
        String program = "for (1 .. %d) { getpriority(0, 424242) }".formatted(calls);
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            machine.succeed("create", "killed", "-o", trace.toString());
            machine.succeed("enable-channel", "-k", "c", "--num-subbuf", "32"); // room for all
            machine.succeed("enable-event", "-k", "--syscall", "getpriority", "-c", "c");
            machine.succeed("start");
            assertThat(machine.start(List.of("perl", "-e", program)).waitFor()).isZero();
            Thread stop = Thread.startVirtualThread(() -> stop(machine));
            Thread.sleep(new Random().nextInt(400)); // before, in, or after it
            machine.killDaemon();
            stop.join();
            machine.restartDaemon();
            machine.contrail("stop"); // it may be stopped
            String status = machine.succeed("status");
            machine.succeed("destroy", "killed");

            assertThat(Machine.Account.of("Linux kernel", status).discarded()).isZero();
            assertThat(calls(trace)).isEqualTo(calls);
        }
    }

    private static void stop(Machine machine) {
        try {
            Machine.Result untold = machine.contrail("--no-sessiond", "stop"); // starts none
            assertThat(untold).isNotNull(); // its daemon may be killed under it
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Though taking over from a killed daemon takes a moment.
    @Test
    void takesASnapshotAtOnceAfterAKill() throws IOException, InterruptedException {
        Needs.kernel();
        try (Machine machine = Machine.open()) {
            machine.succeed("create", "killed", "--snapshot");
            machine.succeed("enable-event", "-k", "sched_switch");
            machine.succeed("start");
            machine.killDaemon();
            machine.restartDaemon();
            assertThat(machine.succeed("status")).contains("\nLinux kernel: ");
            machine.succeed("snapshot", "record");
            long switches = 0;
            try (TraceReader reader = TraceReader.open(List.of(machine.snapshot()))) {
                while (reader.nextEvent()) {
                    switches += reader.event().name().equals("sched_switch") ? 1 : 0;
                }
            }
            assertThat(switches).isPositive();
        }
    }

    /// The program's calls, known by their argument.
    private static long calls(Path trace) throws IOException {
        long found = 0;
        try (TraceReader reader = TraceReader.open(List.of(trace))) {
            while (reader.nextEvent()) {
                EventRecord event = reader.event();
                if (event.name().equals("syscall_entry_getpriority")
                        && event.field("who").equals(Optional.of(424_242L))) {
                    found++;
                }
            }
            assertThat(reader.damage()).isEmpty();
        }
        return found;
    }

    private static long count(Path file) throws IOException {
        return Files.exists(file) ? Long.parseLong(Files.readString(file)) : 0;
    }
}
