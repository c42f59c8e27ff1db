// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.ClockClass;

/// Where a clock's tick 0 is: `seconds` and then `cycles`, fewer than a second has, after its
/// origin.
public record ClockOffset(long seconds, long cycles) {
    private static final long NANOS = 1_000_000_000L;

    /// @param addedNanos what the user wants added; parts of a second are cut to whole cycles, as
    ///   babeltrace2 cuts them
    public static ClockOffset of(ClockClass clock, long addedNanos) {
        long frequency = clock.frequency();
        long ticks = Math.floorMod(clock.offsetTicks(), frequency);
        long rest = Math.floorMod(addedNanos, NANOS);
        long added = frequency == NANOS ? rest : (long) ((double) rest * frequency / 1e9);
        return new ClockOffset(
                clock.offsetSeconds()
                        + Math.floorDiv(addedNanos, NANOS)
                        + Math.floorDiv(clock.offsetTicks(), frequency)
                        + Long.divideUnsigned(ticks + added, frequency),
                Long.remainderUnsigned(ticks + added, frequency));
    }
}
