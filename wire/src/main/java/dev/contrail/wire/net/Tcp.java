// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// The machine's network.
public final class Tcp implements Network {
    private final KeepAlive keepAlive;

    public Tcp() {
        this(KeepAlive.USUAL);
    }

    /// @param keepAlive of connections that others make
    public Tcp(KeepAlive keepAlive) {
        this.keepAlive = keepAlive;
    }

    @Override
    public Connection connect(InetSocketAddress to, long patienceNanos) throws IOException {
        return DialedConnection.open(to, patienceNanos);
    }

    @Override
    public Acceptor listen(InetSocketAddress at) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(at);
            return new Port(server, keepAlive);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    private record Port(ServerSocketChannel server, KeepAlive keepAlive) implements Acceptor {
        @Override
        public Connection accept() throws IOException {
            SocketChannel channel = server.accept();
            try {
                return new AcceptedConnection(channel, keepAlive);
            } catch (IOException | OutOfMemoryError e) {
                channel.close();
                throw e;
            }
        }

        @Override
        public InetSocketAddress address() throws IOException {
            return (InetSocketAddress) server.getLocalAddress();
        }

        @Override
        public boolean isOpen() {
            return server.isOpen();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
