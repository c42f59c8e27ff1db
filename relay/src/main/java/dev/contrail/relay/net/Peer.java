// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.net;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// The other end of a connection. One thread reads and writes; any thread may close it, which ends
/// what that thread waits for.
///
/// Threads that serve peers are never interrupted: that would close the files that they use.
public final class Peer implements AutoCloseable {
    private static final int FIRST_BYTES = 16 * 1024;

    private final SocketChannel channel;
    private final InetAddress address;
    private final String name;
    private final long since = System.nanoTime();
    private final boolean isDirect;
    private ByteBuffer received;
    private volatile boolean hasSpoken;

    /// @param isDirect whether what it sends goes to files as it is
    Peer(SocketChannel channel, boolean isDirect) throws IOException {
        this.channel = channel;
        this.isDirect = isDirect;
        var remote = (InetSocketAddress) channel.getRemoteAddress();
        address = remote.getAddress();
        name = address.getHostAddress() + ":" + remote.getPort();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true); // hosts may vanish
        received = allocate(FIRST_BYTES).limit(0);
    }

    private ByteBuffer allocate(int bytes) {
        return isDirect ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    }

    /// Where it is.
    public InetAddress address() {
        return address;
    }

    /// It has said something that makes it more than a connection.
    public void speaks() {
        hasSpoken = true;
    }

    boolean hasSpoken() {
        return hasSpoken;
    }

    long silentNanos() {
        return hasSpoken ? 0 : System.nanoTime() - since;
    }

    /// Waits until so many bytes are there; the buffer grows as they come, not as they are
    /// announced.
    ///
    /// @return false when the peer has ended the connection before the first of them
    /// @throws EOFException when it has ended it among them
    public boolean await(int bytes) throws IOException {
        while (received.remaining() < bytes) {
            makeRoom(bytes);
            int begin = received.position();
            int end = received.limit();
            received.position(end).limit(received.capacity());
            int count;
            try {
                count = channel.read(received);
            } finally {
                received.limit(received.position()).position(begin);
            }
            if (count < 0) {
                if (end == begin) {
                    return false;
                }
                throw new EOFException("ends after %d of %d bytes".formatted(end - begin, bytes));
            }
        }
        return true;
    }

    private void makeRoom(int bytes) {
        if (received.limit() < received.capacity()
                && received.position() + bytes <= received.capacity()) {
            return;
        }
        if (received.position() > 0) {
            received.compact().flip();
        }
        if (received.limit() == received.capacity()) {
            int more = (int) Math.min(2L * received.capacity(), Math.max(bytes, FIRST_BYTES));
            received = allocate(more).put(received).flip();
        }
    }

    /// What has been received and not yet taken; big-endian.
    public ByteBuffer received() {
        return received;
    }

    /// The next bytes, which are there, taken: worth something until the next [#await].
    public ByteBuffer take(int bytes) {
        ByteBuffer taken = received.slice(received.position(), bytes);
        received.position(received.position() + bytes);
        return taken;
    }

    /// Takes bytes, and forgets them.
    public void skip(long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            int part = (int) Math.min(left, FIRST_BYTES);
            if (!await(part)) {
                throw new EOFException("ends with %d bytes to skip".formatted(left));
            }
            take(part);
            left -= part;
        }
    }

    /// Waits for bytes as [#await], but no longer than that.
    ///
    /// @return whether they are there
    public boolean awaitFor(int bytes, int millis) throws IOException {
        if (received.remaining() >= bytes) {
            return true;
        }
        channel.socket().setSoTimeout(millis);
        try {
            byte[] more =
                    channel.socket().getInputStream().readNBytes(bytes - received.remaining());
            makeRoom(bytes);
            int begin = received.position();
            received.position(received.limit()).limit(received.limit() + more.length);
            received.put(more).position(begin);
            return received.remaining() >= bytes;
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            channel.socket().setSoTimeout(0);
        }
    }

    /// Sends all of it.
    public void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            return; // as closed as it can be
        }
    }

    /// Its address and port, for messages.
    @Override
    public String toString() {
        return name;
    }
}
