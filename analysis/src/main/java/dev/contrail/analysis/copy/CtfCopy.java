// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.copy;

import dev.contrail.analysis.ClockOffset;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.TraceStream;
import dev.contrail.analysis.folder.Compression;
import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.JsonValue;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.write.CtfStream;
import dev.contrail.ctf.write.CtfWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// One trace written anew: the classes as they were, but for the fields that tell readers about
/// packets, which are [CtfWriter]'s.
final class CtfCopy implements AutoCloseable {
    /// Packets are as long as those that came.
    private static final int PACKET_BYTES = Integer.MAX_VALUE;

    /// What [CtfWriter] calls its own fields.
    private static final Map<Scope, Set<String>> TAKEN =
            Map.of(
                    Scope.PACKET_HEADER,
                    Set.of("magic", "uuid", "stream_id", "stream_instance_id"),
                    Scope.PACKET_CONTEXT,
                    Set.of(
                            "timestamp_begin",
                            "timestamp_end",
                            "content_size",
                            "packet_size",
                            "packet_seq_num",
                            "events_discarded"),
                    Scope.EVENT_HEADER,
                    Set.of("id", "v"));

    private final Path folder;
    private final boolean isTranslated;
    private final boolean isSameVersion;
    private final CtfWriter writer;
    private final Map<Long, StreamClass> streams = new HashMap<>();

    /// As they are written, by the classes that are read.
    private final Map<EventClass, EventClass> events = new IdentityHashMap<>();

    /// The same by stream class and number: what is declared again is written once.
    private final Map<List<Long>, EventClass> writtenEvents = new HashMap<>();

    private final Set<TracePlan> plans = Collections.newSetFromMap(new IdentityHashMap<>());

    /// Which members of a structure are kept; structures by their layouts.
    private final Map<FieldLayout, int[]> kept = new IdentityHashMap<>();

    /// By the classes that are written.
    private final Map<Object, JsonValue> attributes;

    private final Set<String> files = new HashSet<>();

    /// @param folder does not exist yet
    /// @param addedNanos what is added to the clocks' offsets
    CtfCopy(Path folder, TracePlan plan, CtfVersion version, long addedNanos) throws IOException {
        this.folder = folder;
        TraceClass trace = plan.metadata().trace();
        this.attributes = new IdentityHashMap<>(plan.metadata().attributes());
        this.isSameVersion = version == trace.version();
        this.isTranslated = version == CtfVersion.CTF_2 && trace.version() == CtfVersion.CTF_1_8;
        var clocks = new LinkedHashSet<>(trace.clocks());
        for (StreamClass stream : plan.metadata().streams()) {
            plan.stream(stream.id()).orElseThrow().clock().ifPresent(clocks::add);
        }
        StructureClass header =
                kept(Scope.PACKET_HEADER, trace.packetHeader(), plan.packetHeader());
        var written =
                new TraceClass(
                        trace.version(),
                        trace.identity(),
                        TraceClass.NO_UUID,
                        trace.byteOrder(),
                        header,
                        trace.environment(),
                        clocks.stream()
                                .map(each -> withAttributes(each, moved(each, addedNanos)))
                                .toList());
        withAttributes(trace, written);
        Added all = add(plan); // before the writer takes their attributes
        writer = CtfWriter.create(folder, written, version, PACKET_BYTES, attributes);
        writer.declare(all.streams, all.events);
    }

    /// What is written and was not declared before.
    private record Added(List<StreamClass> streams, List<EventClass> events) {}

    /// Takes in what the trace declares by now: metadata of live sessions grows, and their streams
    /// need not all be at the same point of it.
    void declare(TracePlan plan) throws IOException {
        if (!plans.contains(plan)) {
            Added more = add(plan);
            writer.declare(more.streams, more.events);
        }
    }

    private Added add(TracePlan plan) {
        plans.add(plan);
        attributes.putAll(plan.metadata().attributes());
        plan.packetHeader()
                .ifPresent(_ ->
                        kept(
                                Scope.PACKET_HEADER,
                                plan.metadata().trace().packetHeader(),
                                plan.packetHeader()));
        var newStreams = new ArrayList<StreamClass>();
        for (StreamClass stream : plan.metadata().streams()) {
            StreamClass written = written(stream, plan.stream(stream.id()).orElseThrow());
            if (streams.putIfAbsent(stream.id(), written) == null) {
                newStreams.add(written);
            }
        }
        var newEvents = new ArrayList<EventClass>();
        for (EventClass event : plan.metadata().events()) {
            EventClass written = written(event, plan.stream(event.streamId()).orElseThrow());
            EventClass before =
                    writtenEvents.putIfAbsent(List.of(event.streamId(), event.id()), written);
            if (before == null) {
                newEvents.add(written);
            }
            events.put(event, before == null ? written : before);
        }
        return new Added(newStreams, newEvents);
    }

    /// Gives what is written the attributes of what it is written for.
    private <T> T withAttributes(T read, T written) {
        JsonValue own = attributes.get(read);
        if (own != null) {
            attributes.put(written, own);
        }
        return written;
    }

    Path folder() {
        return folder;
    }

    private StreamClass written(StreamClass stream, StreamPlan known) {
        var written =
                new StreamClass(
                        stream.id(),
                        stream.identity(),
                        known.clock().map(ClockClass::id).orElse(""),
                        kept(known, Scope.PACKET_CONTEXT, stream.packetContext()),
                        kept(known, Scope.EVENT_HEADER, stream.eventHeader()),
                        kept(known, Scope.COMMON_CONTEXT, stream.eventContext()));
        return withAttributes(stream, written);
    }

    private StructureClass kept(StreamPlan known, Scope scope, StructureClass structure) {
        return kept(scope, structure, known.layout(scope));
    }

    private EventClass written(EventClass event, StreamPlan stream) {
        var known = stream.event(event.id()).orElseThrow();
        var written =
                new EventClass(
                        event.id(),
                        event.streamId(),
                        event.identity(),
                        event.logLevel(),
                        event.emfUri(),
                        kept(
                                Scope.SPECIFIC_CONTEXT,
                                event.context(),
                                known.layout(Scope.SPECIFIC_CONTEXT)),
                        kept(Scope.PAYLOAD, event.fields(), known.layout(Scope.PAYLOAD)));
        return withAttributes(event, written);
    }

    private StructureClass kept(
            Scope scope, StructureClass structure, Optional<FieldLayout> declared) {
        if (declared.isEmpty()) {
            return structure;
        }
        FieldLayout layout = declared.get();
        int[] numbers =
                IntStream.range(0, layout.childCount())
                        .filter(i -> isKept(scope, structure.members().get(i), layout.child(i)))
                        .toArray();
        kept.put(layout, numbers);
        if (numbers.length == layout.childCount()) {
            return structure;
        }
        var members = new ArrayList<Member>();
        for (int number : numbers) {
            members.add(structure.members().get(number));
        }
        return withAttributes(
                structure, new StructureClass(members, structure.minimumAlignmentBits()));
    }

    /// Whether a field is data. In CTF 2 a field of an event cannot move the clock, and readers do
    /// not show one that does.
    private boolean isKept(Scope scope, Member member, FieldLayout layout) {
        return TAKEN.containsKey(scope)
                ? !TAKEN.get(scope).contains(member.name()) && !hasMeaning(layout)
                : !isTranslated || !layout.isHidden();
    }

    private static boolean hasMeaning(FieldLayout layout) {
        return layout.isHidden()
                || IntStream.range(0, layout.childCount())
                        .anyMatch(i -> hasMeaning(layout.child(i)));
    }

    private static ClockClass moved(ClockClass clock, long addedNanos) {
        ClockOffset offset = ClockOffset.of(clock, addedNanos);
        return new ClockClass(
                clock.id(),
                clock.identity(),
                clock.description(),
                clock.frequency(),
                clock.precision(),
                clock.accuracy(),
                offset.seconds(),
                offset.cycles(),
                clock.origin());
    }

    /// Begins a stream under the name of the file that it came from.
    CtfStream stream(TraceStream stream) throws IOException {
        String file =
                CtfPath.safe(
                        Compression.plainName(Path.of(stream.name()).getFileName().toString()));
        boolean isTaken = file.equals("metadata") || file.equals("index") || file.startsWith(".");
        String wanted = isTaken ? "stream_" + file : file;
        String name = wanted;
        for (int i = 0; !files.add(name); i++) {
            name = wanted + "-" + i;
        }
        StreamClass written = Objects.requireNonNull(streams.get(stream.streamClass().id()));
        return writer.stream(written, stream.id(), name);
    }

    /// The values of packet header and packet context for the next packet.
    void setPacketValues(CtfStream out, PacketDecoder decoder) {
        out.packetHeader(values(decoder, Scope.PACKET_HEADER));
        out.packetContext(values(decoder, Scope.PACKET_CONTEXT));
    }

    void append(CtfStream out, EventRecord record) throws IOException {
        PacketDecoder decoder = record.decoder();
        EventClass event = Objects.requireNonNull(events.get(record.eventClass()));
        if (isSameVersion) {
            out.copy(event, values(decoder, Scope.EVENT_HEADER), decoder);
            return;
        }
        var values = new EnumMap<Scope, Object>(Scope.class);
        values.put(Scope.EVENT_HEADER, values(decoder, Scope.EVENT_HEADER));
        values.put(Scope.COMMON_CONTEXT, values(decoder, Scope.COMMON_CONTEXT));
        values.put(Scope.SPECIFIC_CONTEXT, values(decoder, Scope.SPECIFIC_CONTEXT));
        values.put(Scope.PAYLOAD, values(decoder, Scope.PAYLOAD));
        out.appendScopes(event, record.ticks(), values);
    }

    private List<Object> values(PacketDecoder decoder, Scope scope) {
        return decoder.layout(scope)
                .map(layout ->
                        new RawValues(decoder.slots(), decoder.bytes())
                                .members(
                                        layout,
                                        decoder.firstSlot(scope),
                                        Objects.requireNonNull(kept.get(layout))))
                .orElse(List.of());
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
