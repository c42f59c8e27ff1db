// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.statedump;

import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.ring.ProgramName;
import dev.contrail.tracer.ring.write.RecordingThread;
import dev.contrail.tracer.ring.write.WriterPool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// State dumps of this process, for channels that have events of them enabled. Owned by the link
/// thread.
public final class JvmStateDumps {
    /// The provider of these events. `start`, `procname` and `end` are LTTng-UST's, which has
    /// shared objects where this has a class path and agents.
    public static final String PREFIX = "lttng_ust_statedump:";

    /// The event class that applications have after the others.
    public static final String LAST = PREFIX + DumpEvents.LAST;

    private static @Nullable DumpEvents events;
    private static final KnownThreads THREADS = new KnownThreads();

    private JvmStateDumps() {}

    /// Whether an event, or a rule's pattern, is one of state dumps. A rule that does not name them
    /// (`*`) has no part in them: their events are none of the program's.
    public static boolean isOne(String nameOrPattern) {
        return nameOrPattern.startsWith(PREFIX);
    }

    /// There is a session daemon: it can have the events.
    public static void announce() {
        if (events == null) {
            events = new DumpEvents();
        }
    }

    /// Records what state the process is in now.
    ///
    /// @param pinned the pool that the channel has for it
    /// @return false when there is no room for all of it
    public static boolean take(WriterPool pinned) {
        DumpEvents all = events;
        if (all == null) {
            return true;
        }
        tellThreads(); // the other channels, too
        all.start.put(pinned);
        all.procname.put(pinned, ProgramName.ofPackets());
        ProcessState.put(all, pinned);
        for (KnownThreads.Row each : THREADS.alive()) {
            each.put(all.thread, pinned);
        }
        return all.end.put(pinned);
    }

    /// Records the names of threads that have begun to record events since: as long as half of what
    /// the channel has for it is free, so that a program of ever new threads leaves room for dumps
    /// and stacks.
    public static void tellThreads() {
        List<RecordingThread> begun = THREADS.add(RecordingThread.takeNew());
        DumpEvents all = events;
        if (all == null) {
            return;
        }
        for (RecordingThread each : begun) {
            for (Target target = all.thread.point.target; target != null; target = target.next) {
                if (target.pool.isHalfFree()) {
                    KnownThreads.Row.of(each).put(all.thread, target.pool);
                }
            }
        }
    }
}
