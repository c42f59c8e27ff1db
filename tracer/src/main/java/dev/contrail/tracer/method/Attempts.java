// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

/// How often something that fails is tried again: a few times, each after a pause that is twice as
/// long. Guarded by who has it.
final class Attempts {
    static final int MOST = 8;

    private static final long FIRST_PAUSE_MILLIS = 20;

    private int failures;

    /// It is another thing, or the last attempt has succeeded.
    void begin() {
        failures = 0;
    }

    /// Whether there is one left.
    boolean isLeft() {
        return failures < MOST;
    }

    /// @return the pause until the next one, in milliseconds
    long failed() {
        failures = Math.min(failures + 1, MOST);
        return FIRST_PAUSE_MILLIS << failures;
    }
}
