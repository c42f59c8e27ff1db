// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.statedump;

import dev.contrail.tracer.process.OtherThread;
import dev.contrail.tracer.process.TracerThread;
import dev.contrail.tracer.ring.write.RecordingThread;
import dev.contrail.tracer.ring.write.ThreadFacts;
import dev.contrail.tracer.ring.write.WriterPool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The platform threads of the process, with the operating system's ids of those that have recorded
/// events: those of others a JVM does not tell. Owned by the link thread.
final class KnownThreads {
    /// No more are dumped, so that the dump of a program with very many is no burden.
    private static final int MOST = 16_384;

    private static final int FEWEST_PRUNED = 1024;

    /// A thread, as its event tells it.
    record Row(int vtid, long javaId, String name, boolean isDaemon) {
        static Row of(RecordingThread thread) {
            return new Row(thread.vtid, thread.javaId, thread.name, thread.isDaemon);
        }

        void put(DumpEvent event, WriterPool pool) {
            OtherThread thread = new OtherThread(vtid, javaId, name, false);
            event.putOf(thread, pool, vtid, javaId, name, isDaemon); // if it is lost, it is counted
        }
    }

    /// By their Java ids.
    private Map<Long, Integer> vtids = new HashMap<>();

    private int pruneAt = FEWEST_PRUNED;

    /// @return `begun`
    List<RecordingThread> add(List<RecordingThread> begun) {
        for (RecordingThread each : begun) {
            vtids.put(each.javaId, each.vtid);
        }
        if (vtids.size() > pruneAt) {
            prune();
        }
        return begun;
    }

    /// Forgets those that have ended.
    private void prune() {
        Set<Long> alive = new HashSet<>();
        for (Row each : alive()) {
            alive.add(each.javaId);
        }
        vtids.keySet().retainAll(alive);
        pruneAt = Math.max(FEWEST_PRUNED, 2 * vtids.size());
    }

    /// Those that there are now, but for the JVM's own, which have no Java objects.
    List<Row> alive() {
        ThreadGroup all = TracerThread.systemGroup();
        Thread[] threads = new Thread[Math.min(MOST, all.activeCount() + 64)];
        int count = all.enumerate(threads);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long javaId = ThreadFacts.javaId(threads[i]);
            int vtid = vtids.getOrDefault(javaId, 0);
            rows.add(new Row(vtid, javaId, threads[i].getName(), threads[i].isDaemon()));
        }
        return rows;
    }
}
