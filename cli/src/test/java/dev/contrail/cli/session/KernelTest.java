// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import static dev.contrail.cli.Dialogue.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.contrail.cli.User;
import dev.contrail.cli.User.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The kernel domain, where there is one, and what is said where there is none.
class KernelTest {
    @TempDir Path directory;

    private User withKernel() throws IOException {
        assumeTrue(
                Files.isWritable(Path.of("/sys/kernel/tracing/instances")),
                "tracefs is not writable (run as root, or mount tracefs)");
        User user = User.at(directory);
        user.startDaemon(true);
        return user;
    }

    @Test
    void whatTheKernelDoesNotHaveIsRefusedWithWhatWasProbablyMeant() throws IOException {
        try (User user = withKernel()) {
            user.succeed("create kernel --snapshot");
            assertUnknown(user.contrail("enable-event -k no_such_event"), "event (channel");
            assertUnknown(
                    user.contrail("enable-event -k shed_switch"),
                    "event: did you mean sched_switch? (channel");
            assertSaid(
                    user,
                    """
                    $ lttng enable-event -k shed_switch -s kernel
                    2 Error: Event shed_switch: Enable kernel event failed (channel channel0, session kernel)
                    2 this kernel has no such event
                    = 43
                    """);
            assertUnknown(
                    user.contrail("enable-event -k --syscall opennat"),
                    "system call: did you mean openat? (channel");
            assertThat(user.succeed("list kernel"))
                    .contains("Recording event rules:\n      None\n");
        }
    }

    private static void assertUnknown(Said said, String what) {
        assertThat(said.status()).isEqualTo(43);
        assertThat(said.out()).isEmpty();
        assertThat(said.err())
                .containsPattern("^Error: Event [a-z_]+: this kernel has no such \\Q" + what)
                .hasLineCount(1);
    }

    @Test
    void rulesForItAreEnabledAndDisabled() throws IOException {
        try (User user = withKernel()) {
            user.succeed("create kernel --snapshot");
            assertSaid(
                    user,
                    """
                    $ contrail enable-event -k sched_switch -x sched_wakeup
                    2 Error: Event name exclusions are not yet implemented for kernel events
                    = 1
                    $ contrail enable-event -k sched_switch --loglevel INFO
                    1 kernel event sched_switch created in channel channel0
                    2 Warning: Kernel loglevels are not supported.
                    $ contrail enable-event -k sched_switch
                    2 Error: Event sched_switch: Kernel event already enabled (channel channel0, session kernel)
                    = 55
                    $ contrail enable-event -k --syscall openat,close
                    1 kernel event openat created in channel channel0
                    1 kernel event close created in channel channel0
                    $ contrail disable-event -k sched_wakeup
                    2 Error: sched_wakeup of type any : Kernel event not found (channel channel0, session kernel)
                    = 29
                    $ contrail disable-event -k sched_switch
                    1 kernel sched_switch of type any disabled in channel channel0 for session kernel
                    $ contrail disable-event -k --syscall -a
                    1 All kernel events of type syscall are disabled in channel channel0
                    $ contrail disable-event -k sched_switch
                    1 kernel sched_switch of type any disabled in channel channel0 for session kernel
                    """);
        }
    }

    @Test
    void aChannelOfTheKernelHasItsOwnDefaults() throws IOException {
        try (User user = withKernel()) {
            user.succeed("create kernel -o DIR/trace");
            assertSaid(
                    user,
                    """
                    $ contrail enable-channel -k c --output splice
                    1 kernel channel c enabled for session kernel
                    $ contrail enable-channel -k c
                    2 Warning: Channel c: Kernel channel already exist (session kernel)
                    = 4
                    $ contrail enable-event -k sched_switch -c c
                    1 kernel event sched_switch created in channel c
                    $ contrail enable-event -k --syscall -a -c c
                    1 All kernel system calls are enabled in channel c
                    $ contrail list kernel
                    1 Recording session kernel: [inactive]
                    1     Trace output: DIR/trace
                    1
                    1 === Domain: Linux kernel ===
                    1
                    1 Tracked process attributes
                    1   Process IDs:          all
                    1   Virtual process IDs:  all
                    1   User IDs:             all
                    1   Virtual user IDs:     all
                    1   Group IDs:            all
                    1   Virtual group IDs:    all
                    1
                    1 Channels:
                    1 -------------
                    1 - c: [enabled]
                    1
                    1     Attributes:
                    1       Event-loss mode:  discard
                    1       Sub-buffer size:  1048576 bytes
                    1       Sub-buffer count: 4
                    1       Switch timer:     inactive
                    1       Read timer:       200000 us
                    1       Monitor timer:    1000000 us
                    1       Trace file count: 1 per stream
                    1       Trace file size:  unlimited
                    1       Output mode:      splice
                    1
                    1     Statistics:
                    1       Discarded events: 0
                    1
                    1     Recording event rules:
                    1       sched_switch (type: tracepoint) [enabled]
                    1       * (type: syscall) [enabled]
                    1
                    $ contrail list -d kernel
                    1 Recording session kernel: [inactive]
                    1     Trace output: DIR/trace
                    1
                    1 Domains:
                    1 -------------
                    1   - Kernel
                    """);
        }
    }

    @Test
    void itsEventsAndSystemCallsAreListed() throws IOException {
        try (User user = withKernel()) {
            assertThat(user.succeed("list -k").lines())
                    .startsWith("Kernel events:", "-------------")
                    .contains("      sched_switch (type: tracepoint)")
                    .hasSizeGreaterThan(100);
            assertThat(user.succeed("list -k --syscall").lines())
                    .startsWith("System calls:", "-------------")
                    .contains("      openat (type: syscall)")
                    .hasSizeGreaterThan(200);
        }
    }

    @Test
    void aDaemonWithoutItSaysWhy() throws IOException {
        try (User user = User.withDaemon(directory)) {
            user.succeed("create s --snapshot");
            Said event = user.contrail("enable-event -k sched_switch");
            assertThat(event.status()).isIn(33, 79);
            assertThat(event.err())
                    .startsWith("Error: Event sched_switch: ")
                    .endsWith(" (channel channel0, session s)\n");
            assertThat(user.contrail("enable-channel -k c").status()).isEqualTo(1);
            assertThat(user.contrail("list -k").err()).startsWith("Error: Unable to list kernel");
            assertThat(user.contrail("list -k -S").err())
                    .startsWith("Error: Unable to list system calls");
            assertThat(user.contrail("list -u -S").err())
                    .isEqualTo("Warning: --syscall will only work with the Kernel domain (-k)\n");
        }
    }
}
