// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.wire.net.Connection;
import dev.contrail.wire.net.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What messages need that have not come whole.
class MessageMemoryTest {
    private static final int MOST = 1_000_000;
    private static final int LONG = 700_000;

    private final List<Peer> peers = new ArrayList<>();
    private long now = 1;

    private final TimeSource clock =
            new TimeSource() {
                @Override
                public long nanos() {
                    return now;
                }

                @Override
                public long epochMillis() {
                    return 0;
                }

                @Override
                public void park(Object blocker, long nanos) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public void later(long nanos, Runnable work) {
                    throw new UnsupportedOperationException();
                }

                /// The threads of those that were closed end meanwhile.
                @Override
                public void sleep(long nanos) {
                    now += nanos;
                    peers.stream().filter(Peer::isClosed).forEach(Peer::release);
                }
            };

    private final MessageMemory memory = new MessageMemory(false, MOST, clock);

    /// Sends as much as there is room for, or nothing more after so many bytes.
    private record Sending(int[] left) implements Connection {
        @Override
        public int read(ByteBuffer into, long patienceNanos) {
            int count = Math.min(left[0], into.remaining());
            left[0] -= count;
            into.position(into.position() + count);
            return count == 0 ? -1 : count;
        }

        @Override
        public int readNow(ByteBuffer into) {
            return 0;
        }

        @Override
        public void write(long patienceNanos, ByteBuffer... bytes) {}

        @Override
        public InetSocketAddress remote() {
            return new InetSocketAddress("127.0.0.1", 1);
        }

        @Override
        public InetSocketAddress local() {
            return remote();
        }

        @Override
        public void close() {}
    }

    private Peer peer(int bytes) {
        var peer = new Peer(new Sending(new int[] {bytes}), clock, memory, () -> false);
        peers.add(peer);
        return peer;
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        Peer first = peer(LONG);
        Peer second = peer(LONG);
        assertThat(first.reserve(LONG)).isTrue();
        assertThat(second.reserve(LONG)).isFalse();
        assertThatThrownBy(() -> second.await(LONG)).hasMessageContaining("no memory");
        assertThat(second.await(16)).isTrue(); // what is short comes all the same

        first.release();
        assertThat(second.reserve(LONG)).isTrue();
    }

    @Test
    void whoTakesTooLongGivesWay() {
        Peer late = peer(LONG);
        Peer other = peer(LONG);
        assertThat(late.reserve(LONG)).isTrue();
        now += TimeUnit.SECONDS.toNanos(11);
        assertThat(other.reserve(LONG)).isTrue();
        assertThat(late.isClosed()).isTrue();
        assertThat(other.isClosed()).isFalse();
    }

    /// However long ago its last message was.
    @Test
    void whoHasSentAllOfItDoesNotGiveWay() throws IOException {
        Peer quiet = peer(LONG);
        Peer other = peer(LONG);
        assertThat(quiet.await(LONG)).isTrue();
        quiet.take(LONG);
        now += TimeUnit.SECONDS.toNanos(11);
        assertThat(other.reserve(LONG)).isFalse();
        assertThat(quiet.isClosed()).isFalse();

        // When it awaits the next message it gives back what is scarce.
        assertThat(quiet.await(16)).isFalse();
        assertThat(other.reserve(LONG)).isTrue();
    }
}
