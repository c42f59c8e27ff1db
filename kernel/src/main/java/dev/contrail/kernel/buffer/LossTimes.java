// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Where in a stream the records were lost that a ring in discard mode was seen to have lost: the
/// data itself says nothing of it. A ring loses records while it is full, so there is a gap between
/// two of its sub-buffers, somewhere between the look that did not see the loss and the one that
/// did.
///
/// One thread looks, one places.
final class LossTimes {
    /// @param lost records until [#ticks]; fewer had been until [#before]
    private record Seen(long before, long ticks, long lost) {}

    private final Queue<Seen> unplaced = new ConcurrentLinkedQueue<>();

    // Owned by who looks.
    private long last;
    private long lookedAt = Long.MIN_VALUE;

    // Owned by who places.
    private long placed;

    /// The kernel's count, as it was read between these times. Counts grow. Who looks.
    void add(long begunTicks, long endedTicks, long lost) {
        if (lost > last) {
            unplaced.add(new Seen(lookedAt, endedTicks, lost));
            last = lost;
        }
        lookedAt = begunTicks;
    }

    /// The newest count. Who looks.
    long last() {
        return last;
    }

    /// When the newest look began. Who looks.
    long lookedAt() {
        return lookedAt;
    }

    /// The count before a sub-buffer that begins at `begin`, after a record of the time `end`: with
    /// a loss that was seen before it began, or that the gap between the two explains. In the order
    /// of time. Who places.
    long before(long end, long begin) {
        for (Seen next = unplaced.peek(); next != null; next = unplaced.peek()) {
            long from = Math.max(next.before, end);
            boolean isGap = begin > from && begin - from >= next.ticks - begin;
            if (begin < next.ticks && !(isGap && begin > next.before)) {
                break;
            }
            placed = next.lost;
            unplaced.remove();
        }
        return placed;
    }
}
