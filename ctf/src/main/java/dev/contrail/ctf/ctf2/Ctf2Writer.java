// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.ctf2;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.ClockOrigin;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.Identity;
import dev.contrail.ctf.JsonValue;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Writes a trace's metadata as CTF 2: a JSON text sequence, to be encoded as UTF-8, one line a
/// fragment (`ctf.md` sections 12 and 18).
///
/// As with `TsdlWriter` the text only grows: the whole is [#preamble] followed by what [#stream]
/// and [#event] give for each class in the order in which they came into being.
///
/// The model must be one of CTF 2; [dev.contrail.ctf.translate.Ctf2Translation] makes one of a
/// model of CTF 1.8.
public final class Ctf2Writer {
    private static final String EVENT_NAMESPACE = "lttng.org,2009";

    private final JsonWriter json = new JsonWriter();
    private final Ctf2TypeWriter types;
    private final Map<Object, JsonValue> attributes;

    private Ctf2Writer(Map<Object, JsonValue> attributes) {
        this.attributes = attributes;
        this.types = new Ctf2TypeWriter(json, attributes);
    }

    /// All of a trace's metadata, attributes included.
    ///
    /// @throws IllegalArgumentException when something is in it that CTF 2 does not have
    public static String metadata(Metadata metadata) {
        var text = new StringBuilder();
        text.append(preamble(metadata.trace(), List.of(), metadata.attributes()));
        for (StreamClass stream : metadata.streams()) {
            text.append(stream(stream, metadata.attributes()));
        }
        for (EventClass event : metadata.events()) {
            text.append(event(event, metadata.attributes()));
        }
        return text.toString();
    }

    /// The preamble, the trace class, the clock classes, then the classes of `streams`.
    ///
    /// @throws IllegalArgumentException when something is in it that CTF 2 does not have
    public static String preamble(TraceClass trace, List<StreamClass> streams) {
        return preamble(trace, streams, Map.of());
    }

    /// The same with user attributes.
    ///
    /// @param attributes of classes, members and options, by identity, see [Metadata#attributes]
    public static String preamble(
            TraceClass trace, List<StreamClass> streams, Map<Object, JsonValue> attributes) {
        var text = new StringBuilder();
        text.append(new Ctf2Writer(attributes).preambleFragment(trace));
        text.append(new Ctf2Writer(attributes).traceFragment(trace));
        for (ClockClass clock : trace.clocks()) {
            text.append(new Ctf2Writer(attributes).clockFragment(clock));
        }
        streams.forEach(stream -> text.append(stream(stream)));
        return text.toString();
    }

    /// One data stream class.
    ///
    /// @throws IllegalArgumentException when something is in it that CTF 2 does not have
    public static String stream(StreamClass stream) {
        return stream(stream, Map.of());
    }

    /// The same with user attributes.
    ///
    /// @param attributes of classes, members and options, by identity, see [Metadata#attributes]
    public static String stream(StreamClass stream, Map<Object, JsonValue> attributes) {
        return new Ctf2Writer(attributes).streamFragment(stream);
    }

    /// One event record class, to be appended after its data stream class.
    ///
    /// @throws IllegalArgumentException when something is in it that CTF 2 does not have
    public static String event(EventClass event) {
        return event(event, Map.of());
    }

    /// The same with user attributes.
    ///
    /// @param attributes of classes, members and options, by identity, see [Metadata#attributes]
    public static String event(EventClass event, Map<Object, JsonValue> attributes) {
        return new Ctf2Writer(attributes).eventFragment(event);
    }

    private void begin(String type) {
        json.open('{').name("type").value(type);
    }

    private String end() {
        json.close('}');
        return (char) Ctf2Metadata.SEPARATOR + json.text() + "\n";
    }

    private String preambleFragment(TraceClass trace) {
        begin("preamble");
        json.name("version").value(2);
        if (!trace.uuid().equals(TraceClass.NO_UUID)) {
            json.name("uuid").open('[');
            UUID uuid = trace.uuid();
            for (int shift = 56; shift >= 0; shift -= 8) {
                json.value(uuid.getMostSignificantBits() >>> shift & 0xFF);
            }
            for (int shift = 56; shift >= 0; shift -= 8) {
                json.value(uuid.getLeastSignificantBits() >>> shift & 0xFF);
            }
            json.close(']');
        }
        return end();
    }

    private String traceFragment(TraceClass trace) {
        begin("trace-class");
        identity(trace.identity());
        if (!trace.environment().isEmpty()) {
            json.name("environment").open('{');
            trace.environment()
                    .forEach((name, value) -> {
                        json.name(name);
                        if (value instanceof Long number) {
                            json.value(number);
                        } else {
                            json.value(value.toString());
                        }
                    });
            json.close('}');
        }
        scope("packet-header-field-class", Scope.PACKET_HEADER, trace.packetHeader());
        types.attributes(trace);
        return end();
    }

    private void identity(Identity identity) {
        identity.namespace().ifPresent(part -> json.name("namespace").value(part));
        identity.name().ifPresent(part -> json.name("name").value(part));
        identity.uid().ifPresent(part -> json.name("uid").value(part));
    }

    private String clockFragment(ClockClass clock) {
        begin("clock-class");
        json.name("id").value(clock.id());
        identity(clock.identity());
        if (!clock.description().isEmpty()) {
            json.name("description").value(clock.description());
        }
        json.name("frequency").value(clock.frequency());
        if (clock.precision() != -1) {
            json.name("precision").value((Object) Long.toUnsignedString(clock.precision()));
        }
        if (clock.accuracy() != -1) {
            json.name("accuracy").value((Object) Long.toUnsignedString(clock.accuracy()));
        }
        switch (clock.origin()) {
            case ClockOrigin.UnixEpoch _ -> json.name("origin").value("unix-epoch");
            case ClockOrigin.Unknown _ -> {}
            case ClockOrigin.Custom(Identity identity) -> {
                json.name("origin").open('{');
                identity(identity);
                json.close('}');
            }
        }
        long ticks = clock.offsetTicks();
        long seconds = clock.offsetSeconds() + Math.floorDiv(ticks, clock.frequency());
        json.name("offset-from-origin").open('{');
        json.name("seconds").value(seconds);
        json.name("cycles").value(Math.floorMod(ticks, clock.frequency()));
        json.close('}');
        types.attributes(clock);
        return end();
    }

    private String streamFragment(StreamClass stream) {
        begin("data-stream-class");
        json.name("id").value((Object) Long.toUnsignedString(stream.id()));
        identity(stream.identity());
        if (!stream.clock().isEmpty()) {
            json.name("default-clock-class-id").value(stream.clock());
        }
        scope("packet-context-field-class", Scope.PACKET_CONTEXT, stream.packetContext());
        scope("event-record-header-field-class", Scope.EVENT_HEADER, stream.eventHeader());
        scope(
                "event-record-common-context-field-class",
                Scope.COMMON_CONTEXT,
                stream.eventContext());
        types.attributes(stream);
        return end();
    }

    private String eventFragment(EventClass event) {
        begin("event-record-class");
        json.name("id").value((Object) Long.toUnsignedString(event.id()));
        json.name("data-stream-class-id").value((Object) Long.toUnsignedString(event.streamId()));
        identity(event.identity());
        if (attributes.containsKey(event)) {
            types.attributes(event);
        } else {
            eventAttributes(event);
        }
        scope("specific-context-field-class", Scope.SPECIFIC_CONTEXT, event.context());
        scope("payload-field-class", Scope.PAYLOAD, event.fields());
        return end();
    }

    /// Log level and EMF URI, where LTTng writes them and babeltrace2 finds them.
    private void eventAttributes(EventClass event) {
        boolean hasLevel = event.logLevel() != EventClass.NO_LOG_LEVEL;
        if (!hasLevel && event.emfUri().isEmpty()) {
            return;
        }
        json.name("attributes").open('{').name(EVENT_NAMESPACE).open('{');
        if (hasLevel) {
            json.name("log-level").value(EventAttributes.LOG_LEVELS.get(event.logLevel()));
        }
        if (!event.emfUri().isEmpty()) {
            json.name("emf-uri").value(event.emfUri());
        }
        json.close('}').close('}');
    }

    private void scope(String name, Scope scope, StructureClass structure) {
        if (!structure.isAbsent()) {
            json.name(name);
            types.write(scope, structure);
        }
    }
}
