// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    private final Map<Integer, Counts> cpus = new HashMap<>();
    private final List<String> found = new ArrayList<>();

    /// The account since the beginning.
    ///
    /// @param look at the kernel's, one at a time: an older one would look like a ring that was
    ///   cleared
    synchronized CpuStats since(int cpu, Look look) throws IOException {
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
    synchronized void markTaken(int cpu, long records) {
        found.add("read on CPU %d by somebody else: %d records".formatted(cpu, records));
    }

    /// What was found since the last call, a phrase for each.
    synchronized List<String> found() {
        var all = List.copyOf(found);
        found.clear();
        return all;
    }

    /// Each count only grows.
    private static boolean isCleared(CpuStats last, CpuStats now) {
        return now.recorded() < last.recorded()
                || now.dropped() < last.dropped()
                || now.read() < last.read()
                || now.overrun() < last.overrun();
    }

    /// All rings have just been cleared.
    synchronized void markCleared() {
        cpus.replaceAll((_, known) -> cleared(known));
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
