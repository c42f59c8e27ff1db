// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class HealthSocketTest {
    @TempDir private Path place;

    private static ByteBuffer ask(Path socket, ByteBuffer question) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(question);
            ByteBuffer answer = ByteBuffer.allocate(16);
            while (channel.read(answer) >= 0) {
                continue;
            }
            return answer.flip();
        }
    }

    @Test
    void saysThatAllIsWell() throws IOException {
        Path path = place.resolve("relayd/health");
        try (HealthSocket socket = HealthSocket.open(path, "", () -> 0)) {
            assertThat(socket).isNotNull();
            assertThat(ask(path, ByteBuffer.allocate(4))).isEqualTo(ByteBuffer.allocate(8));
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void onlyItsUserMayAskUnlessAGroupMay() throws IOException {
        Path path = place.resolve("health");
        try (HealthSocket socket = HealthSocket.open(path, "", () -> 0)) {
            assertThat(socket).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
        }
        String group = Files.readAttributes(place, PosixFileAttributes.class).group().getName();
        try (HealthSocket socket = HealthSocket.open(path, group, () -> 0)) {
            assertThat(socket).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-rw----");
        }
    }

    @Test
    void saysWhichThreadsAreNotWell() throws IOException {
        Path path = place.resolve("health");
        try (HealthSocket socket = HealthSocket.open(path, "", () -> 0x12)) {
            assertThat(socket).isNotNull();
            assertThat(ask(path, ByteBuffer.allocate(4)).order(ByteOrder.nativeOrder()).getLong())
                    .isEqualTo(0x12);
        }
    }

    /// The real relay aborts on an unknown command.
    @Test
    void outlivesOddQuestions() throws IOException {
        Path path = place.resolve("health");
        try (HealthSocket socket = HealthSocket.open(path, "", () -> 0)) {
            assertThat(socket).isNotNull();
            ByteBuffer unknown = ByteBuffer.allocate(4).putInt(0x7070_7070).flip();
            assertThat(ask(path, unknown).remaining()).isZero();
            assertThat(ask(path, ByteBuffer.allocate(3)).remaining()).isZero();
            assertThat(ask(path, ByteBuffer.allocate(4)).remaining()).isEqualTo(8);
        }
    }
}
