// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.TraceStream;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.file.IndexEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is in some traces at a glance, from their indexes: no event is read unless classes are
/// counted.
///
/// ```java
/// Summary.of(List.of(folder), false).traces().forEach(trace -> System.out.println(trace.bytes()));
/// ```
///
/// @param damage what could not be read, one line each
public record Summary(List<OneTrace> traces, List<String> damage) {
    public Summary {
        traces = List.copyOf(traces);
        damage = List.copyOf(damage);
    }

    /// One trace.
    ///
    /// @param classes events by class name, the most frequent first; empty unless they were counted
    public record OneTrace(Trace trace, List<OneStream> streams, Map<String, Long> classes) {
        public OneTrace {
            streams = List.copyOf(streams);
        }

        /// Packets of all streams.
        public long packets() {
            return streams.stream().mapToLong(OneStream::packets).sum();
        }

        /// Bytes of all packets.
        public long bytes() {
            return streams.stream().mapToLong(OneStream::bytes).sum();
        }

        /// Of all streams, as the packets' counters tell.
        public long discardedEvents() {
            return streams.stream().mapToLong(OneStream::discardedEvents).sum();
        }

        /// Of all streams: how many more may have been discarded, before their first packets' ends.
        public long perhapsDiscarded() {
            return streams.stream().mapToLong(OneStream::perhapsDiscarded).sum();
        }

        /// Of all streams, as the packets' counters tell.
        public long lostPackets() {
            return streams.stream().mapToLong(OneStream::lostPackets).sum();
        }

        /// Events, when they were counted.
        public long events() {
            return classes.values().stream().mapToLong(Long::longValue).sum();
        }

        /// Earliest and latest time of the streams, in nanoseconds since the origin; empty when
        /// packets have no times.
        public Optional<long[]> range() {
            return streams.stream()
                    .flatMap(stream -> stream.range().stream())
                    .reduce((one, other) ->
                            new long[] {Math.min(one[0], other[0]), Math.max(one[1], other[1])});
        }
    }

    /// One stream.
    ///
    /// @param range times of the first packet's begin and the last one's end, nanoseconds since the
    ///   origin
    /// @param discardedEvents as the packets' counters tell, as for `lostPackets`
    /// @param perhapsDiscarded what the first packet's counter begins with: so many more events
    ///   were discarded before that packet's end, in this trace or, where it does not begin with
    ///   the recording, before it
    public record OneStream(
            TraceStream stream,
            long packets,
            long bytes,
            Optional<long[]> range,
            long discardedEvents,
            long perhapsDiscarded,
            long lostPackets) {}

    /// Looks at all traces in some folders and below them, and in the rings of JVMs.
    ///
    /// @param isByClass whether to read all events and count them by class
    /// @throws IOException when a folder cannot be read
    public static Summary of(List<Path> roots, boolean isByClass) throws IOException {
        return of(roots, isByClass, new Progress());
    }

    /// As before, and tells how far it has come.
    public static Summary of(List<Path> roots, boolean isByClass, Progress progress)
            throws IOException {
        try (OpenSources opened = OpenSources.of(roots);
                TraceReader reader = TraceReader.open(opened.roots(), opened.traces(), 0)) {
            Map<Trace, Map<String, Long>> classes =
                    isByClass ? classes(reader, progress) : new IdentityHashMap<>();
            var traces = new ArrayList<OneTrace>();
            for (Trace trace : reader.traces()) {
                var streams = new ArrayList<OneStream>();
                for (StreamSource source : reader.sources()) {
                    if (source.stream().trace() == trace) {
                        streams.add(of(source));
                    }
                }
                traces.add(
                        new OneTrace(
                                trace, streams, sorted(classes.getOrDefault(trace, Map.of()))));
            }
            return new Summary(traces, reader.damage());
        }
    }

    /// What the index knows of the stream.
    private static OneStream of(StreamSource source) throws IOException {
        long bytes = 0;
        long discarded = 0;
        long missing = 0;
        var account =
                new LossAccount(source.plan(), source.tracePlan().metadata().trace().version());
        for (IndexEntry each : source.packets().entries()) {
            bytes += each.packetBits() / 8;
            missing += account.packets(each).orElse(0);
            discarded += account.events(each).orElse(0);
            account.count(each);
        }
        return new OneStream(
                source.stream(),
                source.packets().entries().size(),
                bytes,
                range(source),
                discarded,
                perhapsDiscarded(source),
                missing);
    }

    /// The earliest and the latest time that the packets say, in whatever order they are. Where
    /// packets have no times, their events are read.
    private static Optional<long[]> range(StreamSource source) throws IOException {
        if (source.clock().isEmpty() || source.packets().entries().isEmpty()) {
            return Optional.empty();
        }
        long earliest = Long.MAX_VALUE;
        long latest = Long.MIN_VALUE;
        if (source.packets().areTimed()) {
            KnownPackets known = source.packets();
            for (int i = 0; i < known.entries().size(); i++) {
                IndexEntry each = known.entries().get(i);
                earliest = Math.min(earliest, known.beginNanos(each));
                latest = Math.max(latest, Math.max(known.beginNanos(each), known.endNanos(each)));
                if (known.latestNanos(i) == Long.MAX_VALUE) {
                    latest = Math.max(latest, source.lastNanos(i));
                }
            }
        } else {
            try (StreamSource whole = source.part(0, source.packets().entries().size())) {
                while (whole.next()) {
                    if (whole.current() instanceof EventRecord event) {
                        earliest = Math.min(earliest, event.nanos());
                        latest = Math.max(latest, event.nanos());
                    }
                }
            }
        }
        return earliest <= latest ? Optional.of(new long[] {earliest, latest}) : Optional.empty();
    }

    private static long perhapsDiscarded(StreamSource source) {
        return source.packets().entries().isEmpty() || !source.plan().hasDiscarded()
                ? 0
                : source.packets().entries().getFirst().discardedEvents();
    }

    /// Reads all events and counts them.
    private static Map<Trace, Map<String, Long>> classes(TraceReader reader, Progress progress)
            throws IOException {
        Map<TraceStream, Map<EventClass, long[]>> counts = new IdentityHashMap<>();
        progress.begin(reader.sources());
        progress.readBy(reader.sources());
        int told = 0;
        while (reader.nextEvent()) {
            EventRecord event = reader.event();
            counts.computeIfAbsent(event.stream(), _ -> new IdentityHashMap<>())
                    .computeIfAbsent(event.eventClass(), _ -> new long[1])[0]++;
            if (++told == Progress.TOLD_EVENTS) {
                progress.passed(told);
                told = 0;
            }
        }
        Map<Trace, Map<String, Long>> classes = new IdentityHashMap<>();
        counts.forEach((stream, own) -> {
            Map<String, Long> names = classes.computeIfAbsent(stream.trace(), _ -> new HashMap<>());
            own.forEach((event, count) -> names.merge(event.name(), count[0], Long::sum));
        });
        return classes;
    }

    static Map<String, Long> sorted(Map<String, Long> counts) {
        var sorted = new LinkedHashMap<String, Long>();
        counts.entrySet().stream()
                .sorted(
                        Map.Entry.<String, Long>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                .forEach(each -> sorted.put(each.getKey(), each.getValue()));
        return sorted;
    }
}
