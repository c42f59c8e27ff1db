// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/// A network on which nobody whom we connect to is waited for longer than a time, whatever patience
/// who uses it has.
///
/// @param limitNanos positive
public record TimedNetwork(Network below, long limitNanos) implements Network {
    public TimedNetwork {
        if (limitNanos <= 0) {
            throw new IllegalArgumentException("limitNanos=" + limitNanos + ", want 1 or more");
        }
    }

    @Override
    public Connection connect(InetSocketAddress to, long patienceNanos) throws IOException {
        return new Timed(below.connect(to, limitNanos), limitNanos);
    }

    @Override
    public Acceptor listen(InetSocketAddress at) throws IOException {
        return below.listen(at);
    }

    private record Timed(Connection below, long limitNanos) implements Connection {
        private boolean isWithin(long patienceNanos) {
            return patienceNanos != FOR_EVER && patienceNanos <= limitNanos;
        }

        /// Who waits shorter may ask again; who would wait longer has waited long enough.
        private IOException stalls(SocketTimeoutException why) {
            return new IOException("no answer within %d ms".formatted(limitNanos / 1_000_000), why);
        }

        @Override
        public int read(ByteBuffer into, long patienceNanos) throws IOException {
            if (isWithin(patienceNanos)) {
                return below.read(into, patienceNanos);
            }
            try {
                return below.read(into, limitNanos);
            } catch (SocketTimeoutException e) {
                throw stalls(e);
            }
        }

        @Override
        public int readNow(ByteBuffer into) throws IOException {
            return below.readNow(into);
        }

        @Override
        public void write(long patienceNanos, ByteBuffer... bytes) throws IOException {
            below.write(isWithin(patienceNanos) ? patienceNanos : limitNanos, bytes);
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
}
