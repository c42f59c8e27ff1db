// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lets through only events of a range of time, both ends included: the user's, or the time in
/// which all streams of a trace were active.
final class TimeRange implements MessageIterator {
    private final MessageIterator upstream;
    private final Optional<TimeBound> begin;
    private final Optional<TimeBound> end;
    private final Map<Trace, long[]> intersections = new IdentityHashMap<>();
    private final List<Trace> traces;
    private final boolean isIntersection;
    private final boolean isEverything;
    private long beginNanos = Long.MIN_VALUE;
    private long endNanos = Long.MAX_VALUE;
    private boolean isResolved;

    TimeRange(TraceReader reader, ViewOptions options) {
        this(reader, options, reader);
    }

    /// @param upstream the reader's messages, or a part of them
    TimeRange(TraceReader reader, ViewOptions options, MessageIterator upstream) {
        this.upstream = upstream;
        begin = options.begin();
        end = options.end();
        isIntersection = options.isIntersection();
        isEverything = begin.isEmpty() && end.isEmpty() && !isIntersection;
        traces = reader.traces();
        if (isIntersection) {
            for (StreamSource source : reader.sources()) {
                source.range().ifPresent(range -> intersect(source.stream().trace(), range));
            }
        }
    }

    private void intersect(Trace trace, long[] range) {
        intersections.merge(
                trace,
                range,
                (one, other) ->
                        new long[] {Math.max(one[0], other[0]), Math.min(one[1], other[1])});
    }

    /// The names of traces whose streams were never all active at once, or that have none.
    List<String> withoutIntersection() {
        return isIntersection
                ? traces.stream()
                        .filter(trace -> isNever(intersections.get(trace)))
                        .map(Trace::name)
                        .toList()
                : List.of();
    }

    private static boolean isNever(long[] range) {
        return range == null || range[0] > range[1];
    }

    @Override
    public boolean next() throws IOException {
        while (upstream.next()) {
            if (!(upstream.current() instanceof EventRecord event) || isInside(event)) {
                return true;
            }
        }
        return false;
    }

    private boolean isInside(EventRecord event) {
        if (isEverything || !event.hasTime()) {
            return true;
        }
        long nanos = event.nanos();
        if (!isResolved) {
            isResolved = true;
            beginNanos = begin.map(bound -> bound.resolved(nanos)).orElse(beginNanos);
            endNanos = end.map(bound -> bound.resolved(nanos)).orElse(endNanos);
        }
        if (nanos < beginNanos || nanos > endNanos) {
            return false;
        }
        if (intersections.isEmpty()) {
            return true;
        }
        long[] range = intersections.get(event.stream().trace());
        return range == null || nanos >= range[0] && nanos <= range[1];
    }

    @Override
    public Message current() {
        return upstream.current();
    }

    @Override
    public long nanos() {
        return upstream.nanos();
    }

    @Override
    public void close() throws IOException {
        upstream.close();
    }
}
