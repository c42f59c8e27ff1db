// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.producer;

import dev.contrail.relay.journal.Resumption;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.session.RelaySession;
import dev.contrail.wire.net.TimeSource;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/// Sessions whose producers are gone and may come back: their viewers wait with them, for a while.
/// After that the journal is what a producer goes on from.
public final class AbsentProducers {
    /// How long a producer may be away.
    public static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final TimeSource clock;
    private final ThreadFactory threads;

    /// @param threads that wait
    public AbsentProducers(TimeSource clock, ThreadFactory threads) {
        this.clock = clock;
        this.threads = threads;
    }

    /// The connection of a session's producer has ended.
    void detached(RelaySession session) {
        Resumption its = session.resumption().orElseThrow();
        boolean isOver = its.isComplete();
        try {
            its.commit();
        } catch (IOException e) {
            RelayLog.failed("journal of " + session.directory(), e);
            session.giveUp(); // its producer goes on from what the journal says
            return;
        }
        if (isOver) {
            session.end();
            return;
        }
        long which = its.detach();
        threads.newThread(() -> await(session, its, which)).start();
    }

    private void await(RelaySession session, Resumption its, long which) {
        try {
            clock.sleep(PATIENCE_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (its.isDetachedSince(which)) {
            session.end();
        }
    }
}
