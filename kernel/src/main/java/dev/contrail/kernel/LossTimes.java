// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import java.util.ArrayDeque;
import java.util.Deque;

/// When a ring in discard mode was seen to have lost how many records: the data itself says nothing
/// of it. A ring loses records while it is full, so between two sub-buffers: of which the first was
/// begun before the loss was seen, and the second after that, when there was room again.
///
/// One thread at a time.
final class LossTimes {
    /// @param lost records until that time
    private record Seen(long ticks, long lost) {}

    private final Deque<Seen> unplaced = new ArrayDeque<>();
    private long placed;
    private long last;

    /// The kernel's count, as it was read after that time. Counts grow.
    void add(long ticks, long lost) {
        if (lost > last) {
            unplaced.add(new Seen(ticks, lost));
            last = lost;
        }
    }

    /// The newest count.
    long last() {
        return last;
    }

    /// The count before the sub-buffer that was asked about last.
    long placed() {
        return placed;
    }

    /// The count before a sub-buffer that was begun at that time. In the order of time.
    long before(long ticks) {
        while (!unplaced.isEmpty() && unplaced.getFirst().ticks <= ticks) {
            placed = unplaced.removeFirst().lost;
        }
        return placed;
    }
}
