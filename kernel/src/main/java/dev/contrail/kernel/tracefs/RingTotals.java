// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.tracefs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Goes on counting where somebody else has cleared a ring, which sets the kernel's counts to zero:
/// records that were in it then are overwritten ones, as far as they were seen to be there. And
/// says what others have done to the rings. Any thread.
final class RingTotals {
    private static final CpuStats NOTHING = new CpuStats(0, 0, 0, 0, 0, 0);

    /// One CPU's: the kernel's counts when they were last looked at, and what came before them.
    private record Counts(CpuStats last, CpuStats before) {}

    /// Looks at the kernel's account of a CPU's ring.
    @FunctionalInterface
    interface Look {
        CpuStats stats() throws IOException;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Counts> cpus = new HashMap<>();
    private final List<String> found = new ArrayList<>();

    /// The account since the beginning.
    ///
    /// @param look at the kernel's, one at a time: an older one would look like a ring that was
    ///   cleared
    CpuStats since(int cpu, Look look) throws IOException {
        lock.lock();
        try {
            return look(cpu, look);
        } finally {
            lock.unlock();
        }
    }

    /// The same, unless another thread is looking.
    Optional<CpuStats> sinceUnlessBusy(int cpu, Look look) throws IOException {
        if (!lock.tryLock()) {
            return Optional.empty();
        }
        try {
            return Optional.of(look(cpu, look));
        } finally {
            lock.unlock();
        }
    }

    /// What must not be done while the kernel's account is looked at.
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    void whileNobodyLooks(Work work) throws IOException {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    private CpuStats look(int cpu, Look look) throws IOException {
        CpuStats now = look.stats();
        Counts known = cpus.getOrDefault(cpu, new Counts(NOTHING, NOTHING));
        if (isCleared(known.last, now)) {
            found.add("cleared on CPU %d, with %d records".formatted(cpu, known.last.unread()));
            known = cleared(known);
        }
        cpus.put(cpu, new Counts(now, known.before));
        CpuStats before = known.before;
        return new CpuStats(
                now.unread(),
                before.overrun() + now.overrun(),
                before.dropped() + now.dropped(),
                before.read() + now.read(),
                now.unreadBytes(),
                now.oldestTicks());
    }

    /// Somebody has read records of a ring, which nobody else will see.
    void markTaken(int cpu, long records) {
        lock.lock();
        try {
            found.add("read on CPU %d by somebody else: %d records".formatted(cpu, records));
        } finally {
            lock.unlock();
        }
    }

    /// What was found since the last call, a phrase for each.
    List<String> found() {
        lock.lock();
        try {
            var all = List.copyOf(found);
            found.clear();
            return all;
        } finally {
            lock.unlock();
        }
    }

    /// Each count only grows.
    private static boolean isCleared(CpuStats last, CpuStats now) {
        return now.recorded() < last.recorded()
                || now.dropped() < last.dropped()
                || now.read() < last.read()
                || now.overrun() < last.overrun();
    }

    /// All rings have just been cleared.
    void markCleared() {
        lock.lock();
        try {
            cpus.replaceAll((_, known) -> cleared(known));
        } finally {
            lock.unlock();
        }
    }

    private static Counts cleared(Counts known) {
        CpuStats last = known.last;
        CpuStats before = known.before;
        return new Counts(
                NOTHING,
                new CpuStats(
                        0,
                        before.overrun() + last.overrun() + last.unread(),
                        before.dropped() + last.dropped(),
                        before.read() + last.read(),
                        0,
                        0));
    }
}
