// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.cli.User;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The way to the daemon, also to one that does not answer, or not in its language.
class DaemonConnectionTest {
    @TempDir Path directory;
    private Places places;

    @BeforeEach
    void open() throws IOException {
        places = new Places(0, directory, Files.createDirectory(directory.resolve("run")));
    }

    @Test
    void thereIsNoneWithoutASocket() throws IOException {
        assertThat(DaemonConnection.tryOpen(places)).isEmpty();
        assertThatThrownBy(() -> DaemonConnection.open(places))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.status()).isEqualTo(19))
                .hasMessage("No session daemon is available");
    }

    @Test
    void aSocketThatAKilledDaemonHasLeftIsNone() throws IOException {
        listen().close();
        assertThat(places.controlSocket()).exists();
        assertThat(DaemonConnection.tryOpen(places)).isEmpty();
    }

    @Test
    void aDaemonThatTakesTheConnectionAndSaysNothingIsNamed() throws IOException {
        Files.writeString(places.pidFile(), "4711\n");
        try (ServerSocketChannel _ = listen()) {
            assertThatThrownBy(() -> DaemonConnection.tryOpen(places, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "The session daemon (PID 4711) has not answered for 1 s; its log is %s."
                                            .formatted(places.logFile())
                                    + " End it with kill -9, then: contrail sessiond --background"
                                    + " starts one that goes on with its sessions");
        }
    }

    @Test
    void aDaemonWhoseProcessIsNotKnownIsNamedSo() throws IOException {
        try (ServerSocketChannel _ = listen()) {
            assertThatThrownBy(() -> DaemonConnection.tryOpen(places, 1))
                    .hasMessageStartingWith("The session daemon (PID unknown) has not answered");
        }
    }

    @Test
    void aProgramThatSpeaksAnotherLanguageIsToldFromADaemon() throws Exception {
        try (ServerSocketChannel listener = listen()) {
            Thread other =
                    Thread.ofVirtual().start(() -> greet(listener, "220 mail at your service\r\n"));
            assertThatThrownBy(() -> DaemonConnection.tryOpen(places))
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("has not answered");
            other.join();
        }
    }

    private static void greet(ServerSocketChannel listener, String greeting) {
        try (SocketChannel client = listener.accept()) {
            client.write(ByteBuffer.wrap(greeting.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDaemonAnswersManyRequestsOfOneConnection() throws Exception {
        try (User user = User.withDaemon(directory);
                DaemonConnection connection = DaemonConnection.open(places)) {
            for (int i = 0; i < 3; i++) {
                user.succeed("create --no-output s" + i);
                var reply = (Reply.Sessions) connection.ask(new Request.ListSessions(), _ -> {});
                assertThat(reply.sessions()).hasSize(i + 1);
            }
        }
    }

    @Test
    void silentConnectionsOfProgramsTakeNothingFromOthers() throws IOException {
        try (User user = User.withDaemon(directory)) {
            List<SocketChannel> silent = new ArrayList<>();
            try {
                for (int i = 0; i < 600; i++) {
                    silent.add(
                            SocketChannel.open(
                                    UnixDomainSocketAddress.of(places.applicationSocket())));
                }
                assertThat(user.succeed("list"))
                        .isEqualTo("Currently no available recording session\n");
            } finally {
                for (SocketChannel each : silent) {
                    each.close();
                }
            }
            assertThat(user.succeed("list"))
                    .isEqualTo("Currently no available recording session\n");
        }
    }

    private ServerSocketChannel listen() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(places.controlSocket()));
        return listener;
    }
}
