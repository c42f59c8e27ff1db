// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

/// The time stamps' clock: `CLOCK_MONOTONIC` of the initial time namespace, whichever we are in, so
/// that all rings of a machine, and its kernel, are on one time line.
public final class TracerClock {
    private static final long AHEAD = ProcFacts.MONOTONIC_AHEAD;

    private TracerClock() {}

    public static long nanos() {
        return System.nanoTime() - AHEAD;
    }
}
