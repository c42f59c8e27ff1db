// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import java.lang.invoke.VarHandle;
import java.time.Instant;

/// Two clocks at one moment, in nanoseconds.
record ClockPair(long monotonic, long realtime) {
    /// The narrowest of `readings` readings of the second clock between two of the first.
    static ClockPair read(int readings) {
        ClockPair best = null;
        long narrowest = Long.MAX_VALUE;
        for (int i = 0; i < readings; i++) {
            long before = TracerClock.nanos();
            Instant now = Instant.now();
            long width = TracerClock.nanos() - before;
            if (best != null && width >= narrowest) continue;
            narrowest = width;
            long realtime = Math.addExact(now.getEpochSecond() * 1_000_000_000L, now.getNano());
            best = new ClockPair(before + width / 2, realtime);
        }
        return best;
    }

    /// Stores this as pair number `count` of the header's ring; odd while it is being written.
    void write(int count) {
        int at = Layout.H_CLOCK_PAIRS + count % Layout.CLOCK_PAIRS * Layout.CLOCK_PAIR_SIZE;
        Memory.putLongOpaque(at, 2L * count + 1);
        VarHandle.storeStoreFence();
        Memory.putLong(at + 8, monotonic);
        Memory.putLong(at + 16, monotonic);
        Memory.putLong(at + 24, realtime);
        Memory.putLongRelease(at, 2L * count + 2);
    }
}
