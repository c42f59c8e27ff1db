// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

/// The times that figures are about, by one clock, in nanoseconds since the origin:
/// [Long#MIN_VALUE] before the first event.
final class Spans {
    private long first = Long.MIN_VALUE;
    private long now = Long.MIN_VALUE;
    private long intervalBegin = Long.MIN_VALUE;
    private long endedBegin = Long.MIN_VALUE;
    private long endedEnd = Long.MIN_VALUE;

    /// There is an event of that time.
    void begin(long nanos) {
        if (first == Long.MIN_VALUE) {
            first = nanos;
            now = nanos;
            intervalBegin = nanos;
        }
        now = Math.max(now, nanos);
    }

    /// It is that time, if there was an event before.
    void advance(long nanos) {
        if (first != Long.MIN_VALUE) {
            now = Math.max(now, nanos);
        }
    }

    /// Ends an interval now, and begins the next.
    void end() {
        endedBegin = intervalBegin;
        endedEnd = now;
        intervalBegin = now;
    }

    long first() {
        return first;
    }

    long now() {
        return now;
    }

    long begin(Period period) {
        return period == Period.TOTAL ? first : endedBegin;
    }

    long end(Period period) {
        return period == Period.TOTAL ? now : endedEnd;
    }

    /// How long a period is.
    long nanos(Period period) {
        return end(period) - begin(period);
    }
}
