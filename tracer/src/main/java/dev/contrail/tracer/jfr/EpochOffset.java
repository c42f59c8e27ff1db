// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

/// How far JFR's time, nanoseconds since 1970, is ahead of our clock. JFR fixes it anew with each
/// of its chunks, and its clock may drift against ours within one.
///
/// A [SyncEvent] gets its time from JFR after ours was read: the least difference is the truest. It
/// is looked for among those of two deliveries, seconds apart, which is too short for a drift that
/// matters; a jump, as by somebody who has set the machine's clock, counts at once.
///
/// Owned by the thread that gets JFR's events.
final class EpochOffset {
    private static final long JUMP_NANOS = 1_000_000;
    private static final long NONE = Long.MAX_VALUE;

    private long last = NONE;
    private long current = NONE;

    /// @param epochNanos when JFR says that it was
    /// @param ticks when our clock said that it was
    void sync(long epochNanos, long ticks) {
        current = Math.min(current, epochNanos - ticks);
    }

    boolean isKnown() {
        return current != NONE || last != NONE;
    }

    /// A delivery is over: the offset of what was in it.
    long delivered() {
        if (current == NONE) {
            return last;
        }
        boolean isJump = last == NONE || Math.abs(current - last) > JUMP_NANOS;
        long offset = isJump ? current : Math.min(current, last);
        last = current;
        current = NONE;
        return offset;
    }
}
