// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.secure;

import dev.contrail.wire.net.Acceptor;
import dev.contrail.wire.net.Connection;
import dev.contrail.wire.net.Network;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/// Lets in who shows a token over TLS 1.3; in plain only where that is allowed.
public final class GuardedNetwork implements Network {
    private final Network below;
    private final Guard guard;

    public GuardedNetwork(Network below, Guard guard) {
        this.below = below;
        this.guard = guard;
    }

    /// The SHA-256 of a certificate, by which who connects knows it.
    public static byte[] fingerprint(Certificate certificate) throws CertificateException {
        return PinnedCertificate.fingerprint(certificate);
    }

    /// For connections that others make, with a key and a certificate of this machine's.
    public static SSLContext context(KeyManager[] keys) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance(PinnedCertificate.PROTOCOL);
        context.init(keys, null, null);
        return context;
    }

    @Override
    public Connection connect(InetSocketAddress to, long patienceNanos) throws IOException {
        return below.connect(to, patienceNanos);
    }

    @Override
    public Acceptor listen(InetSocketAddress at) throws IOException {
        return new GuardedAcceptor(below.listen(at), guard);
    }

    private record GuardedAcceptor(Acceptor below, Guard guard) implements Acceptor {
        @Override
        public Connection accept() throws IOException {
            return new GuardedConnection(below.accept(), guard);
        }

        @Override
        public InetSocketAddress address() throws IOException {
            return below.address();
        }

        @Override
        public boolean isOpen() {
            return below.isOpen();
        }

        @Override
        public void close() throws IOException {
            below.close();
        }
    }
}
