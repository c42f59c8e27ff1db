// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.write;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.layout.EventPlan;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.PacketBits;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/// A stream that is being written: event records are collected in a packet, which goes to the file,
/// or to another [PacketOutput], when it is full or [#flush]ed.
///
/// Values are as `EventRecord.fields` of the room `analysis` gives them: any integer or `Boolean`
/// for integers, bit arrays, bit maps and booleans (a `Long` stands for an unsigned one of 64 bits
/// by its bits), also a label for an enumeration; `Double` or another number; `String`, or `byte[]`
/// with its encoded characters; `byte[]` for BLOBs; `List` for arrays and sequences; `Map` by the
/// members' names, or `List` in their order, for structures; the chosen option's value for
/// variants; null for optional fields that are not there. Lengths, tags and selectors are fields
/// with values like others. What comes after the fields that the writer adds is in such values.
public final class CtfStream {
    private static final long LOW_TIME = 0xFFFF_FFFFL;

    private final DeclaredClasses classes;
    private final long classId;
    private final long instanceId;
    private final int packetBytes;
    private final PacketOutput output;
    private final PacketBuffer packet = new PacketBuffer();
    private final Map<EventClass, EventPlan> events = new IdentityHashMap<>();

    private TracePlan plan;
    private StreamPlan stream;
    private FieldEncoder encoder;
    private RecordCopy copy;
    private boolean hasClock;

    private Object packetHeader = List.of();
    private Object packetContext = List.of();
    private long sequence;
    private long discarded;

    private boolean isOpen;
    private int recordCount;
    private int contextByte;
    private long beginTicks;
    private long lastTicks;

    CtfStream(
            DeclaredClasses classes,
            long classId,
            long instanceId,
            int packetBytes,
            PacketOutput output) {
        this.classes = classes;
        this.classId = classId;
        this.instanceId = instanceId;
        this.packetBytes = packetBytes;
        this.output = output;
        follow(classes.plan());
    }

    long classId() {
        return classId;
    }

    private void follow(TracePlan newest) {
        plan = newest;
        stream = newest.stream(classId).orElseThrow();
        hasClock = stream.clock().isPresent();
        encoder = new FieldEncoder(packet, newest.keys());
        copy = new RecordCopy(encoder);
        events.clear();
    }

    /// Appends an event record of a class without contexts.
    ///
    /// @param ticks of the stream's clock; those of a stream should not go back. Without a clock
    ///   they are not written
    /// @param payload the values of its fields in their order
    /// @throws IllegalArgumentException when a value does not fit its field; nothing is appended
    public void append(EventClass event, long ticks, Object... payload) throws IOException {
        appendScopes(event, ticks, Map.of(Scope.PAYLOAD, Arrays.asList(payload)));
    }

    /// Appends an event record.
    ///
    /// @param values for each declared scope with members a `List` in their order or a `Map` by
    ///   their names; of the event header the fields that the stream class declares
    /// @throws IllegalArgumentException when a value does not fit its field; nothing is appended
    public void appendScopes(EventClass event, long ticks, Map<Scope, ?> values)
            throws IOException {
        append(
                event,
                ticks,
                values(values, Scope.EVENT_HEADER),
                known -> {
                    encoder.scope(
                            Scope.COMMON_CONTEXT,
                            stream.commonContext(),
                            0,
                            values(values, Scope.COMMON_CONTEXT));
                    encoder.scope(
                            Scope.SPECIFIC_CONTEXT,
                            known.specificContext(),
                            0,
                            values(values, Scope.SPECIFIC_CONTEXT));
                    encoder.scope(Scope.PAYLOAD, known.payload(), 0, values(values, Scope.PAYLOAD));
                });
    }

    /// Appends the event record that a decoder is at, with contexts and payload as they are.
    ///
    /// @param event of the same field classes as the decoder's event class; the trace is written in
    ///   the version of the decoder's
    /// @param header values of the event header's own fields, in their order
    public void copy(EventClass event, Object header, PacketDecoder decoder) throws IOException {
        append(
                event,
                decoder.ticks(),
                header,
                known -> {
                    copy.take(decoder);
                    copy.scope(stream.commonContext(), decoder.firstSlot(Scope.COMMON_CONTEXT));
                    copy.scope(known.specificContext(), decoder.firstSlot(Scope.SPECIFIC_CONTEXT));
                    copy.scope(known.payload(), decoder.firstSlot(Scope.PAYLOAD));
                });
    }

    /// @param scopes encodes what comes after the event header
    private void append(EventClass event, long ticks, Object header, Consumer<EventPlan> scopes)
            throws IOException {
        EventPlan known = events.get(event);
        if (known == null || plan != classes.plan()) {
            known = classes.eventPlan(event, classId);
            if (plan != classes.plan()) {
                flush();
                follow(classes.plan());
            }
            events.put(event, known);
        }
        try {
            encode(known, ticks, header, scopes);
            boolean isFull = packet.position() > packetBytes * 8L;
            if (isFull && recordCount > 0) {
                packet.rollBack();
                flush();
                encode(known, ticks, header, scopes);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "event `%s`: %s"
                            .formatted(CtfException.shortened(event.name()), e.getMessage()),
                    e);
        }
        recordCount++;
        lastTicks = Long.compareUnsigned(ticks, lastTicks) > 0 ? ticks : lastTicks;
    }

    /// Encodes a record after a mark; takes it back when it is refused.
    private void encode(EventPlan event, long ticks, Object header, Consumer<EventPlan> scopes) {
        boolean wasOpen = isOpen;
        if (!isOpen) {
            begin(ticks);
        }
        long clock = encoder.clock;
        packet.mark();
        try {
            encoder.startEvent();
            header(event.eventClass().id(), ticks, header);
            scopes.accept(event);
        } catch (IllegalArgumentException e) {
            packet.rollBack();
            encoder.clock = clock;
            isOpen = wasOpen;
            throw e;
        }
    }

    private static Object values(Map<Scope, ?> values, Scope scope) {
        Object given = values.get(scope);
        return given == null ? List.of() : given;
    }

    /// The short form when a reader can make id and time of it, otherwise the long one.
    private void header(long id, long ticks, Object values) {
        FieldLayout header = stream.eventHeader();
        packet.align(header.alignmentBits());
        boolean isShort =
                Long.compareUnsigned(id, WriterSchema.EXTENDED) < 0
                        && PacketBits.advanced(encoder.clock, ticks & LOW_TIME, 32) == ticks;
        if (!hasClock) {
            packet.put(id, 64, false);
        } else if (isShort) {
            packet.put(id, 16, false);
            packet.put(ticks, 32, false);
        } else {
            packet.put(WriterSchema.EXTENDED, 16, false);
            packet.put(id, 64, false);
            packet.put(ticks, 64, false);
        }
        encoder.clock = ticks;
        encoder.scope(
                Scope.EVENT_HEADER, header, WriterSchema.eventHeaderMembers(hasClock), values);
    }

    /// Sets the values of the packet context's own fields, from the next packet on.
    ///
    /// @param values a `List` in the order of the fields, or a `Map` by their names
    public void packetContext(Object values) {
        packetContext = values;
    }

    /// Sets the values of the packet header's own fields, from the next packet on.
    ///
    /// @param values a `List` in the order of the fields, or a `Map` by their names
    public void packetHeader(Object values) {
        packetHeader = values;
    }

    /// Counts event records that could not be appended, up to the end of the present packet.
    public void discardEvents(long count) {
        discarded += count;
    }

    /// Counts packets that are missing before the next one.
    public void skipPackets(long count) {
        sequence += count;
    }

    /// Begins a packet; without this, a packet begins with its first event record.
    ///
    /// @throws IllegalArgumentException when a value of the packet context does not fit its field
    public void begin(long ticks) {
        if (isOpen) {
            throw new IllegalStateException("a packet has begun already");
        }
        packet.clear();
        encoder.startPacket();
        encoder.clock = hasClock ? ticks : 0;
        UUID uuid = plan.metadata().trace().uuid();
        packet.put(
                ByteBuffer.allocate(WriterSchema.HEADER_BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(LttngSchema.MAGIC)
                        .putLong(Long.reverseBytes(uuid.getMostSignificantBits()))
                        .putLong(Long.reverseBytes(uuid.getLeastSignificantBits()))
                        .putLong(classId)
                        .putLong(instanceId)
                        .array());
        encoder.scope(
                Scope.PACKET_HEADER,
                plan.headerLayout(),
                WriterSchema.HEADER_MEMBERS,
                packetHeader);
        packet.align(stream.packetContext().alignmentBits());
        contextByte = (int) (packet.position() >>> 3);
        int members = WriterSchema.contextMembers(hasClock);
        packet.skip(members * 8L);
        encoder.scope(Scope.PACKET_CONTEXT, stream.packetContext(), members, packetContext);
        isOpen = true;
        recordCount = 0;
        beginTicks = ticks;
        lastTicks = ticks;
    }

    /// Writes the packet that has begun, if any; it ends with its last event record.
    public void flush() throws IOException {
        flush(lastTicks);
    }

    /// Writes the packet that has begun, if any.
    ///
    /// @param endTicks when the packet ends; not before its last event record, or that is taken
    /// @throws IOException when it cannot be written: the output has the packets before it
    public void flush(long endTicks) throws IOException {
        if (!isOpen) {
            return;
        }
        isOpen = false;
        long end = Long.compareUnsigned(endTicks, lastTicks) > 0 ? endTicks : lastTicks;
        long content = packet.position();
        ByteBuffer bytes = packet.written();
        long size = bytes.remaining() * 8L;
        int at = contextByte;
        if (hasClock) {
            packet.set(at, beginTicks);
            packet.set(at + 8, end);
            at += 16;
        }
        packet.set(at, content);
        packet.set(at + 8, size);
        packet.set(at + 16, sequence);
        packet.set(at + 24, discarded);
        var entry =
                new IndexEntry(
                        size,
                        content,
                        hasClock ? beginTicks : 0,
                        hasClock ? end : 0,
                        recordCount,
                        discarded,
                        classId,
                        instanceId,
                        sequence);
        output.packet(bytes, entry);
        sequence++;
    }

    void close() throws IOException {
        try (output) {
            flush();
        }
    }
}
