// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.session;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// The handles that producers have of streams, and which session each stream belongs to. Used by
/// all threads.
final class StreamHandles {
    private final int most;
    private final RandomGenerator random;
    private final BooleanSupplier giveWay;
    private final Map<Long, RelaySession> sessions = new ConcurrentHashMap<>();

    /// @param most streams that may be open at once
    /// @param random for handles that nobody can guess
    /// @param giveWay closes streams where there are too many; false when none can be closed
    StreamHandles(int most, RandomGenerator random, BooleanSupplier giveWay) {
        this.most = most;
        this.random = random;
        this.giveWay = giveWay;
    }

    private final class OfSession implements SessionStreams.Handles {
        private final RelaySession session;

        private OfSession(RelaySession session) {
            this.session = session;
        }

        @Override
        public long next() {
            long handle;
            do {
                handle = random.nextLong() >>> 1;
            } while (handle == 0 || sessions.containsKey(handle));
            while (sessions.size() >= most && giveWay.getAsBoolean()) {}
            return sessions.size() < most ? handle : 0;
        }

        @Override
        public void added(long handle) {
            sessions.put(handle, session);
        }

        @Override
        public void removed(long handle) {
            sessions.remove(handle);
        }
    }

    /// Those of a session.
    SessionStreams.Handles of(RelaySession session) {
        return new OfSession(session);
    }

    /// The session that a stream belongs to.
    Optional<RelaySession> session(long untrustedHandle) {
        return Optional.ofNullable(sessions.get(untrustedHandle));
    }
}
