// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import java.util.Map;
import java.util.TreeMap;

/// Which parts of the ring file are free: first fit, neighbours joined.
final class Extents {
    private final TreeMap<Long, Long> lengths = new TreeMap<>();

    Extents(long from, long end) {
        lengths.put(from, end - from);
    }

    /// The start of `length` bytes that are now taken, or -1.
    long take(long length) {
        for (Map.Entry<Long, Long> free : lengths.entrySet()) {
            if (free.getValue() < length) {
                continue;
            }
            long start = free.getKey();
            lengths.remove(start);
            if (free.getValue() > length) {
                lengths.put(start + length, free.getValue() - length);
            }
            return start;
        }
        return -1;
    }

    void giveBack(long start, long length) {
        Map.Entry<Long, Long> before = lengths.lowerEntry(start);
        if (before != null && before.getKey() + before.getValue() == start) {
            lengths.remove(before.getKey());
            giveBack(before.getKey(), before.getValue() + length);
            return;
        }
        Long after = lengths.remove(start + length);
        lengths.put(start, length + (after == null ? 0 : after));
    }
}
