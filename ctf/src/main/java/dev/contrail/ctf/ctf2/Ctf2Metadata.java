// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.ctf2;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.Identity;
import dev.contrail.ctf.JsonValue;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;

/// Reads the fragments of CTF 2 metadata, a JSON text sequence (RFC 7464; `ctf.md` section 12).
public final class Ctf2Metadata {
    /// The byte before every fragment.
    public static final byte SEPARATOR = 0x1E;

    private static final Map<Scope, Set<Role>> ALLOWED =
            Map.of(
                    Scope.PACKET_HEADER,
                    EnumSet.of(
                            Role.MAGIC,
                            Role.METADATA_UUID,
                            Role.STREAM_CLASS_ID,
                            Role.STREAM_INSTANCE_ID),
                    Scope.PACKET_CONTEXT,
                    EnumSet.of(
                            Role.PACKET_SIZE,
                            Role.CONTENT_SIZE,
                            Role.BEGIN,
                            Role.END,
                            Role.DISCARDED,
                            Role.SEQUENCE),
                    Scope.EVENT_HEADER,
                    EnumSet.of(Role.BEGIN, Role.EVENT_CLASS_ID));

    private final String file;
    private final byte[] bytes;
    private final Map<Object, JsonValue> attributes = new IdentityHashMap<>();
    private final Ctf2Types types = new Ctf2Types(attributes);
    private final List<String> warnings = new ArrayList<>();
    private final List<String> damage = new ArrayList<>();
    private final SequencedMap<String, ClockClass> clocks = new LinkedHashMap<>();
    private final SequencedMap<Long, StreamClass> streams = new LinkedHashMap<>();
    private final List<EventClass> events = new ArrayList<>();
    private final Map<Long, Set<Long>> eventIds = new HashMap<>();
    private final SequencedMap<String, Object> environment = new LinkedHashMap<>();

    private String where = "";
    private boolean hasPreamble;
    private boolean hasTrace;
    private UUID uuid = TraceClass.NO_UUID;
    private Identity identity = Identity.NONE;
    private StructureClass packetHeader = StructureClass.ABSENT;
    private Optional<JsonValue> traceAttributes = Optional.empty();
    private long totalFields;

    private Ctf2Metadata(String file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /// @param file how messages call the metadata
    public static Metadata parse(String file, byte[] untrusted) throws CtfException {
        return new Ctf2Metadata(file, untrusted).metadata();
    }

    private Metadata metadata() throws CtfException {
        int number = 0;
        int at = 0;
        while (at < bytes.length) {
            int start = at + 1;
            int end = start;
            while (end < bytes.length && bytes[end] != SEPARATOR) {
                end++;
            }
            at = end;
            if (!isBlank(start, end)) {
                where = "%s: fragment %d at byte %d".formatted(file, number++, start);
                types.enter(where);
                read(start, end);
            }
        }
        if (!hasPreamble) {
            throw new CtfException(file, "no preamble" + cut());
        }
        if (streams.isEmpty()) {
            throw new CtfException(file, "no data stream class" + cut());
        }
        var trace =
                new TraceClass(
                        CtfVersion.CTF_2,
                        identity,
                        uuid,
                        ByteOrder.LITTLE_ENDIAN,
                        packetHeader,
                        environment,
                        List.copyOf(clocks.values()));
        traceAttributes.ifPresent(told -> attributes.put(trace, told));
        return new Metadata(
                trace, List.copyOf(streams.values()), events, warnings, damage, attributes);
    }

    private String cut() {
        return damage.isEmpty() ? "" : "; " + damage.getFirst();
    }

    private boolean isBlank(int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] > ' ' || bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /// Reads one fragment. The last one may be cut by a crash: what stands before it is worth
    /// reading.
    private void read(int start, int end) throws CtfException {
        var parser = new JsonParser(where, bytes, start, end);
        JsonValue value;
        try {
            value = parser.parse();
        } catch (CtfException e) {
            if (end < bytes.length || !parser.isAtEnd()) {
                throw e;
            }
            damage.add(e.getMessage());
            return;
        }
        var fragment = new JsonProperties(where, value, "a fragment");
        String type = fragment.needText("type");
        Optional<JsonValue> told = fragment.attributes();
        if (hasPreamble == type.equals("preamble")) {
            throw fragment.error(
                    hasPreamble ? "a second preamble" : "the first fragment is no preamble");
        }
        switch (type) {
            case "preamble" -> preamble(fragment);
            case "field-class-alias" -> types.alias(fragment, fragment.needText("name"));
            case "trace-class" -> {
                trace(fragment);
                traceAttributes = told;
            }
            case "clock-class" -> describe(clock(fragment), told);
            case "data-stream-class" -> describe(stream(fragment), told);
            case "event-record-class" -> describe(event(fragment, told), told);
            default ->
                    throw fragment.error(
                            "fragment type `%s` is unknown"
                                    .formatted(CtfException.shortened(type)));
        }
        fragment.end();
    }

    private void describe(Object described, Optional<JsonValue> told) {
        told.ifPresent(value -> attributes.put(described, value));
    }

    private void preamble(JsonProperties fragment) throws CtfException {
        long version = fragment.needBounded("version", 0, Long.MAX_VALUE);
        if (version != 2) {
            throw fragment.error("version " + version + " of CTF, want 2");
        }
        hasPreamble = true;
        Optional<JsonValue> told = fragment.take("uuid");
        if (told.isEmpty()) {
            return;
        }
        List<JsonValue> numbers = JsonProperties.elements(where, told.get(), "uuid");
        if (numbers.size() != 16) {
            throw fragment.error("`uuid` of %d numbers, want 16".formatted(numbers.size()));
        }
        long[] halves = new long[2];
        for (int i = 0; i < 16; i++) {
            long number =
                    JsonProperties.whole(
                                    where,
                                    numbers.get(i),
                                    "uuid",
                                    BigInteger.ZERO,
                                    BigInteger.valueOf(255))
                            .longValue();
            halves[i / 8] = halves[i / 8] << 8 | number;
        }
        uuid = new UUID(halves[0], halves[1]);
    }

    private void trace(JsonProperties fragment) throws CtfException {
        if (hasTrace) {
            throw fragment.error("a second trace class");
        }
        if (!streams.isEmpty()) {
            throw fragment.error("the trace class comes after a data stream class");
        }
        hasTrace = true;
        identity = fragment.identity();
        packetHeader = scope(fragment, Scope.PACKET_HEADER, "packet-header-field-class");
        checkHeader(fragment);
        Optional<JsonValue> told = fragment.take("environment");
        if (told.isPresent()) {
            for (var entry : new JsonProperties(where, told.get(), "`environment`").entries()) {
                environment.put(entry.getKey(), constant(entry.getKey(), entry.getValue()));
            }
        }
    }

    private Object constant(String name, JsonValue value) throws CtfException {
        return switch (value) {
            case JsonValue.Text(int _, String text) -> text;
            case JsonValue.Whole whole ->
                    JsonProperties.whole(
                                    where,
                                    whole,
                                    CtfException.shortened(name),
                                    BigInteger.valueOf(Long.MIN_VALUE),
                                    BigInteger.valueOf(Long.MAX_VALUE))
                            .longValue();
            case JsonValue other ->
                    throw JsonProperties.wanted(where, other, "text or an integer: `" + name + "`");
        };
    }

    private void checkHeader(JsonProperties fragment) throws CtfException {
        Ctf2Types.Measure header = types.measure(packetHeader);
        if (header.magics() > 0) {
            boolean isFirst =
                    packetHeader.members().getFirst().fieldClass() instanceof IntegerClass magic
                            && magic.roles().contains(Role.MAGIC)
                            && magic.sizeBits() == 32;
            if (!isFirst || header.magics() > 1) {
                throw fragment.error(
                        "a magic number must be the packet header's first member, of 32 bits");
            }
        }
        if (header.roles().contains(Role.METADATA_UUID) && uuid.equals(TraceClass.NO_UUID)) {
            throw fragment.error("a metadata UUID in the packet header, but none in the preamble");
        }
    }

    private ClockClass clock(JsonProperties fragment) throws CtfException {
        ClockClass clock = Ctf2Clock.read(where, fragment);
        if (clocks.putIfAbsent(clock.id(), clock) != null) {
            throw fragment.error(
                    "clock class `%s` stands twice".formatted(CtfException.shortened(clock.id())));
        }
        return clock;
    }

    private StreamClass stream(JsonProperties fragment) throws CtfException {
        String clock = fragment.text("default-clock-class-id").orElse("");
        if (fragment.take("default-clock-class-id").isPresent() && !clocks.containsKey(clock)) {
            throw fragment.error(
                    "clock class `%s` is not declared before"
                            .formatted(CtfException.shortened(clock)));
        }
        var stream =
                new StreamClass(
                        fragment.unsigned("id", 0),
                        fragment.identity(),
                        clock,
                        scope(fragment, Scope.PACKET_CONTEXT, "packet-context-field-class"),
                        scope(fragment, Scope.EVENT_HEADER, "event-record-header-field-class"),
                        scope(
                                fragment,
                                Scope.COMMON_CONTEXT,
                                "event-record-common-context-field-class"));
        boolean hasTime =
                types.measure(stream.packetContext()).roles().contains(Role.BEGIN)
                        || types.measure(stream.packetContext()).roles().contains(Role.END)
                        || types.measure(stream.eventHeader()).roles().contains(Role.BEGIN);
        if (hasTime && clock.isEmpty()) {
            throw fragment.error("time stamps, but no `default-clock-class-id`");
        }
        if (streams.putIfAbsent(stream.id(), stream) != null) {
            throw fragment.error(
                    "data stream class %s stands twice"
                            .formatted(Long.toUnsignedString(stream.id())));
        }
        return stream;
    }

    private EventClass event(JsonProperties fragment, Optional<JsonValue> told)
            throws CtfException {
        long stream = fragment.unsigned("data-stream-class-id", 0);
        long id = fragment.unsigned("id", 0);
        if (!streams.containsKey(stream)) {
            throw fragment.error(
                    "data stream class %s is not declared before"
                            .formatted(Long.toUnsignedString(stream)));
        }
        if (!eventIds.computeIfAbsent(stream, _ -> new HashSet<>()).add(id)) {
            throw fragment.error(
                    "event record class %s stands twice".formatted(Long.toUnsignedString(id)));
        }
        var event =
                new EventClass(
                        id,
                        stream,
                        fragment.identity(),
                        logLevel(told),
                        EventAttributes.emfUri(told),
                        scope(fragment, Scope.SPECIFIC_CONTEXT, "specific-context-field-class"),
                        scope(fragment, Scope.PAYLOAD, "payload-field-class"));
        totalFields += types.measure(event.context()).fields();
        totalFields += types.measure(event.fields()).fields();
        if (totalFields > Metadata.MAX_TOTAL_FIELDS) {
            throw fragment.error(
                    "more than " + Metadata.MAX_TOTAL_FIELDS + " fields in all event classes");
        }
        events.add(event);
        return event;
    }

    private int logLevel(Optional<JsonValue> told) {
        Optional<String> word = EventAttributes.logLevel(told);
        if (word.isEmpty()) {
            return EventClass.NO_LOG_LEVEL;
        }
        int level = EventAttributes.LOG_LEVELS.indexOf(word.get());
        if (level < 0) {
            warnings.add(
                    "%s: log level `%s` is unknown"
                            .formatted(where, CtfException.shortened(word.get())));
            return EventClass.NO_LOG_LEVEL;
        }
        return level;
    }

    private StructureClass scope(JsonProperties fragment, Scope scope, String name)
            throws CtfException {
        Optional<JsonValue> told = fragment.take(name);
        if (told.isEmpty()) {
            return StructureClass.ABSENT;
        }
        if (!(types.fieldClass(told.get()) instanceof StructureClass structure)) {
            throw JsonProperties.error(where, told.get(), "`" + name + "` is not a structure");
        }
        Set<Role> allowed = ALLOWED.getOrDefault(scope, Set.of());
        for (Role role : types.measure(structure).roles()) {
            if (!allowed.contains(role)) {
                throw JsonProperties.error(
                        where,
                        told.get(),
                        "role `%s` has no place in `%s`".formatted(role.word(), name));
            }
        }
        return structure;
    }
}
