// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How long calls of one kind took, and how they failed: since the begin, and in the last interval
/// that has ended.
final class Durations {
    /// Of one period.
    static final class Moments {
        private long count;
        private long sum;
        private long least = Long.MAX_VALUE;
        private long most = Long.MIN_VALUE;
        private double mean;

        /// Sum of the squares of distances from the mean (Welford).
        private double squares;

        private @Nullable Map<Long, Long> errors;

        void add(long nanos, long error) {
            count++;
            sum += nanos;
            least = Math.min(least, nanos);
            most = Math.max(most, nanos);
            double distance = nanos - mean;
            mean += distance / count;
            squares += distance * (nanos - mean);
            if (error != 0) {
                addErrors(error, 1);
            }
        }

        void add(Moments other) {
            if (other.count == 0) {
                return;
            }
            double distance = other.mean - mean;
            long both = count + other.count;
            squares += other.squares + distance * distance * count / both * other.count;
            mean += distance * other.count / both;
            count = both;
            sum += other.sum;
            least = Math.min(least, other.least);
            most = Math.max(most, other.most);
            other.errors().forEach(this::addErrors);
        }

        private void addErrors(long error, long times) {
            if (errors == null) {
                errors = new HashMap<>();
            }
            errors.merge(error, times, Long::sum);
        }

        long count() {
            return count;
        }

        long sum() {
            return sum;
        }

        long least() {
            return count == 0 ? 0 : least;
        }

        long most() {
            return count == 0 ? 0 : most;
        }

        double average() {
            return count == 0 ? 0 : (double) sum / count;
        }

        /// Of a sample: nothing can be said of fewer than two.
        double deviation() {
            return count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1));
        }

        /// Error numbers, at most 4095 of them, and how often each was returned.
        Map<Long, Long> errors() {
            return errors == null ? Map.of() : errors;
        }

        long errorCount() {
            return errors().values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private static final Moments NONE = new Moments();

    private final Interval interval;
    private final Moments total = new Moments();
    private @Nullable Moments current;
    private Moments last = NONE;
    private int number;

    Durations(Interval interval) {
        this.interval = interval;
        number = interval.number();
    }

    /// @param error 0 for success
    void add(long nanos, long error) {
        total.add(nanos, error);
        current().add(nanos, error);
    }

    /// Takes over what another row has counted, which is then no more.
    void addAll(Durations other) {
        other.catchUp();
        total.add(other.total);
        Moments theirs = other.current;
        if (theirs != null) {
            current().add(theirs);
        }
        catchUp();
        if (other.last.count() > 0) {
            var both = new Moments();
            both.add(last);
            both.add(other.last);
            last = both;
        }
    }

    Moments get(Period period) {
        if (period == Period.TOTAL) {
            return total;
        }
        catchUp();
        return last;
    }

    private Moments current() {
        catchUp();
        Moments now = current;
        if (now == null) {
            now = new Moments();
            current = now;
        }
        return now;
    }

    private void catchUp() {
        int ended = interval.number() - number;
        if (ended == 0) {
            return;
        }
        number = interval.number();
        Moments was = current;
        last = ended == 1 && was != null ? was : NONE;
        current = null;
    }
}
