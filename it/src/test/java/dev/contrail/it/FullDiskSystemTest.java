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

/// Outputs that cannot be written, or no longer.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class FullDiskSystemTest {
    private static final Pattern LOST = Pattern.compile("(\\d+) event records could not be stored");

    @Test
    void saysExactlyWhatAFullDiskHasCostWhileAnotherSessionGoesOn()
            throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.open()) {
            Path small = machine.smallDisk("small", 1024).resolve("trace");
            Path large = machine.root().resolve("large");
            machine.succeed("sessiond", "--background", "--no-kernel");
            for (Path output : new Path[] {large, small}) {
                String name = output.equals(small) ? "small" : "large";
                machine.succeed("create", name, "-o", output.toString());
                machine.succeed(
                        "enable-channel",
                        "-u",
                        "c",
                        "--subbuf-size",
                        output.equals(small) ? "64k" : "1M");
                machine.succeed("enable-event", "-u", "count:*", "-c", "c");
                machine.succeed("start");
            }
            Counter counter = Counter.start(machine, 2, 60_000, 10_000);
            long[] emitted = counter.join();
            Machine.Result running = machine.contrail("status");
            Machine.Account yet = Machine.Account.of("User space", running.out());
            assertThat(yet.recorded() + yet.discarded()).isEqualTo(counter.total());
            assertThat(running.err())
                    .containsPattern("[1-9][0-9,]* bytes of what was recorded wait to be written");
            Machine.Result stopped = machine.contrail("stop", "small");
            Machine.Result status = machine.contrail("status");
            machine.succeed("stop", "large");

            assertThat(stopped.status()).isEqualTo(1); // the trace is not what it should be
            assertThat(stopped.err()).contains("could not be stored");
            assertThat(machine.succeed("list")).contains("No space left on device");
            assertThat(status.err()).contains("No space left on device").contains(small.toString());
            Machine.Account account = Machine.Account.of("User space", status.out());
            assertThat(account.recorded() + account.discarded()).isEqualTo(counter.total());
            Ticks stored = Ticks.readBroken(machine, small);
            assertThat(stored.stored()).isPositive();
            assertThat(account.discarded()).isPositive();
            assertThat(stored.stored()).isEqualTo(account.recorded());
            assertThat(lost(status.err())).isPositive().isLessThanOrEqualTo(account.discarded());
            Ticks.read(machine, large).assertAllUpTo(emitted);

            machine.killDaemon();
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("set-session", "small");
            Machine.Result later = machine.contrail("status");
            assertThat(lost(later.err())).isEqualTo(lost(status.err()));
            assertThat(Machine.Account.of("User space", later.out())).isEqualTo(account);
        }
    }

    @Test
    void refusesADirectoryThatCannotBeMade() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path file = Files.createFile(machine.root().resolve("file"));
            machine.succeed("sessiond", "--background", "--no-kernel");
            Machine.Result created =
                    machine.contrail("create", "nowhere", "-o", file.resolve("trace").toString());

            assertThat(created.status()).isEqualTo(1);
            assertThat(created.err()).contains(file + "/trace: Not a directory");
            assertThat(machine.succeed("list")).doesNotContain("nowhere");
        }
    }

    @Test
    void refusesASnapshotThatDoesNotFitAndGoesOnRecording()
            throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.open()) {
            Path small = machine.smallDisk("small", 64);
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "big", "--snapshot");
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            Counter counter = Counter.start(machine, 1, 20_000, 0);
            counter.join();
            Machine.Result full = machine.contrail("snapshot", "record", small.toString());
            Ticks whole = Ticks.read(machine, machine.snapshot());

            assertThat(full.status()).isEqualTo(1);
            assertThat(full.err()).contains("No space left on device");
            assertThat(whole.stored()).isEqualTo(counter.total());
        }
    }

    private static long lost(String said) {
        Matcher matcher = LOST.matcher(said);
        assertThat(matcher.find()).as(said).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
