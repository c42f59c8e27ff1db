// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.process.TracerThread;
import dev.contrail.tracer.ring.write.ThreadFacts;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What `ThreadMXBean` says of the threads of this JVM. Before JDK 19 it asks each for its id by a
/// method that a program's class can override, and says nothing of any when that throws: then they
/// are asked for one by one, and those that do not say their ids are left out. Owned by one thread.
final class WatchedThreads {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private String problem = "";

    /// Which threads are not seen; empty when all are.
    String problem() {
        return problem;
    }

    /// All threads, without their stacks.
    List<ThreadInfo> all() {
        try {
            return of(threads.getAllThreadIds(), 0);
        } catch (Throwable e) { // of the program's thread
            return of(said(e), 0);
        }
    }

    /// Those that are part of a deadlock, with their stacks, and perhaps others.
    List<ThreadInfo> deadlocked() {
        try {
            long[] ids = threads.findDeadlockedThreads();
            return ids == null ? List.of() : withStacks(ids);
        } catch (Throwable e) { // one of them
            return withStacks(said(e));
        }
    }

    /// Those of these threads that have not ended.
    List<ThreadInfo> withStacks(long... ids) {
        return of(ids, Integer.MAX_VALUE);
    }

    private List<ThreadInfo> of(long[] ids, int frames) {
        List<ThreadInfo> found = new ArrayList<>();
        try {
            found.addAll(Arrays.asList(threads.getThreadInfo(ids, frames)));
        } catch (Throwable e) { // it tells a lock's holder, too
            found.clear();
            for (long each : ids) {
                one(each, frames, found);
            }
        }
        found.removeIf(each -> each == null);
        return found;
    }

    private void one(long id, int frames, List<ThreadInfo> into) {
        try {
            into.add(threads.getThreadInfo(id, frames));
        } catch (Throwable e) {
            unseen(e);
        }
    }

    /// The ids of those that say theirs.
    private long[] said(Throwable why) {
        unseen(why);
        ThreadGroup root = TracerThread.systemGroup();
        Thread[] all = new Thread[2 * root.activeCount() + 16];
        int count = root.enumerate(all);
        return Arrays.stream(all, 0, count)
                .mapToLong(ThreadFacts::javaId)
                .filter(id -> id > 0)
                .toArray();
    }

    private void unseen(Throwable why) {
        problem =
                "jvm:hang and jvm:deadlock leave out threads whose class overrides getId and throws, and those that wait for them: "
                        + why.getClass().getName();
    }
}
