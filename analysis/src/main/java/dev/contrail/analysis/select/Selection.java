// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.source.Muxer;
import dev.contrail.analysis.source.StreamSlice;
import dev.contrail.analysis.source.StreamSource;
import dev.contrail.analysis.source.TraceReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The messages that a user wants to see of some traces: where all streams of a trace were active,
/// in a range of time, through a filter; each only when it is asked for.
public final class Selection {
    private final TraceReader reader;
    private final SelectionOptions options;
    private final List<StreamSource> sources;

    /// The time in which all streams of a trace were active, as far as their packets tell.
    private final Map<Trace, long[]> intersections = new IdentityHashMap<>();

    /// Looks whether the traces have what the filter names, and at the packets of all streams when
    /// only their intersection is wanted.
    ///
    /// @throws IOException when a packet cannot be read for that
    /// @throws UsageException when the filter names a field, or [SelectionOptions#around] an event,
    ///   that the traces do not have
    public Selection(TraceReader reader, SelectionOptions options)
            throws IOException, UsageException {
        // What a live session will declare is not known yet.
        if (options.filter().isPresent() && !reader.isLive()) {
            options.filter().get().check(reader.traces());
        }
        if (options.around().isPresent()) {
            options.around().get().check(reader.traces());
        }
        this.reader = reader;
        this.options = options;
        sources = reader.isLive() ? reader.sources() : Muxer.sorted(reader.sources());
        if (options.isIntersection()) {
            for (StreamSource source : sources) {
                Optional<long[]> range = source.packets().range();
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

    /// The streams in the order in which their messages of equal time come; of live sessions a list
    /// that grows, in any order.
    public List<StreamSource> sources() {
        return sources;
    }

    /// The names of traces whose streams were never all active at once, or that have none: nothing
    /// of them is selected.
    public List<String> withoutIntersection() {
        return options.isIntersection()
                ? reader.traces().stream()
                        .filter(trace -> !isEverActive(trace))
                        .map(Trace::name)
                        .toList()
                : List.of();
    }

    private boolean isEverActive(Trace trace) {
        return activity(trace).isPresent();
    }

    /// Whether traces and streams may come while others are read.
    public boolean isLive() {
        return reader.isLive();
    }

    /// As [TraceReader#isRemembered].
    public boolean isRemembered() {
        return reader.isRemembered();
    }

    /// As [TraceReader#shown].
    public void shown(byte[] mark) {
        reader.shown(mark);
    }

    /// As [TraceReader#flushing].
    public void flushing(Sink sink) {
        reader.flushing(sink);
    }

    /// From when to when all of its streams are active.
    private Optional<long[]> activity(Trace trace) {
        return Optional.ofNullable(intersections.get(trace)).filter(range -> range[0] <= range[1]);
    }

    /// The messages, in time order.
    public MessageIterator messages() {
        return inRange(options.isIntersection() ? intersecting(sources) : reader);
    }

    /// Whether only the end is wanted: what is before it need not be read.
    public boolean isEnding() {
        return options.ending().isBounded();
    }

    /// The messages of an ending, in time order, without the streams' begins.
    public MessageIterator messagesOfEnding() throws IOException {
        return messagesFrom(options.begin().map(TimeBound::nanos).orElse(Long.MIN_VALUE));
    }

    /// Whether only what is around some events is wanted.
    public boolean isAround() {
        return options.around().isPresent();
    }

    /// Which events these are, as a user would write it.
    public String wanted() {
        return options.around().map(Around::text).orElse("");
    }

    /// Of some of these messages, those around the wanted events.
    ///
    /// @param messages of [#messages] or [#messagesOfEnding]
    /// @param gap is called before an event that does not follow the one before it
    /// @throws UsageException when the traces cannot be read twice at a time
    public AroundMessages around(MessageIterator messages, Runnable gap)
            throws IOException, UsageException {
        for (StreamSource source : sources) {
            if (!source.packets().areTimed()) {
                throw new UsageException(
                        "The packets of %s do not tell their times: there is no looking ahead in it"
                                .formatted(source.stream().name()));
            }
        }
        return new AroundMessages(
                messages, messagesOfEnding(), options.around().orElseThrow(), gap);
    }

    /// Those that come from then on.
    MessageIterator messagesFrom(long nanos) throws IOException {
        var slices = new ArrayList<StreamSlice>();
        for (StreamSource source : sources) {
            slices.add(StreamSlice.ending(source, nanos));
        }
        return messages(slices);
    }

    /// @param slices of all [#sources], in their order
    public MessageIterator messages(List<StreamSlice> slices) {
        return inRange(options.isIntersection() ? intersecting(slices) : Muxer.ofSorted(slices));
    }

    private MessageIterator intersecting(List<? extends MessageIterator> ofSources) {
        var selected = new ArrayList<MessageIterator>();
        for (int i = 0; i < sources.size(); i++) {
            StreamSource source = sources.get(i);
            MessageIterator messages = ofSources.get(i);
            activity(source.stream().trace())
                    .map(range ->
                            new TimeRange(
                                    messages,
                                    List.of(source),
                                    Optional.of(TimeBound.at(range[0])),
                                    Optional.of(TimeBound.at(range[1]))))
                    .ifPresent(selected::add);
        }
        return Muxer.ofSorted(selected);
    }

    private MessageIterator inRange(MessageIterator messages) {
        boolean isEverything = options.begin().isEmpty() && options.end().isEmpty();
        MessageIterator filtered =
                FilteredMessages.of(
                        isEverything
                                ? messages
                                : new TimeRange(messages, sources, options.begin(), options.end()),
                        options.filter());
        MessageIterator happening =
                isEnding() && options.filter().isEmpty()
                        ? FilteredMessages.withoutStateDump(filtered)
                        : filtered;
        return FilteredMessages.after(options.skipped(), happening);
    }
}
