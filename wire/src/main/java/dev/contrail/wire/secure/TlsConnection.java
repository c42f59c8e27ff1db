// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.secure;

import dev.contrail.wire.net.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/// TLS over another connection. As with that one, one thread reads and one writes at a time.
final class TlsConnection implements Connection {
    private final Connection below;
    private final SSLEngine engine;

    /// Of TLS records; between its position and its limit is what was not unpacked yet.
    private ByteBuffer sealed;

    /// Of the application's; between its position and its limit is what nobody has read yet.
    private ByteBuffer plain;

    private final ReentrantLock writing = new ReentrantLock();
    private final ByteBuffer out;

    private TlsConnection(Connection below, SSLEngine engine, ByteBuffer received) {
        this.below = below;
        this.engine = engine;
        int packet = engine.getSession().getPacketBufferSize();
        sealed = ByteBuffer.allocate(2 * packet).put(received).flip();
        plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
        out = ByteBuffer.allocate(packet);
    }

    /// Agrees with the other end on keys.
    ///
    /// @param received what has come already
    /// @param patienceNanos how long to wait for each answer
    static TlsConnection open(
            Connection below, SSLEngine engine, ByteBuffer received, long patienceNanos)
            throws IOException {
        engine.beginHandshake();
        var made = new TlsConnection(below, engine, received);
        made.shakeHands(patienceNanos);
        return made;
    }

    private void shakeHands(long patienceNanos) throws IOException {
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            switch (status) {
                case NEED_TASK -> work();
                case NEED_WRAP -> sendOwn(patienceNanos);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (unpack(patienceNanos) < 0) {
                        throw new EOFException("closed while keys are agreed on");
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
    }

    private void work() {
        for (Runnable task = engine.getDelegatedTask();
                task != null;
                task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /// What TLS itself has to say.
    private void sendOwn(long patienceNanos) throws IOException {
        writing.lock();
        try {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                pack(patienceNanos, ByteBuffer.allocate(0));
                work();
            }
        } finally {
            writing.unlock();
        }
    }

    private void pack(long patienceNanos, ByteBuffer... bytes) throws IOException {
        SSLEngineResult result = engine.wrap(bytes, out.clear());
        if (out.flip().hasRemaining()) {
            below.write(patienceNanos, out);
        }
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new EOFException("the connection is closed");
        }
    }

    /// Takes a step: unpacks what has come, or waits for more.
    ///
    /// @return -1 at the end
    private int unpack(long patienceNanos) throws IOException {
        plain.compact();
        SSLEngineResult result;
        try {
            result = engine.unwrap(sealed, plain);
        } finally {
            plain.flip();
        }
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            work();
        }
        return switch (result.getStatus()) {
            case CLOSED -> -1;
            case BUFFER_UNDERFLOW -> receive(patienceNanos);
            case BUFFER_OVERFLOW -> {
                int more = engine.getSession().getApplicationBufferSize() + plain.remaining();
                plain = ByteBuffer.allocate(more).put(plain).flip();
                yield 0;
            }
            case OK -> 0;
        };
    }

    private int receive(long patienceNanos) throws IOException {
        if (sealed.limit() == sealed.capacity()) {
            if (sealed.position() == 0) {
                sealed = ByteBuffer.allocate(2 * sealed.capacity()).put(sealed).flip();
            } else {
                sealed.compact().flip();
            }
        }
        int begin = sealed.position();
        sealed.position(sealed.limit()).limit(sealed.capacity());
        try {
            return patienceNanos < 0 ? below.readNow(sealed) : below.read(sealed, patienceNanos);
        } finally {
            sealed.limit(sealed.position()).position(begin);
        }
    }

    @Override
    public int read(ByteBuffer into, long patienceNanos) throws IOException {
        while (!plain.hasRemaining()) {
            if (unpack(patienceNanos) < 0) {
                return -1;
            }
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                sendOwn(patienceNanos); // keys are renewed
            }
        }
        return take(into);
    }

    @Override
    public int readNow(ByteBuffer into) throws IOException {
        while (!plain.hasRemaining()) {
            int before = sealed.remaining();
            if (unpack(-1) < 0) {
                return -1;
            }
            if (!plain.hasRemaining() && sealed.remaining() == before) {
                return 0;
            }
        }
        return take(into);
    }

    private int take(ByteBuffer into) {
        int count = Math.min(plain.remaining(), into.remaining());
        into.put(plain.slice(plain.position(), count));
        plain.position(plain.position() + count);
        return count;
    }

    @Override
    public void write(long patienceNanos, ByteBuffer... bytes) throws IOException {
        writing.lock();
        try {
            for (ByteBuffer each : bytes) {
                while (each.hasRemaining()) {
                    pack(patienceNanos, bytes);
                }
            }
        } finally {
            writing.unlock();
        }
    }

    @Override
    public InetSocketAddress remote() {
        return below.remote();
    }

    @Override
    public InetSocketAddress local() {
        return below.local();
    }

    /// Without a good-bye, which the other end might not take: what we send says itself how long it
    /// is.
    @Override
    public void close() throws IOException {
        below.close();
    }
}
