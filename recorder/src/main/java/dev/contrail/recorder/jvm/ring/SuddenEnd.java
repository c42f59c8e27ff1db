// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import dev.contrail.tracer.process.ControlGroups;
import dev.contrail.tracer.ring.read.RingFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// How a process has ended that has not said so, as far as that can be known from outside. Owned by
/// the session's consumer thread.
final class SuddenEnd {
    /// Where the kernel counts the processes of its control group that it has killed.
    private final Optional<Path> killCount;

    private final long killsBefore;
    private Optional<String> told = Optional.empty();

    /// @param ring of a process that may run
    SuddenEnd(RingFile ring) {
        long found = ring.foundProcessId();
        killCount =
                found == 0 ? Optional.empty() : Optional.ofNullable(ControlGroups.killCount(found));
        killsBefore = killCount.map(ControlGroups::kills).orElse(0L);
    }

    /// What to say of it; empty when it has ended in order. The process must have ended.
    ///
    /// @param who the process
    Optional<String> tell(RingFile ring, String who) throws IOException {
        if (told.isEmpty() && !ring.isEndTold()) {
            boolean isMemory = killCount.map(ControlGroups::kills).orElse(0L) > killsBefore;
            told =
                    Optional.of(
                            isMemory
                                    ? who
                                            + " ended suddenly, and the kernel has killed a process"
                                            + " of its control group for want of memory"
                                    : who + " ended suddenly: it was killed, crashed or halted");
        }
        return told;
    }
}
