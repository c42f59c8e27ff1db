// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.ClockTime;
import dev.contrail.analysis.Message;
import dev.contrail.analysis.PacketSource;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.TraceStream;
import dev.contrail.analysis.live.LivePackets;
import dev.contrail.analysis.live.LiveTrace;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The traces and streams of live sessions as they become known: a stream with its first packet.
final class LiveTraces {
    private final List<Trace> traces;
    private final List<StreamSource> sources;
    private final long addedNanos;
    private final Map<LiveTrace, Trace> known = new IdentityHashMap<>();
    private boolean areClocksWarned;

    /// @param traces gets each
    /// @param sources gets each as long as it lasts
    LiveTraces(List<Trace> traces, List<StreamSource> sources, long addedNanos) {
        this.traces = traces;
        this.sources = sources;
        this.addedNanos = addedNanos;
    }

    /// The stream that begins with a packet; empty when it is of no class that is declared.
    ///
    /// @param notes what is to be told
    Optional<StreamSource> begin(
            LivePackets packets, PacketSource.Packet first, Consumer<Message> notes) {
        TracePlan plan = packets.trace().plan().orElseThrow();
        long classId = classId(plan, packets, first);
        Optional<StreamPlan> declared = plan.stream(classId);
        if (declared.isEmpty()) {
            notes.accept(
                    new Message.Damage(
                            "%s: stream class %s is not declared"
                                    .formatted(packets.name(), Long.toUnsignedString(classId))));
            return Optional.empty();
        }
        StreamPlan of = declared.get();
        Trace trace =
                known.computeIfAbsent(
                        packets.trace(),
                        live -> {
                            var made = new Trace(live.name(), plan.metadata());
                            traces.add(made);
                            return made;
                        });
        var identity = new TraceStream(trace, of.streamClass(), packets.id(), packets.name());
        var source = new StreamSource(identity, plan, of, packets, addedNanos);
        sources.add(source);
        if (!areClocksWarned) {
            List<String> warnings = MergedClocks.warnings(sources);
            areClocksWarned = !warnings.isEmpty();
            warnings.forEach(each -> notes.accept(new Message.Remark(each)));
        }
        return Optional.of(source);
    }

    /// A stream has ended, and all of it was given.
    void end(StreamSource source) {
        sources.remove(source);
    }

    /// As the packet says; where it cannot be read, as the relay does.
    private static long classId(TracePlan plan, LivePackets packets, PacketSource.Packet first) {
        try {
            return PacketDecoder.interpreter(plan)
                    .begin(
                            first.bytes().duplicate(),
                            first.place(),
                            first.number(),
                            first.offsetBytes(),
                            first.availableBytes())
                    .streamClassId();
        } catch (CtfException e) {
            return packets.classId();
        }
    }

    /// When a promise ends that a relay gives of a stream; [Long#MIN_VALUE], which promises
    /// nothing, where no clock tells.
    long nanos(LivePackets packets, long ticks) {
        TracePlan plan = packets.trace().plan().orElseThrow();
        return plan.stream(packets.classId())
                .flatMap(StreamPlan::clock)
                .or(() -> plan.metadata().trace().clocks().stream().findFirst())
                .map(clock -> new ClockTime(clock, addedNanos).nanos(ticks))
                .orElse(Long.MIN_VALUE);
    }
}
