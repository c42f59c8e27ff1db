// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.relay.trust.Enrolment;
import dev.contrail.wire.RelayToken;
import dev.contrail.wire.net.Acceptor;
import dev.contrail.wire.net.Connection;
import dev.contrail.wire.net.Tcp;
import dev.contrail.wire.secure.GuardedNetwork;
import dev.contrail.wire.secure.KnownRelays;
import dev.contrail.wire.secure.TokenNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens and certificates, each end over real connections.
@Timeout(120)
class TrustTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final Random RANDOM = new Random(7);

    @TempDir private Path directory;
    private Acceptor acceptor;

    @BeforeEach
    void listen() throws IOException {
        acceptor =
                new GuardedNetwork(new Tcp(), enrolment())
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::serve);
    }

    @AfterEach
    void close() throws IOException {
        acceptor.close();
    }

    private Enrolment enrolment() {
        return new Enrolment(directory.resolve("trust"), List.of());
    }

    /// Sends back what comes.
    private void serve() {
        while (acceptor.isOpen()) {
            try {
                Connection each = acceptor.accept();
                Thread.ofVirtual().start(() -> echo(each));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void echo(Connection with) {
        try (with) {
            ByteBuffer bytes = ByteBuffer.allocate(100_000);
            while (with.read(bytes.clear(), Connection.FOR_EVER) >= 0) {
                with.write(Connection.FOR_EVER, bytes.flip());
            }
        } catch (IOException e) {
            return; // refused, or closed
        }
    }

    private Connection connect(RelayToken token) throws IOException {
        return new TokenNetwork(new Tcp(), _ -> Optional.of(token))
                .connect(acceptor.address(), PATIENCE_NANOS);
    }

    private static void exchange(Connection connection, int size)
            throws IOException, InterruptedException {
        byte[] sent = new byte[size];
        RANDOM.nextBytes(sent);
        Thread writer =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                connection.write(
                                        PATIENCE_NANOS,
                                        ByteBuffer.wrap(sent, 0, size / 3),
                                        ByteBuffer.wrap(sent, size / 3, size - size / 3));
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        ByteBuffer received = ByteBuffer.allocate(size);
        while (received.hasRemaining()) {
            assertThat(connection.read(received, PATIENCE_NANOS)).isPositive();
        }
        assertThat(received.array()).isEqualTo(sent);
        writer.join();
    }

    @Test
    void whoHasATokenGetsIn() throws IOException, InterruptedException {
        RelayToken token = enrolment().enrol("viewer", RANDOM);

        try (Connection connection = connect(token)) {
            exchange(connection, 1);
            exchange(connection, 3_000_000);
            assertThat(connection.readNow(ByteBuffer.allocate(1))).isZero();
        }
    }

    @Test
    void onThisMachineNobodyNeedsOne() throws IOException {
        try (Connection plain = new Tcp().connect(acceptor.address(), PATIENCE_NANOS)) {
            plain.write(PATIENCE_NANOS, ByteBuffer.wrap(new byte[] {0, 1}));
            ByteBuffer back = ByteBuffer.allocate(2);
            while (back.hasRemaining()) {
                assertThat(plain.read(back, PATIENCE_NANOS)).isPositive();
            }
            assertThat(back.array()).containsExactly(0, 1);
        }
    }

    @Test
    void aTokenThatWasTakenBackIsRefused() throws IOException {
        RelayToken token = enrolment().enrol("viewer", RANDOM);
        enrolment().enrol("other", RANDOM);
        connect(token).close();

        assertThat(enrolment().revoke("viewer")).isTrue();

        assertThat(enrolment().names()).containsExactly("other");
        assertThatThrownBy(() -> connect(token))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not know the token")
                .hasMessageContaining("--enrol");
    }

    /// Also one that is known, but whose secret is guessed.
    @Test
    void aWrongSecretIsRefused() throws IOException {
        RelayToken good = enrolment().enrol("viewer", RANDOM);
        var guessed =
                new RelayToken(good.fingerprint(), good.id(), new byte[RelayToken.SECRET_BYTES]);

        assertThatThrownBy(() -> connect(guessed)).hasMessageContaining("does not know the token");
    }

    /// Somebody between, or a relay that was set up anew.
    @Test
    void anotherCertificateIsRefusedBeforeTheSecretIsShown() throws IOException {
        RelayToken good = enrolment().enrol("viewer", RANDOM);
        var elsewhere =
                new RelayToken(new byte[RelayToken.FINGERPRINT_BYTES], good.id(), good.secret());

        assertThatThrownBy(() -> connect(elsewhere))
                .hasMessageContaining("its certificate is not the token's")
                .hasMessageContaining("--enrol");
    }

    /// As LTTng's relay does with what it does not understand.
    @Test
    void aRelayThatKnowsNoTokensIsSaidToBeThat() throws IOException {
        RelayToken token = new Enrolment(directory.resolve("other"), List.of()).enrol("x", RANDOM);

        assertThatThrownBy(() -> connect(token)).hasMessageContaining("it takes no token");
    }

    @Test
    void nobodyElseCanReadWhatIsKept() throws IOException {
        enrolment().enrol("viewer", RANDOM);
        Path trust = directory.resolve("trust");

        assertThat(rights(trust)).isEqualTo("rwx------");
        try (var files = Files.list(trust)) {
            assertThat(files).isNotEmpty().allMatch(each -> rights(each).equals("rw-------"));
        }
        assertThat(trust.resolve("tokens")).content().contains(" viewer").doesNotContain("ct1_");
        assertThatThrownBy(() -> enrolment().enrol("viewer", RANDOM))
                .hasMessageContaining("viewer has a token already");
    }

    /// Whoever can read it may have copied it, whoever can write it lets anybody in.
    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-"})
    void whatOthersCanOpenIsNotTrusted(String rights) throws IOException {
        RelayToken token = enrolment().enrol("viewer", RANDOM);
        Path mine = directory.resolve("relay-tokens");
        var known = new KnownRelays(mine);
        known.keep("host", token);
        for (Path each :
                List.of(
                        directory.resolve("trust/tokens"),
                        directory.resolve("trust/certificate.p12"),
                        mine)) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString(rights));
        }

        assertThatThrownBy(() -> enrolment().hasTokens()).hasMessageContaining("chmod 600");
        assertThatThrownBy(() -> enrolment().context()).hasMessageContaining("chmod 600");
        assertThat(enrolment().isKnown(token.id(), token.secret())).isFalse();
        assertThatThrownBy(() -> known.of("host")).hasMessageContaining("chmod 600 " + mine);
    }

    private static String rights(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
