// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.tap.LogCapture;
import java.util.List;

/// Events of something that the JDK does, seen by calls that are inserted there as long as a
/// session wants one of them. Link thread.
final class TappedEvent implements FailureEvents {
    private final List<EventPoint> points;
    private final LogCapture capture;
    private long failedTold;

    TappedEvent(LogCapture capture, EventPoint... points) {
        this.points = List.of(points);
        this.capture = capture;
    }

    @Override
    public void follow() {
        capture.wantNow(points.stream().anyMatch(EventPoint::isEnabled));
    }

    @Override
    public String problem() {
        String problem = capture.problem();
        for (EventPoint each : points) {
            if (!problem.isEmpty() && each.isEnabled()) {
                return each.name() + " is not recorded: " + problem;
            }
        }
        return "";
    }

    /// Those for which there was no stack; of which event they were is not known.
    @Override
    public synchronized void tellFailed() { // also of the thread that halts the program
        long failed = capture.failed();
        for (EventPoint point : points) {
            Target targets = point.target;
            if (targets != null && failed != failedTold) {
                for (Target each = targets; each != null; each = each.next) {
                    each.pool.unheldLost += failed - failedTold;
                }
                break;
            }
        }
        failedTold = failed;
    }
}
