// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.Reason;
import dev.contrail.wire.RelayUrl;
import dev.contrail.wire.net.Connection;
import dev.contrail.wire.net.Network;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// One connection to a relay. It waits for the other end, but not for ever. Owned by one thread.
final class RelayLink implements Closeable {
    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(3);

    /// A relay that takes and says nothing for so long has gone, or the network has.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Connection connection;
    private final ByteBuffer unasked = ByteBuffer.allocate(1);

    private RelayLink(Connection connection) {
        this.connection = connection;
    }

    /// Connects.
    ///
    /// @param url with its port
    static RelayLink open(RelayUrl url, Network network) throws IOException {
        try {
            var place = new InetSocketAddress(address(url), url.port());
            return new RelayLink(network.connect(place, CONNECT_NANOS));
        } catch (IOException e) {
            throw new IOException(url.quotedHost() + ":" + url.port() + ": " + Reason.of(e), e);
        }
    }

    private static InetAddress address(RelayUrl url) throws UnknownHostException {
        boolean isIpv6 = url.scheme().isIpv6();
        return Arrays.stream(InetAddress.getAllByName(url.host()))
                .filter(each -> each instanceof Inet6Address == isIpv6)
                .findFirst()
                .orElseThrow(() ->
                        new UnknownHostException(
                                "%s has no address of %s"
                                        .formatted(url.host(), isIpv6 ? "IPv6" : "IPv4")));
    }

    String host() {
        return connection.remote().getAddress().getHostAddress();
    }

    /// Whether the other end is on this machine.
    boolean isLocal() {
        return connection.remote().getAddress().isLoopbackAddress();
    }

    /// Sends all that is left in the buffers.
    void write(ByteBuffer... bytes) throws IOException {
        connection.write(PATIENCE_NANOS, bytes);
    }

    /// Fills the buffer.
    void read(ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (connection.read(into, PATIENCE_NANOS) < 0) {
                throw new EOFException("the relay has closed the connection");
            }
        }
    }

    /// Reads what comes within that time.
    ///
    /// @param into with room
    /// @param patienceNanos 0 for what has come
    /// @return how many bytes; 0 for none
    int readSome(ByteBuffer into, long patienceNanos) throws IOException {
        int count;
        try {
            count =
                    patienceNanos == 0
                            ? connection.readNow(into)
                            : connection.read(into, patienceNanos);
        } catch (SocketTimeoutException e) {
            return 0;
        }
        if (count < 0) {
            throw new EOFException("the relay has closed the connection");
        }
        return count;
    }

    /// Where the other end has nothing to say: whether it is still there.
    void check() throws IOException {
        int count = connection.readNow(unasked.clear());
        if (count != 0) {
            throw new EOFException(
                    count < 0
                            ? "the relay has closed the connection"
                            : "the relay says something that nobody asked for");
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
