// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.tap.LogCapture;
import java.util.concurrent.locks.LockSupport;

/// An event of something that the JDK does, seen by calls that are inserted there as long as a
/// session wants it. Link thread.
final class TappedEvent implements FailureEvents {
    /// How long who wants the event waits for the calls that see it.
    private static final long PATIENCE_NANOS = 500_000_000;

    private static final long LOOK_NANOS = 1_000_000;

    private final EventPoint point;
    private final LogCapture capture;
    private long failedTold;

    TappedEvent(EventPoint point, LogCapture capture) {
        this.point = point;
        this.capture = capture;
    }

    @Override
    public void follow() {
        capture.want(point.isEnabled());
        long begin = System.nanoTime();
        while (capture.isWorking() && System.nanoTime() - begin < PATIENCE_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    @Override
    public String problem() {
        String problem = point.isEnabled() ? capture.problem() : "";
        return problem.isEmpty() ? "" : point.name() + " is not recorded: " + problem;
    }

    /// Those for which there was no stack.
    @Override
    public void tellFailed() {
        long failed = capture.failed();
        for (Target each = point.target; each != null; each = each.next) {
            each.pool.unheldLost += failed - failedTold;
        }
        failedTold = failed;
    }
}
