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
