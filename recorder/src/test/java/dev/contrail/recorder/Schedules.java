// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

/// What the programs `…Schedule` are made of. Each is a small race of the daemon's locks and queues
/// with what holds whoever comes first. `bench/schedules.sh` runs each of them under a tester that
/// chooses thousands of schedules; [SchedulesTest] runs them as they are.
public final class Schedules {
    private Schedules() {}

    /// Ends the program, if it does not hold.
    public static void check(boolean holds, String what) {
        if (!holds) {
            fail("does not hold: " + what);
        }
    }

    public static void fail(String why) {
        throw new AssertionError(why);
    }
}
