// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.secure;

import dev.contrail.wire.net.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/// Finds out with the first byte that comes what the other end speaks: LTTng's protocols begin with
/// a zero, TLS does not. Nobody is answered before that.
final class GuardedConnection implements Connection {
    /// The first byte of a TLS record that opens a connection.
    private static final byte TLS_HANDSHAKE = 22;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Connection below;
    private final Guard guard;
    private final ByteBuffer first = ByteBuffer.allocate(1);
    private volatile Optional<Connection> admitted = Optional.empty();

    GuardedConnection(Connection below, Guard guard) {
        this.below = below;
        this.guard = guard;
    }

    @Override
    public int read(ByteBuffer into, long patienceNanos) throws IOException {
        if (admitted.isEmpty()) {
            int count = below.read(first, patienceNanos);
            if (count < 0) {
                return count;
            }
            first.flip();
            if (first.get(0) == TLS_HANDSHAKE) {
                admitted = Optional.of(withToken());
            } else {
                return plain(into);
            }
        }
        return admitted.get().read(into, patienceNanos);
    }

    private int plain(ByteBuffer into) throws IOException {
        if (!guard.mayBePlain(below.local().getAddress())) {
            throw new RefusedConnectionException(
                    ("a plain connection to %s. Let its user take a token, which"
                                    + " `contrail relayd --enrol` prints, or start the relay with"
                                    + " --plain %s")
                            .formatted(host(), host()));
        }
        into.put(first);
        admitted = Optional.of(below);
        return 1;
    }

    private String host() {
        return below.local().getAddress().getHostAddress();
    }

    private Connection withToken() throws IOException {
        Optional<SSLContext> context = guard.context();
        if (context.isEmpty()) {
            throw new RefusedConnectionException("a token of another relay: this one gave none");
        }
        SSLEngine engine = context.get().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(new String[] {PinnedCertificate.PROTOCOL});
        TlsConnection tls;
        try {
            tls = TlsConnection.open(below, engine, first, PATIENCE_NANOS);
        } catch (SSLException e) {
            throw new RefusedConnectionException("no TLS 1.3: " + e.getMessage());
        }
        ByteBuffer greeting = Greeting.read(tls, Greeting.BYTES, PATIENCE_NANOS);
        boolean isSpoken =
                greeting.getLong() == Greeting.MAGIC && greeting.getInt() == Greeting.VERSION;
        long id = greeting.getLong();
        byte[] secret = new byte[greeting.remaining()];
        greeting.get(secret);
        if (!isSpoken) {
            answer(tls, Greeting.UNKNOWN_VERSION);
            throw new RefusedConnectionException("another version of tokens");
        }
        if (!guard.isKnown(id, secret)) {
            answer(tls, Greeting.UNKNOWN_TOKEN);
            throw new RefusedConnectionException("token " + Long.toHexString(id) + " is not known");
        }
        answer(tls, Greeting.WELCOME);
        return tls;
    }

    private static void answer(Connection to, byte what) throws IOException {
        to.write(PATIENCE_NANOS, ByteBuffer.allocate(1).put(what).flip());
    }

    @Override
    public int readNow(ByteBuffer into) throws IOException {
        return admitted.isPresent() ? admitted.get().readNow(into) : 0;
    }

    @Override
    public void write(long patienceNanos, ByteBuffer... bytes) throws IOException {
        admitted.orElseThrow(() -> new IllegalStateException("nobody is answered who said nothing"))
                .write(patienceNanos, bytes);
    }

    @Override
    public InetSocketAddress remote() {
        return below.remote();
    }

    @Override
    public InetSocketAddress local() {
        return below.local();
    }

    @Override
    public void close() throws IOException {
        below.close();
    }
}
