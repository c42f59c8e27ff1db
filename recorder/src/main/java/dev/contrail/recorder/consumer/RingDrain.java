// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.ctf.Reason;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.thread.Supervisor;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Drains rings again and again: one that fails costs the others nothing, and the first failure is
/// kept to be told. The wait between two rounds adapts to how full the buffers were.
///
/// Owned by one thread, but for [#problem].
final class RingDrain {
    private static final long SHORTEST_MILLIS = 10;
    private static final long LONGEST_MILLIS = 100;
    private static final long STEP_MILLIS = 10;
    private static final double FULL = 0.25;
    private static final double EMPTY = 0.1;

    private final Supervisor supervisor;
    private long periodMillis = SHORTEST_MILLIS;
    private volatile String problem = "";

    RingDrain(Supervisor supervisor) {
        this.supervisor = supervisor;
    }

    /// Drains each ring, and lets go of those that are used no more.
    void drain(List<Ring> rings, PacketSink sink, boolean isFinal) {
        double fullest = 0;
        for (Ring ring : rings) {
            try {
                fullest = Math.max(fullest, ring.drain(sink, isFinal));
                discardFinished(ring);
            } catch (Throwable failure) {
                if (problem.isEmpty()) {
                    problem = "Cannot record: " + Reason.of(failure);
                }
                supervisor.failed("Cannot record", failure);
            }
        }
        if (fullest > FULL) {
            periodMillis = Math.max(SHORTEST_MILLIS, periodMillis / 2);
        } else if (fullest < EMPTY) {
            periodMillis = Math.min(LONGEST_MILLIS, periodMillis + STEP_MILLIS);
        }
    }

    /// Lets a ring go that is used no more: also in a snapshot session, which drains nothing.
    void discardFinished(Ring ring) {
        try {
            if (ring.isFinished()) {
                ring.discard();
            }
        } catch (Throwable failure) {
            supervisor.failed("Cannot let go of a ring", failure);
        }
    }

    /// How long to wait after the last round.
    long periodNanos() {
        return TimeUnit.MILLISECONDS.toNanos(periodMillis);
    }

    /// What went wrong first, empty for nothing. Any thread.
    String problem() {
        return problem;
    }
}
