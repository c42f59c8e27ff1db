// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.source.Slices;
import dev.contrail.analysis.source.StreamSource;
import dev.contrail.analysis.source.TraceReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Finds where the last events begin: reads from the last packets on, by the indexes, and from
/// twice as many each time that there are too few events in them.
public final class EndingSearch {
    private static final long NONE = Long.MIN_VALUE;

    /// Where the wanted events begin.
    ///
    /// @param nanos [Long#MIN_VALUE] for the begin of all
    /// @param skipped so many events of that time come before the first wanted one
    record Begin(long nanos, int skipped) {}

    private final TraceReader reader;
    private final List<StreamSource> sources;

    private EndingSearch(TraceReader reader) throws UsageException {
        this.reader = reader;
        sources = reader.sources();
        for (StreamSource source : sources) {
            if (!source.packets().areTimed()) {
                throw new UsageException(
                        "The packets of %s do not tell their times: there is no way to its last events"
                                .formatted(source.stream().name()));
            }
        }
    }

    /// Gives options with an ending the begin that it amounts to.
    ///
    /// @throws UsageException when the traces do not say where their ends are, or lack a field that
    ///   the filter names
    public static SelectionOptions resolve(TraceReader reader, SelectionOptions options)
            throws IOException, UsageException {
        return options.ending().isBounded() ? new EndingSearch(reader).resolve(options) : options;
    }

    private SelectionOptions resolve(SelectionOptions given) throws IOException, UsageException {
        long first = Slices.begins(sources).stream().findFirst().orElse(0L);
        SelectionOptions options =
                new SelectionOptions(
                                given.begin().map(bound -> TimeBound.at(bound.resolved(first))),
                                given.end().map(bound -> TimeBound.at(bound.resolved(first))),
                                given.isIntersection(),
                                given.filter())
                        .with(given.ending());
        if (given.ending().nanos().isPresent()) {
            // Before the last event of all: the filter chooses among those of that time.
            var all =
                    new SelectionOptions(
                                    options.begin(),
                                    options.end(),
                                    options.isIntersection(),
                                    Optional.empty())
                            .with(given.ending());
            long last = last(all, 1).nanos;
            if (last != NONE) {
                long before = Math.subtractExact(last, given.ending().nanos().getAsLong());
                options = options.from(before, 0);
            }
        }
        OptionalInt events = given.ending().events();
        if (events.isPresent()) {
            Begin begin = last(options, events.getAsInt());
            if (begin.nanos != NONE) {
                options = options.from(begin.nanos, begin.skipped);
            }
        }
        return given.around().isPresent() ? options.with(given.around().get()) : options;
    }

    private Begin last(SelectionOptions options, int count) throws IOException, UsageException {
        List<Long> begins = Slices.begins(sources);
        long least = options.begin().map(TimeBound::nanos).orElse(NONE);
        var selection = new Selection(reader, options);
        int packets = Math.max(1, sources.size());
        while (true) {
            int at = begins.size() - packets;
            long from = at > 0 && begins.get(at) > least ? begins.get(at) : NONE;
            var times = new LastTimes(count);
            try (MessageIterator messages = selection.messagesFrom(from)) {
                while (messages.next()) {
                    if (messages.current() instanceof EventRecord event && event.hasTime()) {
                        times.add(event.nanos());
                    }
                }
            }
            if (times.isFull() || from == NONE) {
                return times.begin();
            }
            packets = Math.min(2 * packets, begins.size());
        }
    }

    /// The times of the last events: a ring.
    private static final class LastTimes {
        private static final int FIRST_SIZE = 1024;

        private final int most;
        private long[] times;
        private int count;
        private int oldest;

        /// The last time that has left the ring, and how often it did.
        private long leftTime = NONE;

        private int leftCount;

        LastTimes(int most) {
            this.most = most;
            times = new long[Math.min(most, FIRST_SIZE)];
        }

        void add(long nanos) {
            if (count < most) {
                if (count == times.length) {
                    times = Arrays.copyOf(times, (int) Math.min(most, 2L * count));
                }
                times[count++] = nanos;
                return;
            }
            long leaving = times[oldest];
            leftCount = leaving == leftTime ? leftCount + 1 : 1;
            leftTime = leaving;
            times[oldest] = nanos;
            oldest = (oldest + 1) % most;
        }

        /// One more than wanted tells of a common time, which the packets before may have too.
        boolean isFull() {
            return leftCount > 0 && leftTime < times[oldest];
        }

        Begin begin() {
            if (count < most) {
                return new Begin(NONE, 0);
            }
            return new Begin(times[oldest], leftTime == times[oldest] ? leftCount : 0);
        }
    }
}
