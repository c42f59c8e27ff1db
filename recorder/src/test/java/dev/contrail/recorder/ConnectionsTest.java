// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class ConnectionsTest {
    @TempDir private Path directory;
    private ServerSocketChannel server;
    private final List<SocketChannel> accepted = new ArrayList<>();
    private final List<SocketChannel> clients = new ArrayList<>();

    @BeforeEach
    void listen() throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(directory.resolve("s")));
    }

    @AfterEach
    void close() throws IOException {
        for (SocketChannel each : clients) {
            each.close();
        }
        for (SocketChannel each : accepted) {
            each.close();
        }
        server.close();
    }

    @Test
    void closesTheOldestOfTooManySilentOnes() throws IOException {
        var connections = new Connections(64); // 8 of them may be silent
        for (int i = 0; i < 12; i++) {
            assertThat(connections.admit(connect())).isPresent();
        }
        assertThat(accepted.stream().map(SocketChannel::isOpen).toList())
                .containsExactly(
                        false, false, false, false, true, true, true, true, true, true, true, true);
        assertThat(connections.count()).isEqualTo(8);
    }

    @Test
    void keepsThoseThatHaveGreeted() throws IOException {
        var connections = new Connections(64);
        connections.admit(connect()).orElseThrow().greeted();
        for (int i = 0; i < 12; i++) {
            connections.admit(connect());
        }
        assertThat(accepted.getFirst().isOpen()).isTrue();
        connections.closeAllSilent();
        assertThat(accepted.stream().filter(SocketChannel::isOpen)).hasSize(1);
    }

    @Test
    void boundsTheConnectionsOfAUserAndCountsThoseThatGo() throws IOException {
        var connections = new Connections(64); // 32 of one user
        var guests = new ArrayList<Connections.Guest>();
        for (int i = 0; i < 32; i++) {
            Connections.Guest guest = connections.admit(connect()).orElseThrow();
            guest.greeted();
            guests.add(guest);
        }
        Optional<Connections.Guest> refused = connections.admit(connect());
        assertThat(refused).isEmpty();
        assertThat(accepted.getLast().isOpen()).isFalse();
        guests.getFirst().close();
        guests.getFirst().close();
        assertThat(connections.admit(connect())).isPresent();
        assertThat(connections.admit(connect())).isEmpty();
    }

    private SocketChannel connect() throws IOException {
        clients.add(SocketChannel.open(server.getLocalAddress()));
        accepted.add(server.accept());
        return accepted.getLast();
    }
}
