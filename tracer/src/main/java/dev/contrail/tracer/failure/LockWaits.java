// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.event.Target;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which threads wait for locks that others hold, and since when: monitors, and synchronizers that
/// say who owns them, as `ReentrantLock`. Owned by one thread.
final class LockWaits {
    /// A wait is told when it is as long as that, and again whenever it has doubled.
    private static final long FIRST_TOLD_NANOS = 5_000_000_000L;

    private static final long MILLI_NANOS = 1_000_000;
    private static final long NOBODY = -1;

    /// One wait of one thread.
    private static final class Wait {
        final String lock;

        /// How often the thread has waited, this time included: another number is another wait.
        final long number;

        final long since;
        long tellAfter = FIRST_TOLD_NANOS;

        Wait(String lock, long number, long since) {
            this.lock = lock;
            this.number = number;
            this.since = since;
        }
    }

    private final JvmEvent<HangEvent> hang;
    private final JvmEvent<DeadlockEvent> deadlock;
    private final WatchedThreads threads = new WatchedThreads();
    private Map<Long, Wait> waits = new HashMap<>();

    /// Threads whose deadlock has been told.
    private final Set<Long> deadlocked = new HashSet<>();

    LockWaits(JvmEvent<HangEvent> hang, JvmEvent<DeadlockEvent> deadlock) {
        this.hang = hang;
        this.deadlock = deadlock;
        hang.bind();
        deadlock.bind();
    }

    void look(long now) {
        lookForDeadlocks();
        Map<Long, Wait> found = new HashMap<>();
        for (ThreadInfo info : threads.all()) {
            if (info.getLockOwnerId() == NOBODY || info.getLockName() == null) {
                continue; // it waits for nobody
            }
            long id = info.getThreadId();
            long number = info.getBlockedCount() + info.getWaitedCount();
            Wait wait = waits.get(id);
            if (wait == null || wait.number != number || !wait.lock.equals(info.getLockName())) {
                wait = new Wait(info.getLockName(), number, now);
            }
            found.put(id, wait);
            if (now - wait.since >= wait.tellAfter && !deadlocked.contains(id)) {
                wait.tellAfter = 2 * wait.tellAfter;
                tellHang(info, now - wait.since);
            }
        }
        waits = found;
    }

    private void tellHang(ThreadInfo waiting, long waitedNanos) {
        Target targets = hang.point.target;
        if (targets == null) {
            return;
        }
        long holder = waiting.getLockOwnerId();
        Map<Long, String> stacks = new HashMap<>();
        for (ThreadInfo each : threads.withStacks(waiting.getThreadId(), holder)) {
            stacks.put(each.getThreadId(), stack(each));
        }
        hang.bind()
                .event(
                        targets,
                        waiting.getThreadName(),
                        waiting.getThreadId(),
                        waitedNanos / MILLI_NANOS,
                        waiting.getLockName(),
                        String.valueOf(waiting.getLockOwnerName()),
                        holder,
                        stacks.getOrDefault(waiting.getThreadId(), ""),
                        stacks.getOrDefault(holder, ""));
    }

    private static String stack(ThreadInfo info) {
        return StackText.of(info.getStackTrace(), 0);
    }

    /// Which threads are not seen; empty when all are.
    String problem() {
        return threads.problem();
    }

    private void lookForDeadlocks() {
        Map<Long, ThreadInfo> known = new LinkedHashMap<>();
        for (ThreadInfo info : threads.deadlocked()) {
            known.put(info.getThreadId(), info);
        }
        for (ThreadInfo first : known.values()) {
            List<ThreadInfo> cycle = cycle(first, known);
            if (!cycle.isEmpty() && deadlocked.add(first.getThreadId())) {
                cycle.forEach(each -> deadlocked.add(each.getThreadId()));
                tellDeadlock(cycle);
            }
        }
    }

    /// Who waits for whom, from `first` back to it; empty when it only waits for a cycle.
    private static List<ThreadInfo> cycle(ThreadInfo first, Map<Long, ThreadInfo> known) {
        List<ThreadInfo> cycle = new ArrayList<>();
        ThreadInfo next = first;
        while (next != null && cycle.size() < known.size()) {
            cycle.add(next);
            if (next.getLockOwnerId() == first.getThreadId()) {
                return cycle;
            }
            next = known.get(next.getLockOwnerId());
        }
        return List.of();
    }

    private void tellDeadlock(List<ThreadInfo> cycle) {
        Target targets = deadlock.point.target;
        if (targets == null) {
            return;
        }
        StringBuilder who = new StringBuilder();
        StringBuilder stacks = new StringBuilder();
        for (ThreadInfo each : cycle) {
            who.append(who.length() == 0 ? "" : "\n").append(name(each)).append(" waits for ");
            who.append(each.getLockName()).append(" held by ").append(each.getLockOwnerName());
            who.append(" (").append(each.getLockOwnerId()).append(')');
            stacks.append(stacks.length() == 0 ? "" : "\n").append(name(each));
            stacks.append('\n').append(stack(each));
        }
        deadlock.bind().event(targets, cycle.size(), who.toString(), stacks.toString());
    }

    private static String name(ThreadInfo thread) {
        return thread.getThreadName() + " (" + thread.getThreadId() + ")";
    }
}
