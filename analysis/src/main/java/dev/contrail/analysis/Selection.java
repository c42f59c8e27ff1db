// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The messages that a user wants to see of some traces: where all streams of a trace were active,
/// in a range of time, through a filter; each only when it is asked for.
final class Selection {
    private final TraceReader reader;
    private final ViewOptions options;
    private final List<StreamSource> sources;

    /// The time in which all streams of a trace were active, as far as their packets tell.
    private final Map<Trace, long[]> intersections = new IdentityHashMap<>();

    Selection(TraceReader reader, ViewOptions options) throws IOException {
        this.reader = reader;
        this.options = options;
        sources = Muxer.sorted(reader.sources());
        if (options.isIntersection()) {
            for (StreamSource source : sources) {
                Optional<long[]> range = source.range();
                if (range.isPresent()) {
                    long[] told = {range.get()[0], source.lastEndNanos()};
                    intersect(source.stream().trace(), told);
                }
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

    /// The streams in the order in which their messages of equal time come.
    List<StreamSource> sources() {
        return sources;
    }

    /// The names of traces whose streams were never all active at once, or that have none: nothing
    /// of them is selected.
    List<String> withoutIntersection() {
        return options.isIntersection()
                ? reader.traces().stream()
                        .filter(trace -> !isEverActive(trace))
                        .map(Trace::name)
                        .toList()
                : List.of();
    }

    private boolean isEverActive(Trace trace) {
        long[] range = intersections.get(trace);
        return range != null && range[0] <= range[1];
    }

    MessageIterator messages() {
        return inRange(options.isIntersection() ? intersecting(sources) : reader);
    }

    /// @param slices of all [#sources], in their order
    MessageIterator messages(List<StreamSlice> slices) {
        return inRange(options.isIntersection() ? intersecting(slices) : Muxer.ofSorted(slices));
    }

    private MessageIterator intersecting(List<? extends MessageIterator> ofSources) {
        var selected = new ArrayList<MessageIterator>();
        for (int i = 0; i < sources.size(); i++) {
            StreamSource source = sources.get(i);
            if (isEverActive(source.stream().trace())) {
                long[] range = intersections.get(source.stream().trace());
                selected.add(
                        new TimeRange(
                                ofSources.get(i),
                                List.of(source),
                                Optional.of(TimeBound.at(range[0])),
                                Optional.of(TimeBound.at(range[1]))));
            }
        }
        return Muxer.ofSorted(selected);
    }

    private MessageIterator inRange(MessageIterator messages) {
        boolean isEverything = options.begin().isEmpty() && options.end().isEmpty();
        return FilteredMessages.of(
                isEverything
                        ? messages
                        : new TimeRange(messages, sources, options.begin(), options.end()),
                options);
    }
}
