// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.packet;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.Identity;
import dev.contrail.ctf.JsonValue;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.metadata.Ctf2Writer;
import dev.contrail.ctf.metadata.Metadata;
import dev.contrail.ctf.metadata.TsdlWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Writes a trace: declare stream and event classes, append event records to streams, close.
///
/// Every packet gets, before the fields that a stream class declares, those that tell readers where
/// it belongs: magic number, UUID, stream class and instance, sizes, begin and end, sequence
/// number, discarded events. Every event record gets its id and, when [StreamClass#clock] names a
/// clock, its time. The classes that are handed in declare only what comes besides; members of
/// their packet header and event header come behind ours, and readers do not show them.
///
/// Metadata is on disk before the packets that need it, a packet before its entry in
/// `index/NAME.idx`. Files are the owner's alone. One thread at a time for a writer and its
/// streams.
///
/// ```java
/// try (CtfWriter writer = CtfWriter.create(folder, trace)) {
///     CtfStream stream = writer.stream(new StreamClass(0, "monotonic"), "channel_0");
///     stream.append(tick, clock.ticks(), 42, "text");
/// }
/// ```
public final class CtfWriter implements AutoCloseable {
    /// Packets grow to this size unless [#create] is told otherwise; 16 of LTTng's pages.
    public static final int PACKET_BYTES = 64 << 10;

    private final CtfVersion version;
    private final WriterSchema schema;
    private final TraceClass trace;
    private final int packetBytes;

    /// Null when nothing but its streams' packets is written.
    private final @Nullable WrittenFolder folder;

    private final List<StreamClass> streamClasses = new ArrayList<>();
    private final List<EventClass> eventClasses = new ArrayList<>();
    private final List<CtfStream> streams = new ArrayList<>();
    private final Map<StreamClass, StreamClass> completed = new HashMap<>();
    private final Map<Object, JsonValue> attributes = new IdentityHashMap<>();

    /// Whether nothing may be declared any more.
    private boolean isDeclared;

    /// How many classes the metadata on disk declares.
    private int writtenStreams;

    private int writtenEvents;
    private TracePlan plan;

    private CtfWriter(
            @Nullable Path folder,
            TraceClass given,
            CtfVersion version,
            int packetBytes,
            Map<Object, JsonValue> attributes)
            throws IOException {
        this.version = version;
        this.packetBytes = packetBytes;
        this.schema = new WriterSchema(given.version());
        this.trace = schema.complete(identified(given));
        this.attributes.putAll(attributes);
        takeAttributes(given, trace);
        this.plan = compile(List.of(), List.of());
        this.folder = folder == null ? null : WrittenFolder.create(folder, preamble());
    }

    private String preamble() {
        TraceClass written = plan.metadata().trace();
        return version == CtfVersion.CTF_2
                ? Ctf2Writer.preamble(written, List.of(), attributes)
                : TsdlWriter.preamble(written, List.of());
    }

    /// Begins a trace in the format of its model.
    ///
    /// @param folder made when it is not there; must not hold a trace
    /// @param trace without a UUID it gets a random one
    /// @throws java.nio.file.FileAlreadyExistsException when there is a trace already
    public static CtfWriter create(Path folder, TraceClass trace) throws IOException {
        return create(folder, trace, trace.version(), PACKET_BYTES);
    }

    /// Begins a trace.
    ///
    /// @param version what is written; classes are declared, and values appended, as the model of
    ///   `trace` has them
    /// @param packetBytes where packets end; a larger event record gets a packet of its own
    /// @throws IllegalArgumentException when the trace cannot be declared so
    public static CtfWriter create(
            Path folder, TraceClass trace, CtfVersion version, int packetBytes) throws IOException {
        return create(folder, trace, version, packetBytes, Map.of());
    }

    /// As before, with attributes, which only CTF 2 has.
    ///
    /// @param attributes of the trace class and of any class, member or option that will be
    ///   declared, by their identity, see [Metadata#attributes]
    public static CtfWriter create(
            Path folder,
            TraceClass trace,
            CtfVersion version,
            int packetBytes,
            Map<Object, JsonValue> attributes)
            throws IOException {
        return new CtfWriter(folder, trace, version, packetBytes, attributes);
    }

    /// Begins a trace that lies in no folder: its packets go to the [PacketOutput]s of its streams,
    /// and what is declared is [#declared].
    ///
    /// ```java
    /// CtfWriter writer = CtfWriter.inMemory(trace, CtfWriter.PACKET_BYTES);
    /// writer.declare(List.of(streamClass), List.of(tick));
    /// Metadata metadata = writer.declared();
    /// CtfStream stream = writer.stream(streamClass, 0, (packet, entry) -> received.add(entry));
    /// ```
    ///
    /// @param packetBytes where packets end; a larger event record gets a packet of its own
    /// @throws IllegalArgumentException when the trace cannot be declared so
    public static CtfWriter inMemory(TraceClass trace, int packetBytes) {
        try {
            return new CtfWriter(null, trace, trace.version(), packetBytes, Map.of());
        } catch (IOException e) {
            throw new AssertionError("nothing was written", e);
        }
    }

    /// What the trace declares, as readers have it. Nothing can be declared after that: whoever has
    /// it can read all packets to come.
    public Metadata declared() {
        isDeclared = true;
        return plan.metadata();
    }

    /// What a class has, the one that is written for it has.
    private void takeAttributes(Object given, Object written) {
        JsonValue own = attributes.get(given);
        if (own != null) {
            attributes.put(written, own);
        }
    }

    private static TraceClass identified(TraceClass trace) {
        boolean hasUuid = !trace.uuid().equals(TraceClass.NO_UUID);
        UUID uuid = hasUuid ? trace.uuid() : UUID.randomUUID();
        Identity old = trace.identity();
        Identity identity =
                trace.version() == CtfVersion.CTF_2 && old.uid().isEmpty()
                        ? new Identity(old.namespace(), old.name(), Optional.of(uuid.toString()))
                        : old;
        return new TraceClass(
                trace.version(),
                identity,
                uuid,
                trace.byteOrder(),
                trace.packetHeader(),
                trace.environment(),
                trace.clocks());
    }

    /// Declares classes that are not yet declared. Several at once cost less than one by one, and a
    /// class that comes after event records ends the packets that are open.
    ///
    /// @param streams with the id of a clock class when their event records have times
    /// @param events of stream classes declared now or before
    /// @throws IllegalArgumentException when a class contradicts another or refers to a field that
    ///   is not there; nothing is declared then
    /// @throws IllegalStateException after [#declared]
    public void declare(List<StreamClass> streams, List<EventClass> events) throws IOException {
        if (isDeclared) {
            throw new IllegalStateException(
                    "readers have the metadata already, it cannot declare "
                            + Stream.concat(
                                            streams.stream()
                                                    .map(each -> "stream class " + each.id()),
                                            events.stream()
                                                    .map(each -> "event `" + each.name() + "`"))
                                    .map(CtfException::shortened)
                                    .collect(Collectors.joining(", ")));
        }
        var allStreams = new ArrayList<>(streamClasses);
        for (StreamClass stream : streams) {
            if (!completed.containsKey(stream)) {
                check(stream, allStreams);
                StreamClass complete = schema.complete(stream);
                completed.put(stream, complete);
                takeAttributes(stream, complete);
                allStreams.add(complete);
            }
        }
        var allEvents = new ArrayList<>(eventClasses);
        allEvents.addAll(events);
        try {
            plan = compile(allStreams, allEvents);
        } catch (IllegalArgumentException e) {
            completed.values().retainAll(streamClasses);
            throw e;
        }
        streamClasses.addAll(allStreams.subList(streamClasses.size(), allStreams.size()));
        eventClasses.addAll(events);
        writeMetadata();
    }

    private void check(StreamClass stream, List<StreamClass> others) {
        if (others.stream().anyMatch(each -> each.id() == stream.id())) {
            throw new IllegalArgumentException("another stream class has the id of " + stream);
        }
        boolean hasClock =
                stream.clock().isEmpty()
                        || trace.clocks().stream().anyMatch(c -> c.id().equals(stream.clock()));
        if (!hasClock) {
            throw new IllegalArgumentException("no clock class `" + stream.clock() + "`");
        }
    }

    /// Begins a stream, numbered behind the others of its class.
    ///
    /// @param name of its file
    /// @param packetContext values of the packet context's own fields, in their order, see
    ///   [CtfStream#packetContext]
    public CtfStream stream(StreamClass streamClass, String name, Object... packetContext)
            throws IOException {
        long before = streams.stream().filter(each -> each.classId() == streamClass.id()).count();
        CtfStream stream = stream(streamClass, before, name);
        stream.packetContext(Arrays.asList(packetContext));
        return stream;
    }

    /// Begins a stream.
    ///
    /// @param instanceId tells it from others of its class
    /// @param name of its file
    /// @throws java.nio.file.FileAlreadyExistsException when there is such a file, or its index
    public CtfStream stream(StreamClass streamClass, long instanceId, String name)
            throws IOException {
        if (folder == null) {
            throw new IllegalStateException(
                    "a trace in memory has no stream files: `" + name + "`");
        }
        WrittenFolder.check(name);
        declare(streamClass);
        return begin(streamClass, instanceId, folder.stream(name));
    }

    /// Begins a stream whose packets lie in no file.
    ///
    /// @param instanceId tells it from others of its class
    public CtfStream stream(StreamClass streamClass, long instanceId, PacketOutput output)
            throws IOException {
        declare(streamClass);
        return begin(streamClass, instanceId, output);
    }

    private void declare(StreamClass streamClass) throws IOException {
        if (!completed.containsKey(streamClass)) {
            declare(List.of(streamClass), List.of());
        }
    }

    private CtfStream begin(StreamClass streamClass, long instanceId, PacketOutput output) {
        var stream = new CtfStream(this, streamClass.id(), instanceId, packetBytes, output);
        streams.add(stream);
        return stream;
    }

    /// Ends all streams: what is appended is written.
    @Override
    public void close() throws IOException {
        try (folder) {
            for (CtfStream stream : streams) {
                stream.close();
            }
        }
    }

    TracePlan plan() {
        return plan;
    }

    private TracePlan compile(List<StreamClass> allStreams, List<EventClass> allEvents) {
        var ids = new HashMap<Long, List<Long>>();
        for (EventClass event : allEvents) {
            List<Long> known = ids.computeIfAbsent(event.streamId(), _ -> new ArrayList<>());
            boolean hasStream = allStreams.stream().anyMatch(each -> each.id() == event.streamId());
            if (!hasStream) {
                throw new IllegalArgumentException("no stream class for " + event);
            }
            known.add(event.id());
        }
        for (List<Long> known : ids.values()) {
            if (known.stream().distinct().count() != known.size()) {
                throw new IllegalArgumentException("two event classes have one id: " + known);
            }
        }
        var model = new Metadata(trace, allStreams, allEvents, List.of(), List.of());
        try {
            if (version != trace.version()) {
                model =
                        version == CtfVersion.CTF_2
                                ? Ctf2Translation.of("metadata", model)
                                : Ctf1Translation.of("metadata", model);
            }
            return TracePlan.of("metadata", model);
        } catch (CtfException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private void writeMetadata() throws IOException {
        if (folder == null) {
            return;
        }
        while (writtenStreams < streamClasses.size()) {
            StreamClass stream = planOf(streamClasses.get(writtenStreams++).id()).streamClass();
            folder.declare(
                    version == CtfVersion.CTF_2
                            ? Ctf2Writer.stream(stream, attributes)
                            : TsdlWriter.stream(stream, trace.byteOrder()));
        }
        while (writtenEvents < eventClasses.size()) {
            EventClass declared = eventClasses.get(writtenEvents++);
            EventClass event =
                    planOf(declared.streamId()).event(declared.id()).orElseThrow().eventClass();
            folder.declare(
                    version == CtfVersion.CTF_2
                            ? Ctf2Writer.event(event, attributes)
                            : TsdlWriter.event(event, trace.byteOrder()));
        }
    }

    private StreamPlan planOf(long streamClassId) {
        return plan.stream(streamClassId).orElseThrow();
    }

    /// How the plan has the event class, which is declared now if it was not.
    EventPlan eventPlan(EventClass event, long streamClassId) throws IOException {
        if (event.streamId() != streamClassId) {
            throw new IllegalArgumentException(
                    "event `%s` is of stream class %d, not %d"
                            .formatted(event.name(), event.streamId(), streamClassId));
        }
        if (planOf(streamClassId).event(event.id()).isEmpty()) {
            declare(List.of(), List.of(event));
        } else if (!eventClasses.contains(event)) {
            throw new IllegalArgumentException(
                    "another event class has the id %d of `%s`"
                            .formatted(event.id(), event.name()));
        }
        return planOf(streamClassId).event(event.id()).orElseThrow();
    }
}
