// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.Reason;
import dev.contrail.wire.RelayUrl;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// One connection to a relay. It waits for the other end, but not for ever. Owned by one thread.
final class RelayLink implements Closeable {
    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(3);

    /// A relay that takes and says nothing for so long has gone, or the network has.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer unasked = ByteBuffer.allocate(1);

    private RelayLink(SocketChannel channel, Selector selector, SelectionKey key) {
        this.channel = channel;
        this.selector = selector;
        this.key = key;
    }

    /// Connects.
    ///
    /// @param url with its port
    static RelayLink open(RelayUrl url) throws IOException {
        String place = url.host() + ":" + url.port();
        try {
            return open(new InetSocketAddress(address(url), url.port()));
        } catch (IOException e) {
            throw new IOException(place + ": " + Reason.of(e), e);
        }
    }

    private static RelayLink open(InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            Selector selector = Selector.open();
            var link = new RelayLink(channel, selector, channel.register(selector, 0));
            try {
                boolean isConnected = channel.connect(address);
                long deadline = System.nanoTime() + CONNECT_NANOS;
                while (!isConnected) {
                    link.await(SelectionKey.OP_CONNECT, deadline);
                    isConnected = channel.finishConnect();
                }
                return link;
            } catch (IOException e) {
                selector.close();
                throw e;
            }
        } catch (IOException e) {
            channel.close();
            throw e;
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

    /// Sends all that is left in the buffers.
    void write(ByteBuffer... bytes) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (Arrays.stream(bytes).anyMatch(ByteBuffer::hasRemaining)) {
            if (channel.write(bytes) > 0) {
                deadline = System.nanoTime() + PATIENCE_NANOS;
            } else {
                await(SelectionKey.OP_WRITE, deadline);
            }
        }
    }

    /// Fills the buffer.
    void read(ByteBuffer into) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (into.hasRemaining()) {
            int count = channel.read(into);
            if (count < 0) {
                throw new EOFException("the relay has closed the connection");
            }
            if (count > 0) {
                deadline = System.nanoTime() + PATIENCE_NANOS;
            } else {
                await(SelectionKey.OP_READ, deadline);
            }
        }
    }

    /// Where the other end has nothing to say: whether it is still there.
    void check() throws IOException {
        int count = channel.read(unasked.clear());
        if (count != 0) {
            throw new EOFException(
                    count < 0
                            ? "the relay has closed the connection"
                            : "the relay says something that nobody asked for");
        }
    }

    private void await(int operation, long deadline) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw new SocketTimeoutException("no answer");
        }
        key.interestOps(operation);
        selector.select(left);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            selector.close();
        }
    }
}
