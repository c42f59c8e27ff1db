// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.trust;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.wire.RelayToken;
import dev.contrail.wire.secure.Guard;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/// The tokens of a relay and its certificate, in a directory that only its user can read. Daemons
/// and the commands that enrol and revoke have it at the same time; any thread.
public final class Enrolment implements Guard {
    private final TokenFile tokens;
    private final RelayCertificate certificate;
    private final List<InetAddress> plain;
    private Optional<SSLContext> context = Optional.empty();
    private FileTime contextOf = FileTime.fromMillis(0);

    /// @param directory made with the first token
    /// @param plain addresses of this machine where plain connections are allowed, besides loopback
    public Enrolment(Path directory, List<InetAddress> plain) {
        tokens = new TokenFile(directory.resolve("tokens"));
        certificate = new RelayCertificate(directory.resolve("certificate.p12"));
        this.plain = List.copyOf(plain);
    }

    /// Whether somebody has a token.
    public boolean hasTokens() throws IOException {
        return !tokens.names().isEmpty();
    }

    /// Who has a token, in the order of enrolment.
    public List<String> names() throws IOException {
        return tokens.names();
    }

    /// Makes a token, and a certificate with the first one.
    ///
    /// @param name by which it can be revoked
    /// @throws IOException also when somebody of that name has one
    public RelayToken enrol(String name, RandomGenerator random) throws IOException {
        byte[] secret = new byte[RelayToken.SECRET_BYTES];
        random.nextBytes(secret);
        byte[] fingerprint = certificate.fingerprintOrMake(random);
        var token = new RelayToken(fingerprint, random.nextLong(), secret);
        tokens.add(token, name);
        return token;
    }

    /// Takes tokens back: connections are refused from now on; those that are there, stay.
    ///
    /// @return whether somebody of that name had one
    public boolean revoke(String name) throws IOException {
        return tokens.remove(name);
    }

    @Override
    public boolean mayBePlain(InetAddress local) {
        return local.isLoopbackAddress()
                || plain.stream().anyMatch(each -> each.isAnyLocalAddress() || each.equals(local));
    }

    @Override
    public synchronized Optional<SSLContext> context() throws IOException {
        if (!Files.exists(certificate.file())) {
            return Optional.empty();
        }
        FileTime made = Files.getLastModifiedTime(certificate.file());
        if (context.isEmpty() || !made.equals(contextOf)) {
            context = Optional.of(certificate.context());
            contextOf = made;
        }
        return context;
    }

    @Override
    public boolean isKnown(long untrustedId, byte[] secret) {
        try {
            return tokens.has(untrustedId, ByteBuffer.wrap(secret));
        } catch (IOException e) {
            RelayLog.warn("tokens: " + Reason.of(e));
            return false;
        }
    }
}
