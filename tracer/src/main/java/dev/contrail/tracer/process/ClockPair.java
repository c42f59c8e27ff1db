// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

import java.time.Instant;

/// Two clocks at one moment, in nanoseconds.
public record ClockPair(long monotonic, long realtime) {
    /// The narrowest of `readings` readings of the second clock between two of the first.
    public static ClockPair read(int readings) {
        long monotonic = 0;
        long realtime = 0;
        long narrowest = Long.MAX_VALUE;
        for (int i = 0; i < readings; i++) {
            long before = TracerClock.nanos();
            Instant now = Instant.now();
            long width = TracerClock.nanos() - before;
            if (width >= narrowest) {
                continue;
            }
            narrowest = width;
            realtime = Math.addExact(now.getEpochSecond() * 1_000_000_000L, now.getNano());
            monotonic = before + width / 2;
        }
        return new ClockPair(monotonic, realtime);
    }
}
