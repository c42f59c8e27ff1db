// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.context;

/// What the system tells the calling thread of itself. JDK 17: nothing; from 22 on another class of
/// this name asks, where native access is allowed.
final class ThreadUsage {
    private ThreadUsage() {}

    /// Why it cannot be asked; empty when it can. What follows is then 0.
    static String problem() {
        return "they need JDK 22 or later";
    }

    static long pthread() {
        return 0;
    }

    /// On processors.
    static long nanos() {
        return 0;
    }

    static long faults() {
        return 0;
    }

    static long minorFaults() {
        return 0;
    }

    static long majorFaults() {
        return 0;
    }

    static long contextSwitches() {
        return 0;
    }
}
