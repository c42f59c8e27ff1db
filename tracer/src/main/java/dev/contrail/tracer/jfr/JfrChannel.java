// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import dev.contrail.tracer.ring.write.WriterPool;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;

/// What one channel wants of JFR, and the recording that has its settings: JFR itself makes one of
/// those of all recordings, and takes them back with each.
final class JfrChannel {
    /// @param thresholds the shortest events that are wanted, in nanoseconds, by JFR's names
    private record Wanted(Map<String, Long> thresholds) {
        boolean has(LateRecord record) {
            Long least = thresholds.get(record.type());
            return least != null && record.durationNanos() >= least;
        }
    }

    private static final Wanted NOTHING = new Wanted(Map.of());

    final WriterPool pool;
    final Recording recording;
    private final long sinceTicks;

    /// @param until what was wanted before, of events that ended by then
    private record State(Wanted now, Wanted before, long until) {}

    private volatile State state = new State(NOTHING, NOTHING, Long.MIN_VALUE);

    private volatile boolean isLeaving;

    /// What the recording's settings are made of.
    volatile List<JfrRule> rules = List.of();

    /// @param sinceTicks it wants no event that ended before
    JfrChannel(WriterPool pool, Recording recording, long sinceTicks) {
        this.pool = pool;
        this.recording = recording;
        this.sinceTicks = sinceTicks;
    }

    /// From now on, `ticks`, these are wanted.
    void want(Map<String, Long> thresholds, long ticks) {
        state = new State(new Wanted(Map.copyOf(thresholds)), state.now, ticks);
    }

    boolean wants(LateRecord record, long ticks) {
        State current = state;
        return ticks >= sinceTicks
                && (current.now.has(record)
                        || ticks <= current.until && current.before.has(record));
    }

    /// Whether it wants events of that type, or may yet get some.
    boolean mayWant(String type) {
        State current = state;
        return current.now.thresholds.containsKey(type)
                || current.before.thresholds.containsKey(type);
    }

    /// What it has got up to that time is all: says so in the ring.
    void promise(long ticks) {
        pool.promise(Math.max(ticks, sinceTicks));
    }

    /// It is about to end, and wants only what has happened.
    void leave() {
        isLeaving = true;
    }

    boolean isLeaving() {
        return isLeaving;
    }
}
