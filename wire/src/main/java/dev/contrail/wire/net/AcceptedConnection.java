// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/// One that somebody has made to us. It blocks, so that a virtual thread can wait in it.
final class AcceptedConnection implements Connection {
    /// What is read at once where there is a limit of time.
    private static final int MOST_BYTES = 16 * 1024;

    private final SocketChannel channel;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;

    AcceptedConnection(SocketChannel channel, KeepAlive keepAlive) throws IOException {
        this.channel = channel;
        remote = (InetSocketAddress) channel.getRemoteAddress();
        local = (InetSocketAddress) channel.getLocalAddress();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        keepAlive.set(channel);
    }

    @Override
    public int read(ByteBuffer into, long patienceNanos) throws IOException {
        if (patienceNanos == FOR_EVER) {
            return channel.read(into);
        }
        Socket socket = channel.socket();
        socket.setSoTimeout(Math.clamp(TimeUnit.NANOSECONDS.toMillis(patienceNanos), 1, 1 << 30));
        try {
            byte[] bytes = new byte[Math.min(into.remaining(), MOST_BYTES)];
            int count = socket.getInputStream().read(bytes);
            if (count > 0) {
                into.put(bytes, 0, count);
            }
            return count;
        } finally {
            socket.setSoTimeout(0);
        }
    }

    @Override
    public int readNow(ByteBuffer into) throws IOException {
        try {
            return read(into, 1);
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }

    /// Here the other end may take its time: the operating system ends what is dead.
    @Override
    public void write(long patienceNanos, ByteBuffer... bytes) throws IOException {
        for (ByteBuffer each : bytes) {
            while (each.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
