// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// One that we have made to somebody, used by one thread: whatever it waits for has a limit, and an
/// interrupt ends it with an [InterruptedIOException].
final class DialedConnection implements Connection {
    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final InetSocketAddress remote;

    private DialedConnection(SocketChannel channel, Selector selector, InetSocketAddress remote)
            throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.remote = remote;
        key = channel.register(selector, 0);
    }

    static DialedConnection open(InetSocketAddress to, long patienceNanos) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            Selector selector = Selector.open();
            try {
                var connection = new DialedConnection(channel, selector, to);
                connection.connect(patienceNanos);
                return connection;
            } catch (IOException e) {
                selector.close();
                throw e;
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void connect(long patienceNanos) throws IOException {
        boolean isConnected = channel.connect(remote);
        long begin = System.nanoTime();
        while (!isConnected) {
            await(SelectionKey.OP_CONNECT, begin, patienceNanos);
            isConnected = channel.finishConnect();
        }
    }

    @Override
    public int read(ByteBuffer into, long patienceNanos) throws IOException {
        long begin = System.nanoTime();
        int count = channel.read(into);
        while (count == 0) {
            await(SelectionKey.OP_READ, begin, patienceNanos);
            count = channel.read(into);
        }
        return count;
    }

    @Override
    public int readNow(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    @Override
    public void write(long patienceNanos, ByteBuffer... bytes) throws IOException {
        long begin = System.nanoTime();
        while (Arrays.stream(bytes).anyMatch(ByteBuffer::hasRemaining)) {
            if (channel.write(bytes) > 0) {
                begin = System.nanoTime();
            } else {
                await(SelectionKey.OP_WRITE, begin, patienceNanos);
            }
        }
    }

    private void await(int operation, long beginNanos, long patienceNanos) throws IOException {
        long left = 0; // for ever, to a selector as well
        if (patienceNanos != FOR_EVER) {
            long nanos = patienceNanos - (System.nanoTime() - beginNanos);
            if (nanos <= 0) {
                throw new SocketTimeoutException("no answer");
            }
            left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
        }
        key.interestOps(operation);
        selector.select(left);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public InetSocketAddress local() {
        return (InetSocketAddress) channel.socket().getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            selector.close();
        }
    }
}
