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

/// What cannot be done is refused with a reason, and leaves nothing behind.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class RefusalSystemTest {
    @Test
    void refusesASecondDaemonInTheSameRunDirectory() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            long first = machine.daemonPid();
            assertRefused(machine, 1, "already running", "sessiond", "--background", "--no-kernel");
            assertRefused(machine, 1, "already running", "sessiond", "--no-kernel");

            assertThat(machine.daemonPid()).isEqualTo(first);
            machine.succeed("create", "goes-on");
        }
    }

    @Test
    void doesNotLetAnotherUserCommandRootsDaemon() throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.open();
                Machine other = Machine.openAsNobody()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            Files.setPosixFilePermissions(
                    machine.root(),
                    java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(
                    machine.runDirectory(),
                    java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
            other.environment().put("LTTNG_RUNDIR", machine.runDirectory().toString());

            assertRefused(other, 19, "No session daemon is available", "start", "mine");
            assertThat(machine.succeed("list")).doesNotContain("mine");
            other.environment().put("LTTNG_RUNDIR", other.runDirectory().toString());
        }
    }

    @Test
    void tellsAUserWithoutRightsThatTheKernelNeedsRoot() throws IOException, InterruptedException {
        Needs.root();
        String why = "recording the kernel needs root: sudo contrail …";
        try (Machine machine = Machine.openAsNobody()) {
            machine.succeed("create", "mine", "--snapshot");
            assertRefused(machine, 79, why, "enable-event", "-k", "sched_switch");
            assertRefused(machine, 79, why, "enable-event", "-k", "--syscall", "open");
            assertRefused(machine, 1, why, "enable-event", "-k", "--syscall", "-a");
            assertRefused(machine, 1, why, "enable-channel", "-k", "large");
            assertRefused(machine, 1, why, "list", "-k");
            String record = "Recording the kernel needs root: sudo contrail record …";
            assertRefused(machine, 1, record, "record", "-k", "sched_switch", "--", "true");
            assertRefused(machine, 1, record, "record", "--syscall", "--", "true");
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
        }
    }

    @Test
    void saysInTheSystemsWordsThatAnOutputDirectoryCannotBeMade()
            throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.openAsNobody()) {
            assertRefused(machine, 1, "/root/a: Permission denied", "create", "a", "-o", "/root/a");
            machine.succeed("create", "mine", "--output", "/usr/contrail-trace");
            machine.succeed("enable-event", "-u", "count:*");
            String denied = "Create directory failed: /usr/contrail-trace: Permission denied";
            assertRefused(machine, 17, denied, "start");
            machine.succeed("create", "kept", "--snapshot");
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            assertRefused(
                    machine,
                    1,
                    "Create directory failed: /proc/none: No such file or directory",
                    "snapshot",
                    "record",
                    "/proc/none");
            assertRefused(
                    machine,
                    1,
                    "/usr/contrail-trace: Permission denied",
                    "record",
                    "-o",
                    "/usr/contrail-trace",
                    "--",
                    "true");
        }
    }

    @Test
    void tellsThatTracefsIsMissing() throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.openAsNobody()) {
            List<String> command =
                    List.of(
                            "unshare",
                            "-m",
                            "sh",
                            "-c",
                            "umount -l /sys/kernel/tracing; umount -l /sys/kernel/debug;"
                                    + " exec \"$@\"",
                            "sh");
            var create = new java.util.ArrayList<>(command);
            create.addAll(Machine.asUser(Machine.NOBODY));
            create.addAll(List.of(launcher(), "create", "mine", "--snapshot"));
            assertThat(machine.run(create).status()).isZero();
            var doctor = new java.util.ArrayList<>(command);
            doctor.addAll(Machine.asUser(Machine.NOBODY));
            doctor.addAll(List.of(launcher(), "doctor"));

            assertThat(machine.run(doctor).out()).contains("tracefs is not mounted");
            assertRefused(
                    machine,
                    79,
                    "recording the kernel needs root",
                    "enable-event",
                    "-k",
                    "sched_switch");
        }
    }

    @Test
    void refusesRingsThatDoNotFitIntoTheirMemoryAndRecordsSmallerOnes()
            throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.open()) {
            Path rings = machine.smallDisk("rings", 1024);
            machine.environment().put("CONTRAIL_RING_DIRECTORY", rings.toString());
            machine.succeed("sessiond", "--background", "--no-kernel");
            Counter counter = Counter.start(machine, 1, 0, 100_000);
            counter.await(1);
            Machine.await("its registration", () -> isListed(machine, "Counting"));
            machine.succeed("create", "large", "--snapshot");
            machine.succeed("enable-event", "-u", "count:*");
            Machine.Result large = machine.contrail("start");
            machine.succeed("create", "small", "--snapshot");
            machine.succeed(
                    "enable-channel", "-u", "c", "--subbuf-size", "16k", "--num-subbuf", "4");
            machine.succeed("enable-event", "-u", "count:*", "-c", "c");
            Machine.Result small = machine.contrail("start");
            long before = counter.total();
            counter.await(before + 100);
            counter.end();

            assertThat(large.err())
                    .contains("Counting (" + counter.process().pid() + ")")
                    .contains("bytes is asked for")
                    .contains(rings.toString());
            assertThat(small.err()).isEmpty();
            assertThat(machine.account().recorded()).isGreaterThanOrEqualTo(100);
            machine.succeed("set-session", "large");
            assertThat(machine.account().recorded()).isZero();
        }
    }

    private static boolean isListed(Machine machine, String name) throws IOException {
        try {
            return machine.succeed("list", "-u").contains(name);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String launcher() {
        return Machine.checkout().resolve("contrail").toString();
    }

    private static void assertRefused(Machine machine, int status, String why, String... words)
            throws IOException, InterruptedException {
        Machine.Result result = machine.contrail(words);
        assertThat(result.status()).as("%s: %s", List.of(words), result.err()).isEqualTo(status);
        assertThat(result.out() + result.err()).contains(why);
    }
}
