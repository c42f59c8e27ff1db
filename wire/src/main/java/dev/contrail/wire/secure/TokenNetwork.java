// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.secure;

import dev.contrail.wire.RelayToken;
import dev.contrail.wire.net.Acceptor;
import dev.contrail.wire.net.Connection;
import dev.contrail.wire.net.Network;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/// Connects with TLS 1.3 and a token to relays that there is a token for, and in plain to others.
public final class TokenNetwork implements Network {
    private static final String ENROL = "`contrail relayd --enrol` there prints another token";

    private final Network below;
    private final Tokens tokens;

    /// One for each token, so that a second connection to a relay is quicker.
    private final Map<RelayToken, SSLContext> contexts = new ConcurrentHashMap<>();

    /// Which token a relay wants to see.
    @FunctionalInterface
    public interface Tokens {
        /// Empty where there is none, and a plain connection is wanted.
        Optional<RelayToken> of(InetSocketAddress relay) throws IOException;
    }

    public TokenNetwork(Network below, Tokens tokens) {
        this.below = below;
        this.tokens = tokens;
    }

    @Override
    public Connection connect(InetSocketAddress to, long patienceNanos) throws IOException {
        Optional<RelayToken> token = tokens.of(to);
        Connection plain = below.connect(to, patienceNanos);
        if (token.isEmpty()) {
            return plain;
        }
        try {
            return secured(plain, to, token.get(), patienceNanos);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private Connection secured(
            Connection plain, InetSocketAddress to, RelayToken token, long patienceNanos)
            throws IOException {
        SSLEngine engine = context(token).createSSLEngine(to.getHostString(), to.getPort());
        engine.setUseClientMode(true);
        TlsConnection tls;
        try {
            tls = TlsConnection.open(plain, engine, ByteBuffer.allocate(0), patienceNanos);
        } catch (SSLException e) {
            throw new IOException(why(e) + "; " + ENROL, e);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) { // closed, or reset
            throw new IOException(
                    "it takes no token: it has given none, or is no relay of ours; where it"
                            + " runs with --plain, leave the token out, and delete the one that is"
                            + " kept for it (contrail help relayd says where)",
                    e);
        }
        tls.write(patienceNanos, Greeting.of(token));
        byte answer = Greeting.read(tls, 1, patienceNanos).get();
        return switch (answer) {
            case Greeting.WELCOME -> tls;
            case Greeting.UNKNOWN_TOKEN ->
                    throw new IOException("it does not know the token, or no more; " + ENROL);
            default ->
                    throw new IOException(
                            "it answers the token with %d: it is of another version"
                                    .formatted(answer));
        };
    }

    private static String why(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private SSLContext context(RelayToken token) throws IOException {
        SSLContext known = contexts.get(token);
        if (known != null) {
            return known;
        }
        try {
            SSLContext made = PinnedCertificate.context(token);
            contexts.put(token, made);
            return made;
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS 1.3 in this Java: " + e.getMessage(), e);
        }
    }

    @Override
    public Acceptor listen(InetSocketAddress at) throws IOException {
        return below.listen(at);
    }
}
