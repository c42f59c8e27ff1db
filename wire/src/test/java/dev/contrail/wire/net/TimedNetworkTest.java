// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class TimedNetworkTest {
    private static final long LIMIT = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PATIENCE = TimeUnit.HOURS.toNanos(1);
    private static final int MUCH = 64 << 20;

    private interface Using {
        void use(Connection connection) throws IOException;
    }

    /// With somebody who accepts and says nothing.
    private static void withSilent(Using using) throws IOException {
        var network = new TimedNetwork(new Tcp(), LIMIT);
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Acceptor silent = network.listen(any);
                Connection connection = network.connect(silent.address(), PATIENCE)) {
            using.use(connection);
        }
    }

    @Test
    void whoWouldWaitLongerHasWaitedLongEnough() throws IOException {
        withSilent(connection -> {
            for (long patience : new long[] {PATIENCE, Connection.FOR_EVER}) {
                assertThatThrownBy(() -> connection.read(ByteBuffer.allocate(1), patience))
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(SocketTimeoutException.class)
                        .hasMessage("no answer within 20 ms");
            }
            assertThatThrownBy(() -> connection.write(PATIENCE, ByteBuffer.allocate(MUCH)))
                    .isInstanceOf(SocketTimeoutException.class);
        });
    }

    @Test
    void whoWaitsShorterMayAskAgain() throws IOException {
        withSilent(connection -> {
            assertThatThrownBy(() -> connection.read(ByteBuffer.allocate(1), LIMIT / 2))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(connection.readNow(ByteBuffer.allocate(1))).isZero();
        });
    }
}
