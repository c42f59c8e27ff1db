// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.packet;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.IndexEntry;
import dev.contrail.ctf.IndexFile;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.TraceClass;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Decodes the packets of one stream, in order, one event record after the other.
///
/// It is a cursor: what it shows of an event is valid until [#next], of a packet until [#begin]. In
/// CTF 1.8, the clock's value is carried from packet to packet. One thread at a time.
///
/// Once enough event records of a stream class were interpreted, all decoders of its plan use code
/// that is generated for it then; what they show is the same.
///
/// ```java
/// decoder.begin(packet, "kernel/channel0_1", 12, 49152, packet.remaining());
/// while (decoder.next()) {
///     System.out.println(decoder.ticks() + " " + decoder.event().eventClass().name());
/// }
/// ```
public final class PacketDecoder {
    /// Interpreted event records of a stream class after which generated code pays. Making it costs
    /// a process some 100 ms of CPU time, much of it once; 10,000 records interpreted cost 1 to 5
    /// ms.
    private static final int EVENTS_BEFORE_CODE = 50_000;

    /// Records after which a decoder tells how many it has interpreted.
    private static final int COUNTED_AT_ONCE = 1_000;

    /// Largest content that generated decoders read: their offsets are `int`s and must not
    /// overflow.
    private static final long MAX_GENERATED_BITS = 8L << 30;

    private final TracePlan plan;
    private final FieldDecoder fields;
    private final int eventsBeforeCode;
    private StreamPlan stream = StreamPlan.NONE;

    /// Null until enough event records were interpreted.
    private @Nullable RecordDecoder generated;

    private boolean isGenerated;
    private int interpretedEvents;

    private String file = "";
    private boolean isNewFile;

    /// The UUID that packets of this file have.
    private UUID fileUuid = TraceClass.NO_UUID;

    public PacketDecoder(TracePlan plan) {
        this(plan, EVENTS_BEFORE_CODE);
    }

    /// A decoder that never generates code, nor uses what others generated: for comparison.
    public static PacketDecoder interpreter(TracePlan plan) {
        return new PacketDecoder(plan, Integer.MAX_VALUE);
    }

    /// @param eventsBeforeCode how many event records are interpreted before code is generated;
    ///   `Integer.MAX_VALUE` for none
    PacketDecoder(TracePlan plan, int eventsBeforeCode) {
        this.plan = plan;
        this.fields = new FieldDecoder(plan.keys());
        this.eventsBeforeCode = eventsBeforeCode;
    }

    /// Starts a packet: decodes and checks its header and context.
    ///
    /// @param untrusted the packet, or at least as much of it as header and context need; its bytes
    ///   from position to limit are used in place until the next call
    /// @param packet its number, for messages, as are `name` and `offset`
    /// @param restBytes how many bytes the file has from the packet's begin
    /// @return what the packet says of itself; sizes that it does not tell are filled in
    public IndexEntry begin(
            ByteBuffer untrusted, String name, long packet, long offset, long restBytes)
            throws CtfException {
        isNewFile = !name.equals(file);
        file = name;
        isGenerated = false;
        countInterpreted();
        fields.start(untrusted, name, packet, offset);
        if (plan.isCtf2) {
            fields.setClock(0);
        }
        checkMagic();
        fields.scope(Scope.PACKET_HEADER, plan.packetHeader);
        checkUuid();
        stream = streamPlan();
        fields.scope(Scope.PACKET_CONTEXT, stream.packetContext);
        fields.endPacketStart();
        IndexEntry entry = entry(restBytes);
        fields.endContent(entry.contentBits());
        generated = mayGenerate() ? stream.code.decoder() : null;
        return entry;
    }

    /// Moves to the packet's next event record.
    ///
    /// @return whether there is one
    public boolean next() throws CtfException {
        if (fields.isAtEnd()) {
            return false;
        }
        RecordDecoder code = generated;
        isGenerated = code != null && generatedNext(code);
        if (!isGenerated) {
            interpretedNext();
        }
        return true;
    }

    private boolean mayGenerate() {
        return eventsBeforeCode < Integer.MAX_VALUE && fields.limit <= MAX_GENERATED_BITS;
    }

    /// Has generated code decode the record; when it has doubts, everything is as before.
    private boolean generatedNext(RecordDecoder code) {
        long clock = fields.clock();
        long start = fields.position();
        long end = code.decode(fields, fields.bytes(), start);
        if (end <= start) {
            fields.setClock(clock);
            return false;
        }
        fields.moveTo(end);
        return true;
    }

    private void interpretedNext() throws CtfException {
        long start = fields.position();
        fields.startEvent();
        fields.scope(Scope.EVENT_HEADER, stream.eventHeader);
        fields.endHeader();
        EventPlan event = eventPlan();
        fields.of(event);
        fields.scope(Scope.COMMON_CONTEXT, stream.commonContext);
        fields.scope(Scope.SPECIFIC_CONTEXT, event.specificContext);
        fields.scope(Scope.PAYLOAD, event.payload);
        if (fields.position() == start) {
            throw fields.error("the event record is empty");
        }
        stream.code.count(event);
        if (++interpretedEvents >= Math.min(COUNTED_AT_ONCE, eventsBeforeCode)) {
            countInterpreted();
        }
    }

    /// Tells the stream class what was interpreted; it may have code generated now.
    private void countInterpreted() {
        if (mayGenerate()) {
            stream.code.interpreted(interpretedEvents, eventsBeforeCode, stream);
            generated = stream.code.decoder();
        }
        interpretedEvents = 0;
    }

    /// Sets what partial time stamps are relative to.
    public void setClock(long ticks) {
        fields.setClock(ticks);
    }

    /// The stream class of the packet.
    public StreamPlan stream() {
        return stream;
    }

    /// Lets the packet's content end earlier than the packet says.
    void endContent(long bits) {
        fields.endContent(bits);
    }

    /// Whether generated code has decoded the event record.
    boolean isGenerated() {
        return isGenerated;
    }

    /// The class of the event record.
    public EventPlan event() {
        return stream.numbered(fields.eventClassNumber);
    }

    /// Time of the event record, in ticks of the stream's clock.
    public long ticks() {
        return fields.eventTicks;
    }

    /// The layout of a scope of the present event record, if it is declared.
    public Optional<FieldLayout> layout(Scope wanted) {
        return switch (wanted) {
            case PACKET_HEADER -> plan.packetHeader.ifDeclared();
            case PACKET_CONTEXT -> stream.packetContext.ifDeclared();
            case EVENT_HEADER -> stream.eventHeader.ifDeclared();
            case COMMON_CONTEXT -> stream.commonContext.ifDeclared();
            case SPECIFIC_CONTEXT, PAYLOAD -> event().layout(wanted);
        };
    }

    /// The first slot of a scope of the present event record.
    public int firstSlot(Scope wanted) {
        return fields.firstSlot(wanted);
    }

    /// The values; see [FieldLayout] for their order. Only to be read.
    public long[] slots() {
        return fields.slots();
    }

    /// The packet, for the bytes of texts. Only to be read.
    public ByteBuffer bytes() {
        return fields.bytes();
    }

    private void checkMagic() throws CtfException {
        if (!plan.hasMagic) {
            return;
        }
        int found = fields.magic(plan.packetHeader.parts[0]);
        if (found != LttngSchema.MAGIC) {
            throw fields.error("magic 0x%08x, want 0x%08x".formatted(found, LttngSchema.MAGIC));
        }
    }

    /// All packets of a file must have one UUID. That it be the metadata's is not asked: there are
    /// traces whose metadata was taken from another run, and peers read them.
    private void checkUuid() throws CtfException {
        FieldLayout field = plan.uuid;
        if (field == null) {
            return;
        }
        UUID found = field.kind == FieldLayout.Kind.BLOB ? uuidOfBlob() : uuidOfArray(field);
        if (isNewFile || fileUuid.equals(TraceClass.NO_UUID)) {
            fileUuid = found;
        }
        if (!found.equals(fileUuid)) {
            throw fields.error("UUID %s, want %s".formatted(found, fileUuid));
        }
    }

    private UUID uuidOfBlob() {
        int start = (int) fields.role(Role.METADATA_UUID);
        if (start < 0) {
            return fileUuid; // it stands in an option that this packet does not have
        }
        ByteBuffer raw = fields.bytes().slice(start, 16);
        return new UUID(raw.getLong(), raw.getLong());
    }

    private UUID uuidOfArray(FieldLayout field) {
        long[] slots = fields.slots();
        int slot = 0;
        for (FieldLayout part : plan.packetHeader.parts) {
            if (part == field) {
                break;
            }
            slot = part.skip(slots, slot);
        }
        long most = 0;
        long least = 0;
        for (int i = 0; i < 8; i++) {
            most = most << 8 | slots[slot + i] & 0xFF;
            least = least << 8 | slots[slot + 8 + i] & 0xFF;
        }
        return new UUID(most, least);
    }

    private StreamPlan streamPlan() throws CtfException {
        if (!plan.hasStreamId) {
            return plan.onlyStream().orElseThrow(() -> fields.error("no stream class is declared"));
        }
        long id = fields.role(Role.STREAM_CLASS_ID);
        return plan.stream(id)
                .orElseThrow(() ->
                        fields.error(
                                "stream class %s is not declared"
                                        .formatted(Long.toUnsignedString(id))));
    }

    private EventPlan eventPlan() throws CtfException {
        if (!stream.roles.containsKey(Role.EVENT_CLASS_ID)) {
            if (stream.events().isEmpty()) {
                throw fields.error("the stream class has no event class");
            }
            return stream.numbered(0);
        }
        long id = fields.role(Role.EVENT_CLASS_ID);
        Optional<EventPlan> known = stream.event(id);
        if (known.isEmpty()) {
            throw fields.error("event id " + Long.toUnsignedString(id) + " is not declared");
        }
        return known.get();
    }

    private IndexEntry entry(long restBytes) throws CtfException {
        long content = role(Role.CONTENT_SIZE, -1);
        long packet = role(Role.PACKET_SIZE, -1);
        boolean hasContent = stream.roles.containsKey(Role.CONTENT_SIZE);
        boolean hasPacket = stream.roles.containsKey(Role.PACKET_SIZE);
        if (hasContent && !hasPacket) {
            if (content < 0) {
                throw fields.error("content of %s bits".formatted(Long.toUnsignedString(content)));
            }
            packet = (content >>> 3) + ((content & 7) == 0 ? 0 : 1) << 3;
        } else if (!hasPacket) {
            packet = restBytes * 8;
        }
        content = hasContent ? content : packet;
        if (packet <= 0 || packet % 8 != 0) {
            throw fields.error(
                    "packet of %s bits, want whole bytes, more than none"
                            .formatted(Long.toUnsignedString(packet)));
        }
        if (content < 0 || content > packet) {
            throw fields.error(
                    "content of %s bits, want at most the packet's %d"
                            .formatted(Long.toUnsignedString(content), packet));
        }
        if (content < fields.position()) {
            throw fields.error(
                    "content of %d bits, want at least header's and context's %d"
                            .formatted(content, fields.position()));
        }
        long begin = stream.isBeginOfClock ? fields.clock() : role(Role.BEGIN, 0);
        long end = role(Role.END, begin);
        if (stream.hasEnd()) {
            end = FieldDecoder.advanced(begin, end, fields.roleBits(Role.END));
        }
        return new IndexEntry(
                packet,
                content,
                begin,
                end,
                -1,
                role(Role.DISCARDED, 0),
                stream.streamClass().id(),
                plan.hasInstanceId ? fields.role(Role.STREAM_INSTANCE_ID) : IndexFile.NONE,
                role(Role.SEQUENCE, IndexFile.NONE));
    }

    private long role(Role role, long otherwise) {
        return stream.roles.containsKey(role) ? fields.role(role) : otherwise;
    }
}
