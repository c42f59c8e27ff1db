// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import java.util.Arrays;

/// Sums of one row: since the begin, and of the last interval that has ended.
final class Tally {
    /// What is summed up.
    enum Sum {
        /// Nanoseconds on a processor.
        RUN,
        /// Nanoseconds without one, though it could run.
        WAIT,
        WAITS,
        SWITCHES,
        MIGRATIONS,
        CALLS,
        CALL_ERRORS,
        /// Nanoseconds in system calls.
        CALL_NANOS,
        READ_BYTES,
        WRITTEN_BYTES,
        /// Reads, writes and syncs.
        TRANSFERS,
        TRANSFER_NANOS,
        TRANSFER_ERRORS,
        EVENTS
    }

    private static final int SUMS = Sum.values().length;

    private final Interval interval;
    private final long[] total = new long[SUMS];
    private long[] current = new long[SUMS];
    private long[] last = new long[SUMS];
    private int number;

    Tally(Interval interval) {
        this.interval = interval;
        number = interval.number();
    }

    void add(Sum sum, long amount) {
        catchUp();
        total[sum.ordinal()] += amount;
        current[sum.ordinal()] += amount;
    }

    long get(Sum sum, Period period) {
        if (period == Period.TOTAL) {
            return total[sum.ordinal()];
        }
        catchUp();
        return last[sum.ordinal()];
    }

    /// Takes over what another row has counted, which is then no more.
    void addAll(Tally other) {
        catchUp();
        other.catchUp();
        for (int i = 0; i < SUMS; i++) {
            total[i] += other.total[i];
            current[i] += other.current[i];
            last[i] += other.last[i];
        }
    }

    private void catchUp() {
        int ended = interval.number() - number;
        if (ended == 0) {
            return;
        }
        number = interval.number();
        long[] before = last;
        last = current;
        current = before;
        Arrays.fill(current, 0);
        if (ended > 1) {
            Arrays.fill(last, 0);
        }
    }
}
