// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An application that is killed in the middle of its events.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ApplicationKillSystemTest {
    private static final int THREADS = 2;
    private static final Pattern CUT_OFF =
            Pattern.compile("was cut off while it wrote (\\d+) events?");

    @Test
    void putsEverythingCommittedBeforeTheKillIntoTheNextSnapshot()
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "killed", "--snapshot");
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            Counter counter = Counter.start(machine, THREADS, 0, 0);
            counter.await(1_000_000);
            long[] emitted = counter.kill();
            String said = machine.succeed("snapshot", "record");
            Machine.Account account = Machine.Account.of("User space", said);
            Ticks ticks = Ticks.read(machine, Machine.snapshotOf(said));

            // An event may have been committed whose return the program did not live to count.
            assertThat(account.recorded() + account.discarded())
                    .isBetween(counter.total(), counter.total() + THREADS);
            assertThat(ticks.stored())
                    .as(said)
                    .isEqualTo(account.recorded() - account.overwritten());
            assertThat(cutOff(said)).isBetween(0L, (long) THREADS);
            assertThat(ticks.threads()).hasSize(THREADS);
            for (int i = 0; i < THREADS; i++) {
                BitSet numbers = ticks.threads().get(i);
                assertThat((long) numbers.length() - 1).isBetween(emitted[i], emitted[i] + 1);
            }
        }
    }

    /// @param hasLog whether another channel of the session wants the same rings, and is done first
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void storesEverythingThatKilledApplicationsHaveCommitted(boolean hasLog)
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "killed", "-o", trace.toString());
            machine.succeed("enable-event", "-u", "count:*");
            if (hasLog) {
                machine.succeed("enable-event", "-j", "-a");
            }
            machine.succeed("start");
            long total = 0;
            for (int i = 0; i < 5; i++) {
                Counter counter = Counter.start(machine, THREADS, 0, 10_000);
                counter.await(5_000);
                counter.kill();
                total += counter.total();
            }
            machine.succeed("stop");
            Machine.Account account = machine.account();
            Ticks ticks = Ticks.read(machine, trace);

            assertThat(account.recorded() + account.discarded())
                    .isBetween(total, total + 5 * THREADS);
            assertThat(ticks.stored()).isEqualTo(account.recorded());
            assertThat(ticks.told()).isEqualTo(account.discarded());
            assertThat(ticks.threads()).hasSize(5 * THREADS);
        }
    }

    private static long cutOff(String said) {
        long sum = 0;
        Matcher matcher = CUT_OFF.matcher(said);
        while (matcher.find()) {
            sum += Long.parseLong(matcher.group(1));
        }
        return sum;
    }
}
