// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.write;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.Identity;
import dev.contrail.ctf.JsonValue;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.ctf2.Ctf2Writer;
import dev.contrail.ctf.layout.EventPlan;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.translate.Ctf1Translation;
import dev.contrail.ctf.translate.Ctf2Translation;
import dev.contrail.ctf.tsdl.TsdlWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a trace that is being written declares: its stream and event classes, as they are written
/// and with the plan by which their packets are encoded; and the metadata on disk. Owned by one
/// `CtfWriter`.
final class DeclaredClasses {
    private final CtfVersion version;
    private final WriterSchema schema;
    private final TraceClass trace;

    /// Null when nothing but the packets of streams is written.
    private final @Nullable WrittenFolder folder;

    private final List<StreamClass> streamClasses = new ArrayList<>();
    private final List<EventClass> eventClasses = new ArrayList<>();
    private final Map<StreamClass, StreamClass> completed = new HashMap<>();
    private final Map<Object, JsonValue> attributes = new IdentityHashMap<>();

    /// Whether nothing may be declared any more.
    private boolean isDeclared;

    /// How many classes the metadata on disk declares.
    private int writtenStreams;

    private int writtenEvents;
    private TracePlan plan;

    /// @param folder null when nothing but the packets of streams is written
    DeclaredClasses(
            @Nullable Path folder,
            TraceClass given,
            CtfVersion version,
            Map<Object, JsonValue> attributes)
            throws IOException {
        this.version = version;
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

    @Nullable WrittenFolder folder() {
        return folder;
    }

    /// The newest plan: of all that is declared.
    TracePlan plan() {
        return plan;
    }

    /// See `CtfWriter.declared`.
    Metadata end() {
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

    /// See `CtfWriter.declare`.
    void declare(List<StreamClass> streams, List<EventClass> events) throws IOException {
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

    /// Declares a stream class, if it is not yet declared.
    void declare(StreamClass streamClass) throws IOException {
        if (!completed.containsKey(streamClass)) {
            declare(List.of(streamClass), List.of());
        }
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
