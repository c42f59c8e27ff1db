// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.contrail.tracer.process.ProcFacts;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The connection to one session daemon's socket, and the attempts to get it. Owned by the link
/// thread, but for what is volatile.
final class Endpoint {
    private static final long FIRST_RETRY_NANOS = 250_000_000L;
    private static final long LAST_RETRY_NANOS = 5_000_000_000L;

    /// A daemon that reads nothing is dropped before we hold more than this for it.
    private static final int MAX_QUEUED = 1 << 17;

    private final Path path;
    private final Selector selector;
    private final Queue<ByteBuffer> output = new ArrayDeque<>();
    private @Nullable SocketChannel channel;
    private ByteBuffer input = ByteBuffer.allocate(1 << 13).order(LITTLE_ENDIAN);
    private long retryAt;
    private long retryNanos = FIRST_RETRY_NANOS;
    private @Nullable FileTime triedSocket;

    Endpoint(Path path, Selector selector) {
        this.path = path;
        this.selector = selector;
    }

    boolean isConnected() {
        return channel != null;
    }

    /// Tries to connect, when it is time or the socket is a new one.
    ///
    /// @return whether this call made a connection
    boolean connect(long now) {
        try {
            if (channel != null || !mayTry(now)) {
                return false;
            }
            SocketChannel attempt = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                attempt.configureBlocking(false); // a full backlog must not hold us
                if (!attempt.connect(UnixDomainSocketAddress.of(path))) {
                    throw new IOException("the daemon is busy");
                }
                attempt.register(selector, SelectionKey.OP_READ, this);
            } catch (IOException | RuntimeException e) {
                attempt.close();
                return false;
            }
            channel = attempt;
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private boolean mayTry(long now) throws IOException {
        if (!Files.exists(path, NOFOLLOW_LINKS)) {
            return false;
        }
        FileTime socket = Files.getLastModifiedTime(path, NOFOLLOW_LINKS);
        if (socket.equals(triedSocket) && now - retryAt < 0) {
            return false;
        }
        if (socket.equals(triedSocket)) {
            retryNanos = Math.min(2 * retryNanos, LAST_RETRY_NANOS);
        } else {
            retryNanos = FIRST_RETRY_NANOS;
        }
        triedSocket = socket;
        retryAt = now + retryNanos;
        int owner = (Integer) Files.getAttribute(path, "unix:uid", NOFOLLOW_LINKS);
        return owner == 0 || owner == ProcFacts.userId();
    }

    void disconnect() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // it is gone either way
        }
        channel = null;
        output.clear();
        input.clear();
        retryAt = System.nanoTime() + retryNanos;
    }

    /// The daemon has behaved: when this connection ends, the next attempt comes soon.
    void approve() {
        retryNanos = FIRST_RETRY_NANOS;
    }

    void send(FromApplication message) throws IOException {
        if (channel == null) {
            return;
        }
        if (output.size() >= MAX_QUEUED) {
            throw new LinkException("the daemon does not read");
        }
        output.add(ApplicationCodec.encode(message));
    }

    /// Writes what the socket takes.
    void flush() throws IOException {
        if (channel == null) {
            return;
        }
        while (!output.isEmpty()) {
            channel.write(output.peek());
            if (output.peek().hasRemaining()) {
                break;
            }
            output.remove();
        }
        int wanted = SelectionKey.OP_READ | (output.isEmpty() ? 0 : SelectionKey.OP_WRITE);
        channel.keyFor(selector).interestOps(wanted);
    }

    /// Whether the last selection found something to read.
    boolean isReadable() {
        SelectionKey key = channel == null ? null : channel.keyFor(selector);
        return key != null && key.isValid() && key.isReadable();
    }

    /// Reads what is there.
    ///
    /// @return false at the end of the connection
    boolean receive() throws IOException {
        if (!input.hasRemaining()) {
            int capacity = Math.min(2 * input.capacity(), 4 + FrameFormat.MAX_FRAME);
            int position = input.position();
            input = ByteBuffer.wrap(Arrays.copyOf(input.array(), capacity)).order(LITTLE_ENDIAN);
            input.position(position);
        }
        SocketChannel connected = channel;
        return connected != null && connected.read(input) >= 0;
    }

    /// The next message that has come whole, or null.
    @Nullable FromDaemon next() throws LinkException {
        if (input.position() < 4) {
            return null;
        }
        int length = FrameFormat.checkedLength(input.getInt(0));
        if (input.position() < 4 + length) {
            return null;
        }
        ByteBuffer body = ByteBuffer.wrap(Arrays.copyOfRange(input.array(), 4, 4 + length));
        input.flip().position(4 + length);
        input.compact();
        return DaemonCodec.decode(body.order(LITTLE_ENDIAN));
    }
}
