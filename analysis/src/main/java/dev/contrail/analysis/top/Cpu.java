// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import dev.contrail.analysis.top.Tally.Sum;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One processor.
final class Cpu {
    /// Threads that are known to wait for one processor, at most.
    static final int MAX_WAITING = 1024;

    private final long number;
    private final Set<Task> waiting = new LinkedHashSet<>();

    final Tally sums;

    /// The thread that has it; null when it is idle, or nobody has said yet.
    @Nullable Task current;

    /// Up to when its use is accounted for, while it is used.
    long busySince = Task.NEVER;

    /// When a thread last gave it to another.
    long lastSwitch = Task.NEVER;

    /// Up to when it is accounted for to nobody, as some of what it recorded is missing.
    long unsureSince = Task.NEVER;

    /// Whether the last thread that took it from the idle one did so unseen: there are kernels that
    /// record nothing of a processor's idle thread.
    boolean hidesIdle;

    Cpu(long number, Interval interval) {
        this.number = number;
        sums = new Tally(interval);
    }

    long number() {
        return number;
    }

    void settle(long now) {
        if (busySince != Task.NEVER) {
            sums.add(Sum.RUN, now - busySince);
            busySince = now;
        }
        settleWaiting(now);
    }

    /// Accounts for the threads that wait: whom they waited for is who has it until now.
    void settleWaiting(long now) {
        if (waiting.isEmpty()) {
            return;
        }
        long culprit = current == null ? 0 : current.tid();
        for (Task each : waiting) {
            each.settleWait(now, culprit);
        }
    }

    /// A thread waits for this processor from now on.
    void await(Task task, long now) {
        if (waiting.size() < MAX_WAITING) {
            if (!task.isWaiting()) {
                task.waitingSince = now;
                task.waitSettled = now;
            }
            task.waitingCpu = number;
            waiting.add(task);
        }
    }

    void forget(Task task) {
        waiting.remove(task);
    }

    /// What was recorded of it has a gap: who waits for it now is not known.
    void forgetWaiting() {
        waiting.forEach(each -> each.waitingSince = Task.NEVER);
        waiting.clear();
    }

    int waitingThreads() {
        return waiting.size();
    }
}
