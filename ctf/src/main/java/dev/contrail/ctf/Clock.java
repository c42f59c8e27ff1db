// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.time.Instant;

/// Time, as a parameter: so that tests need not sleep and may set the wall clock back.
public interface Clock {

    /// Nanoseconds of `CLOCK_MONOTONIC` of the initial time namespace, the time stamp clock of
    /// every domain.
    long monotonicNanos();

    /// The wall clock, nanoseconds since the Unix epoch. It may go back.
    long realtimeNanos();

    /// `CLOCK_REALTIME` less `CLOCK_MONOTONIC`: the narrowest of 50 bracketed readings.
    default long offsetNanos() {
        long best = 0;
        long narrowest = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 50; attempt++) {
            long before = monotonicNanos();
            long wall = realtimeNanos();
            long after = monotonicNanos();
            if (after - before < narrowest) {
                narrowest = after - before;
                best = wall - (before + (after - before) / 2);
            }
        }
        return best;
    }

    /// The machine's clocks. `System.nanoTime()` is `CLOCK_MONOTONIC` on Linux (`jvm-tracer.md`,
    /// section 5.1).
    static Clock system() {
        long ahead = TimeNamespace.monotonicAheadNanos();
        return new Clock() {
            @Override
            public long monotonicNanos() {
                return System.nanoTime() - ahead;
            }

            @Override
            public long realtimeNanos() {
                Instant now = Instant.now();
                return now.getEpochSecond() * 1_000_000_000L + now.getNano();
            }
        };
    }
}
