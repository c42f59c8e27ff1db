// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.ctf.Reason;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.thread.Supervisor;
import java.util.List;

/// The spilled rings of a live session, whose viewers see events in the order of time: what they
/// hold is given on up to a moment, the same for all.
///
/// Owned by the sender thread, but for [#problem].
final class MarkedRings {
    private final Supervisor supervisor;
    private volatile String problem = "";

    MarkedRings(Supervisor supervisor) {
        this.supervisor = supervisor;
    }

    /// Takes out what was recorded until now, and gives it on; what fails is tried again at the
    /// next call.
    ///
    /// @return whether all that was recorded before the call has been given on
    boolean mark(List<Ring> rings, PacketSink sink) {
        boolean isAll = true;
        for (Ring each : rings) {
            isAll &= isDone(each::mark);
        }
        for (Ring each : rings) {
            isAll &= isDone(() -> each.drainMarked(sink));
        }
        return isAll;
    }

    private interface Work {
        boolean isDone() throws Exception;
    }

    private boolean isDone(Work work) {
        try {
            return work.isDone();
        } catch (Throwable failure) {
            if (problem.isEmpty()) {
                problem = "Cannot record: " + Reason.of(failure);
            }
            supervisor.failed("Cannot record", failure);
            return false;
        }
    }

    /// What went wrong first, empty for nothing. Any thread.
    String problem() {
        return problem;
    }
}
