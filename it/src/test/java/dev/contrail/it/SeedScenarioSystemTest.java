// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The README's scenario, word for word, and what a user then holds in hands.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class SeedScenarioSystemTest {
    private static final String SHOP = "dev.contrail.samples.shop.Shop";

    @Test
    void recordsKernelAndJvmTogetherIntoASnapshotThatBabeltraceReadsTheSame()
            throws IOException, InterruptedException {
        Needs.kernel();
        Needs.tool("babeltrace2");
        try (Machine machine = Machine.open()) {
            machine.succeed("create", "--snapshot");
            machine.succeed("enable-event", "-k", "sched_switch");
            machine.succeed("enable-event", "-k", "--syscall", "-a");
            machine.succeed("enable-event", "-u", "shop:*");
            machine.succeed("enable-event", "-j", "-a");
            machine.succeed("start");
            assertThat(machine.run(machine.sample(SHOP, "3")).status()).isZero();
            Path snapshot = snapshot(machine);
            String text = machine.succeed("view", snapshot.toString());
            Machine.Result peer = machine.run(List.of("babeltrace2", snapshot.toString()));

            assertThat(peer.status()).isZero();
            assertThat(peer.err()).isEmpty();
            assertThat(text).isEqualTo(peer.out());
            assertThat(text)
                    .contains(" sched_switch: ")
                    .contains(" syscall_entry_futex: ")
                    .contains(" shop:failed: ")
                    .contains(" lttng_jul:event: ")
                    .contains(" lttng_statedump_end: ");
        }
    }

    private static Path snapshot(Machine machine) throws IOException, InterruptedException {
        String prefix = "Snapshot written at: ";
        String line =
                machine.succeed("snapshot", "record")
                        .lines()
                        .filter(each -> each.startsWith(prefix))
                        .findFirst()
                        .orElseThrow();
        Path snapshot = Path.of(line.substring(prefix.length()));
        assertThat(Files.isDirectory(snapshot)).isTrue();
        return snapshot;
    }
}
