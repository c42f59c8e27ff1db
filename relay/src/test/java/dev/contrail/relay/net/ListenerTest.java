// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.net.Tcp;
import dev.contrail.wire.net.TimeSource;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ListenerTest {
    private static final int MESSAGE_BYTES = 8;
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(50);

    private static final int PLACES = 100;

    private static Listener open(Listener.Service service, long patienceNanos) throws IOException {
        return Listener.open(
                new Listener.Kind(
                        "test",
                        Thread.ofPlatform().daemon().factory(),
                        service,
                        _ -> () -> false,
                        PLACES,
                        MessageMemory.usual(false, TimeSource.SYSTEM),
                        patienceNanos),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new Tcp(),
                TimeSource.SYSTEM,
                Thread.ofPlatform().daemon().factory());
    }

    private static Socket connect(Listener listener) throws IOException {
        return new Socket(listener.address().getAddress(), listener.address().getPort());
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    /// Answers each message with itself.
    private static void echo(Peer peer) throws IOException {
        while (peer.await(MESSAGE_BYTES)) {
            ByteBuffer taken = peer.take(MESSAGE_BYTES);
            peer.send(ByteBuffer.allocate(MESSAGE_BYTES).put(taken).flip());
        }
    }

    @Test
    void whoStopsWithinAMessageIsCutAndWhoSaysNothingIsNot() throws IOException {
        try (Listener listener = open(ListenerTest::echo, PATIENCE);
                Socket silent = connect(listener);
                Socket stopping = connect(listener)) {
            silent.getOutputStream().write(new byte[MESSAGE_BYTES]);
            stopping.getOutputStream().write(new byte[MESSAGE_BYTES + 1]);
            assertThat(silent.getInputStream().readNBytes(MESSAGE_BYTES)).hasSize(MESSAGE_BYTES);
            assertThat(stopping.getInputStream().readAllBytes()).hasSize(MESSAGE_BYTES);
            silent.getOutputStream().write(new byte[MESSAGE_BYTES]);
            assertThat(silent.getInputStream().readNBytes(MESSAGE_BYTES)).hasSize(MESSAGE_BYTES);
        }
    }

    @Test
    void whoTakesNothingIsCut() throws IOException {
        try (Listener listener = open(ListenerTest::echo, PATIENCE);
                Socket asking = connect(listener)) {
            OutputStream out = asking.getOutputStream();
            byte[] many = new byte[1024 * MESSAGE_BYTES];
            boolean isCut = false;
            while (!isCut) {
                try {
                    out.write(many); // waits while the relay waits, and fails when it is cut
                } catch (IOException e) {
                    isCut = true;
                }
            }
            assertThat(isCut).isTrue();
        }
    }

    @Test
    void tellsWhenItsThreadsComeNoFurther() throws IOException {
        var isDone = new CountDownLatch(1);
        try (Listener listener =
                        open(
                                peer -> {
                                    if (peer.await(MESSAGE_BYTES)) {
                                        peer.take(MESSAGE_BYTES);
                                        awaitDone(isDone);
                                    }
                                    peer.await(MESSAGE_BYTES);
                                },
                                0);
                Socket peer = connect(listener)) {
            assertThat(listener.hasTrouble(PATIENCE)).isFalse();
            peer.getOutputStream().write(new byte[MESSAGE_BYTES]);
            await(() -> listener.hasTrouble(PATIENCE));
            isDone.countDown();
            await(() -> !listener.hasTrouble(PATIENCE));
            assertThat(listener.isListening()).isTrue();
        }
    }

    private static void awaitDone(CountDownLatch isDone) {
        try {
            isDone.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void tellsWhenOneHasEndedUnforeseen() throws IOException {
        try (Listener listener =
                        open(
                                peer -> {
                                    if (peer.await(MESSAGE_BYTES)) {
                                        throw new IllegalStateException("a fault");
                                    }
                                },
                                0);
                Socket peer = connect(listener)) {
            assertThat(listener.hasTrouble(Long.MAX_VALUE)).isFalse();
            peer.getOutputStream().write(new byte[MESSAGE_BYTES]);
            await(() -> listener.hasTrouble(Long.MAX_VALUE));
            assertThat(listener.isListening()).isTrue();
        }
    }

    /// Where all places are taken by those who have spoken and hold nothing, the oldest of them
    /// gives way, and nobody who holds something.
    @Test
    void whoHoldsNothingGivesWayWhereAllPlacesAreTaken() throws IOException {
        try (Listener listener =
                open(
                        peer -> {
                            while (peer.await(MESSAGE_BYTES)) {
                                boolean isHolder = peer.take(MESSAGE_BYTES).get() != 0;
                                peer.speaks();
                                peer.holds(isHolder);
                                peer.send(ByteBuffer.allocate(MESSAGE_BYTES));
                            }
                        },
                        0)) {
            List<Socket> holders = new ArrayList<>();
            List<Socket> others = new ArrayList<>();
            for (int i = 0; i < PLACES; i++) {
                boolean isHolder = i % 10 == 0;
                (isHolder ? holders : others).add(say(connect(listener), isHolder));
            }
            for (int i = 0; i < 10 * PLACES; i++) {
                others.add(say(connect(listener), false));
            }
            for (Socket each : holders) {
                say(each, true);
            }
            say(others.getLast(), false);
            assertThat(others.getFirst().getInputStream().read()).isEqualTo(-1);
            say(holders.getFirst(), false);
            for (int i = 0; i < PLACES; i++) {
                others.add(say(connect(listener), false));
            }
            assertThat(holders.getFirst().getInputStream().read()).isEqualTo(-1);
            for (int i = holders.size(); i < PLACES; i++) {
                holders.add(say(connect(listener), true));
            }
            say(holders.getLast(), true);
        }
    }

    private static Socket say(Socket socket, boolean isHolder) throws IOException {
        byte[] message = new byte[MESSAGE_BYTES];
        message[0] = (byte) (isHolder ? 1 : 0);
        socket.getOutputStream().write(message);
        assertThat(socket.getInputStream().readNBytes(MESSAGE_BYTES)).hasSize(MESSAGE_BYTES);
        return socket;
    }
}
