// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.write.PoolRefusedException;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import dev.contrail.tracer.stack.StackContext;
import dev.contrail.tracer.stack.StackEvents;
import dev.contrail.tracer.statedump.JvmStateDumps;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A channel's pool in this process, and what is recorded in it. Owned by the link thread.
final class OpenChannel {
    /// How an event class is recorded.
    record Enabled(int eventId, List<String> filters) {}

    final WriterPool pool;
    final Map<Integer, Enabled> enabled = new HashMap<>();

    /// What the metadata has of each of its pools.
    private final Map<WriterPool, Map<Integer, EventDescription>> described =
            new IdentityHashMap<>();

    /// Said since the last connection was made.
    final Set<Integer> confirmed = new HashSet<>();

    boolean isConfirmed = true;

    /// The log system whose rules it has; null: none. A channel has those of one.
    @Nullable LogSystem logging;

    boolean isLoggingConfirmed;

    /// Whether events of JFR are wanted.
    boolean hasJfr;

    boolean isJfrConfirmed;

    boolean hasMethods;
    boolean hasMethodsConfirmed;

    /// What was last said of them.
    String methodProblem = "";

    boolean hasStateDump;

    /// Where its records have their stacks from, if they have the context.
    final StackContext stacks;

    OpenChannel(WriterPool pool, StackContext stacks) {
        this.pool = pool;
        this.stacks = stacks;
    }

    /// The pool for events of that class.
    ///
    /// @throws PoolRefusedException when there is no room for it
    WriterPool poolOf(EventPoint point) throws IOException, PoolRefusedException {
        boolean isPinned =
                JvmStateDumps.isOne(point.name()) || point.name().equals(StackEvents.NAME);
        return isPinned ? ring().openPinned(pool) : pool;
    }

    /// Describes an event of one of its pools. Metadata comes before the first record that needs it
    /// (rule 5).
    void describe(WriterPool its, EventDescription event)
            throws IOException, PoolRefusedException, LinkException {
        Map<Integer, EventDescription> there = described.computeIfAbsent(its, p -> new HashMap<>());
        EventDescription known = there.get(event.id());
        if (event.equals(known)) {
            return;
        }
        if (known != null) {
            throw new LinkException("event id " + event.id() + " is that of " + known.name());
        }
        ring().describe(its, event);
        there.put(event.id(), event);
    }

    /// Where there is a pool there is a ring.
    static RingWriter ring() {
        return Objects.requireNonNull(RingWriter.current());
    }
}
