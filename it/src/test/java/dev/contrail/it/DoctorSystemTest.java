// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `doctor` on machines that lack something: what is bad is said, with its fix.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class DoctorSystemTest {
    @Test
    void saysHowToMountWhatIsNotThere() throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.open()) {
            Machine.Result result =
                    machine.run(
                            List.of(
                                    "unshare",
                                    "--mount",
                                    "sh",
                                    "-c",
                                    "for each in $(sed -n 's/^[^ ]* \\([^ ]*\\)"
                                            + " tracefs .*/\\1/p' /proc/self/mounts); do"
                                            + " umount -l \"$each\"; done"
                                            + " && mount -t tmpfs -o size=8m none /dev/shm"
                                            + " && exec \"$0\" doctor",
                                    Machine.checkout().resolve("contrail").toString()));

            assertThat(result.status()).as(result.out() + result.err()).isEqualTo(1);
            assertThat(result.out())
                    .contains("bad   Shared memory: /dev/shm has only 8 MiB left")
                    .contains("fix: mount -o remount,size=256M /dev/shm")
                    .contains("bad   Kernel: not recorded: tracefs is not mounted")
                    .contains("fix: mount -t tracefs nodev /sys/kernel/tracing");
            assertThat(result.err()).isEmpty();
        }
    }

    @Test
    void doesNotTakeSharedMemoryForRingsWhenItMayNotWriteIt()
            throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.openAsNobody()) {
            Machine.Result result =
                    machine.run(
                            List.of(
                                    "unshare",
                                    "--mount",
                                    "sh",
                                    "-c",
                                    "mount -t tmpfs -o mode=755 none /dev/shm && exec "
                                            + String.join(" ", Machine.asUser(Machine.NOBODY))
                                            + " \"$0\" doctor",
                                    Machine.checkout().resolve("contrail").toString()));

            assertThat(result.status()).as(result.out() + result.err()).isEqualTo(1);
            assertThat(result.out())
                    .contains("bad   Shared memory: /dev/shm is not writable")
                    .contains("bad   Kernel: not recorded: ");
        }
    }

    @Test
    void namesADaemonThatDoesNotSpeakItsLanguage() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path socket = Files.createDirectories(machine.runDirectory()).resolve("control.sock");
            Machine.Result result;
            try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                listener.bind(UnixDomainSocketAddress.of(socket));
                Thread.ofVirtual().start(() -> talkNonsense(listener));
                result = machine.contrail("doctor");
            }
            Files.delete(socket);

            assertThat(result.out()).contains("bad   Session daemon: ").contains("sessiond.pid");
            assertThat(result.err()).isEmpty();
        }
    }

    /// Sessions, what they have in the kernel, rings, and what was stored.
    @Test
    void tellsWhatAKilledDaemonHasLeftAndViewShowsIt() throws IOException, InterruptedException {
        Needs.kernel();
        try (Machine machine = Machine.open()) {
            Path rings = Files.createDirectory(machine.root().resolve("rings"));
            machine.environment().put("CONTRAIL_RING_DIRECTORY", rings.toString());
            machine.succeed("create", "left", "--snapshot");
            machine.succeed("enable-event", "-k", "sched_switch");
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            assertThat(machine.succeed("doctor")).doesNotContain("left (active)", "session left");
            Counter counter = Counter.start(machine, 1, 0, 1_000_000);
            counter.await(100);
            counter.kill();
            machine.snapshot();
            machine.killDaemon();

            assertThat(machine.succeed("doctor"))
                    .contains(
                            "bad   Session daemon: none runs, and sessions wait for one: left"
                                    + " (active)\n      fix: contrail sessiond --background, which"
                                    + " takes them up again")
                    .contains("ok    Rings: sessions keep 1 of programs that have ended, ")
                    .containsPattern(
                            "bad   Kernel: nobody reads the instance contrail\\.\\S+: it is of"
                                    + " session left\n      fix: contrail sessiond --background: it"
                                    + " takes session left up again");
            Machine.Result viewed = machine.contrail("view");
            assertThat(viewed.status()).as(viewed.err()).isZero();
            assertThat(viewed.out()).contains(" sched_switch: ", " count:tick: ");
            assertThat(viewed.err()).startsWith("Warning: No session daemon runs: ");

            String own = machine.environment().get("LTTNG_RUNDIR");
            machine.environment().put("LTTNG_RUNDIR", machine.root().resolve("other").toString());
            assertThat(machine.succeed("doctor"))
                    .contains("ok    Session daemon: none runs")
                    .containsPattern("bad   Rings: 1 of programs that have ended, \\d+ MiB in ")
                    .contains(": it is a session daemon's of another LTTNG_RUNDIR");
            // There is no such session here, but what it has recorded last is known.
            assertThat(machine.contrail("view").err()).startsWith("Trace: " + machine.home());
            machine.environment().put("LTTNG_RUNDIR", own);
            machine.restartDaemon();
            assertThat(machine.succeed("doctor")).doesNotContain("left (active)", "session left");
        }
    }

    private static void talkNonsense(ServerSocketChannel listener) {
        try {
            while (true) {
                SocketChannel client = listener.accept();
                try (client) {
                    client.write(
                            ByteBuffer.wrap(
                                    "220 mail at your service\r\n"
                                            .getBytes(StandardCharsets.UTF_8)));
                } catch (IOException e) {
                    // It has gone; others come.
                }
            }
        } catch (ClosedChannelException e) {
            // The end of the test.
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
