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

/// A run directory without room for what the kernel's drains take out: the channel is refused, with
/// the reason, and nothing of it is left.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KernelSpillRoomSystemTest {
    @Test
    void aChannelThatGetsNoRoomIsRefusedAndLeavesNothing()
            throws IOException, InterruptedException {
        Needs.root();
        Needs.kernel();
        try (Machine machine = Machine.open()) {
            Path run = machine.smallDisk("run", 3072);
            machine.succeed("sessiond", "--background");
            machine.succeed("create", "s", "-o", machine.root().resolve("trace").toString());
            Path filler = fill(machine, run);
            long descriptors = descriptors(machine);
            for (int i = 0; i < 3; i++) {
                Machine.Result refused =
                        machine.contrail("enable-event", "-k", "sched_process_exec");
                assertThat(refused.status()).isPositive();
                assertThat(refused.err()).contains("No space left on device");
            }
            assertThat(drains(machine)).isZero();
            assertThat(instances(machine)).isEmpty();
            Machine.await(
                    "the descriptors are given back", () -> descriptors(machine) <= descriptors);

            Files.delete(filler);
            machine.succeed("enable-event", "-k", "sched_process_exec");
            machine.succeed("start");
            machine.run(List.of("true"));
            assertThat(Machine.Account.of("Linux kernel", machine.succeed("status")).recorded())
                    .isPositive();
            machine.succeed("destroy", "s");
            assertThat(drains(machine)).isZero();
            assertThat(instances(machine)).isEmpty();
        }
    }

    /// Leaves room for the session's state, and none for a spill.
    private static Path fill(Machine machine, Path run) throws IOException, InterruptedException {
        Path filler = run.resolve("filler");
        machine.run(List.of("dd", "if=/dev/zero", "of=" + filler, "bs=4k", "count=10000"));
        machine.run(List.of("truncate", "-s", "-32k", filler.toString()));
        return filler;
    }

    /// Those of this account's daemon.
    private static List<String> instances(Machine machine) throws IOException {
        String identity = Files.readString(machine.runDirectory().resolve("daemon")).strip();
        return Instances.all().stream().filter(each -> each.contains(identity)).toList();
    }

    private static long descriptors(Machine machine) throws IOException {
        try (var open = Files.list(Path.of("/proc/" + machine.daemonPid() + "/fd"))) {
            return open.count();
        }
    }

    private static long drains(Machine machine) throws IOException {
        long count = 0;
        try (var threads = Files.list(Path.of("/proc/" + machine.daemonPid() + "/task"))) {
            for (Path each : threads.toList()) {
                count +=
                        Files.readString(each.resolve("comm")).startsWith("contrail-drain") ? 1 : 0;
            }
        }
        return count;
    }
}
