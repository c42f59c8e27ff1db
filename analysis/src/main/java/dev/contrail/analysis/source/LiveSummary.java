// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.TraceStream;
import dev.contrail.analysis.source.Summary.OneStream;
import dev.contrail.analysis.source.Summary.OneTrace;
import dev.contrail.ctf.file.IndexEntry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The summary of what has no index beforehand: every packet is read. Used by one thread.
public final class LiveSummary {
    private final TraceReader reader;
    private final boolean isByClass;
    private final Map<TraceStream, Counted> streams = new IdentityHashMap<>();
    private final List<String> damage = new ArrayList<>();

    /// One stream, as far as it was read.
    private static final class Counted {
        final StreamSource source;
        final LossAccount account;
        long packets;
        long bytes;
        long missing;
        long discarded;
        long perhaps;
        long earliest = Long.MAX_VALUE;
        long latest = Long.MIN_VALUE;
        final Map<String, Long> classes = new HashMap<>();

        Counted(StreamSource source) {
            this.source = source;
            account =
                    new LossAccount(source.plan(), source.tracePlan().metadata().trace().version());
        }

        void beginPacket() {
            IndexEntry entry = source.entry();
            if (packets == 0 && source.plan().hasDiscarded()) {
                perhaps = entry.discardedEvents();
            }
            packets++;
            bytes += entry.packetBits() / Byte.SIZE;
            missing += account.packets(entry).orElse(0);
            discarded += account.events(entry).orElse(0);
            account.count(entry);
        }

        void at(long nanos) {
            earliest = Math.min(earliest, nanos);
            latest = Math.max(latest, nanos);
        }

        OneStream summary() {
            Optional<long[]> range =
                    earliest <= latest
                            ? Optional.of(new long[] {earliest, latest})
                            : Optional.empty();
            return new OneStream(
                    source.stream(), packets, bytes, range, discarded, perhaps, missing);
        }
    }

    private LiveSummary(TraceReader reader, boolean isByClass) {
        this.reader = reader;
        this.isByClass = isByClass;
    }

    /// Reads live sessions, and whatever else there is, until they have ended or the thread is
    /// interrupted: what has come by then.
    ///
    /// @param opened with live sessions
    /// @param waiting is told whenever nothing more has come
    public static Summary of(OpenSources opened, boolean isByClass, Sink waiting)
            throws IOException {
        try (TraceReader reader = TraceReader.open(opened, 0)) {
            reader.flushing(waiting);
            return new LiveSummary(reader, isByClass).read();
        }
    }

    private Summary read() throws IOException {
        try {
            while (reader.next()) {
                take(reader.current());
            }
        } catch (InterruptedIOException e) {
            Thread.interrupted(); // somebody wants what has come by now
        }
        damage.addAll(reader.damage());
        var traces = new ArrayList<OneTrace>();
        for (Trace trace : reader.traces()) {
            List<Counted> own =
                    streams.values().stream()
                            .filter(each -> each.source.stream().trace() == trace)
                            .toList();
            var classes = new HashMap<String, Long>();
            own.forEach(each ->
                    each.classes.forEach((name, count) -> classes.merge(name, count, Long::sum)));
            traces.add(
                    new OneTrace(
                            trace,
                            own.stream().map(Counted::summary).toList(),
                            Summary.sorted(classes)));
        }
        return new Summary(traces, damage);
    }

    private void take(Message message) {
        switch (message) {
            case Message.PacketBegin begin -> {
                Counted its = of(begin.stream());
                its.beginPacket();
                begin.nanos().ifPresent(its::at);
            }
            case Message.PacketEnd end -> end.nanos().ifPresent(of(end.stream())::at);
            case Message.EventRecord event -> {
                Counted its = of(event.stream());
                if (event.hasTime() && !its.source.plan().hasEnd()) {
                    its.at(event.nanos());
                }
                if (isByClass) {
                    its.classes.merge(event.name(), 1L, Long::sum);
                }
            }
            case Message.Damage(String what) -> damage.add(what);
            case Message.StreamBegin _,
                    Message.StreamEnd _,
                    Message.Loss _,
                    Message.Inactivity _,
                    Message.Remark _ -> {}
        }
    }

    private Counted of(TraceStream stream) {
        return streams.computeIfAbsent(
                stream,
                its ->
                        new Counted(
                                reader.sources().stream()
                                        .filter(each -> each.stream() == its)
                                        .findFirst()
                                        .orElseThrow()));
    }
}
