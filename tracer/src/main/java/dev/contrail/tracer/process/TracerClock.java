// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

/// The time stamps' clock: `CLOCK_MONOTONIC` of the initial time namespace, whichever we are in, so
/// that all rings of a machine, and its kernel, are on one time line.
///
/// JDK 17; from 22 on another class of this name can tell the same time by the processor's counter.
public final class TracerClock {
    private static final long AHEAD = ProcFacts.MONOTONIC_AHEAD;

    private TracerClock() {}

    public static long nanos() {
        return System.nanoTime() - AHEAD;
    }

    /// Has the processor's counter tell the time from the next [#tune] but one on, where that can
    /// be. One thread.
    ///
    /// @return why it cannot; empty when it can
    public static String useCounter() {
        return "it needs JDK 22 or later";
    }

    /// Compares the counter with the system's clock: about once a second, by one thread.
    ///
    /// @return why the counter is not used any more; empty while it is, or where it never was
    public static String tune() {
        return "";
    }
}
