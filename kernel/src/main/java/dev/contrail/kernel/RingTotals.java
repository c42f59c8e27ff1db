// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import java.util.HashMap;
import java.util.Map;

/// Goes on counting where somebody else has cleared a ring, which sets the kernel's counts to zero:
/// records that were in it then are overwritten ones, as far as they were seen to be there. Any
/// thread.
final class RingTotals {
    private static final CpuStats NOTHING = new CpuStats(0, 0, 0, 0, 0, 0);

    /// One CPU's: the kernel's counts when they were last looked at, and what came before them.
    private record Counts(CpuStats last, CpuStats before) {}

    private final Map<Integer, Counts> cpus = new HashMap<>();

    /// The account since the beginning.
    ///
    /// @param now the kernel's
    synchronized CpuStats since(int cpu, CpuStats now) {
        Counts known = cpus.getOrDefault(cpu, new Counts(NOTHING, NOTHING));
        if (now.recorded() < known.last.recorded() || now.dropped() < known.last.dropped()) {
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
