// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.layout.EventPlan;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import java.nio.ByteBuffer;
import java.util.Optional;
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

    /// Most event records that are decoded before [#next] comes to them.
    public static final int MOST_AHEAD = FieldDecoder.MOST_RECORDS - 1;

    /// Largest content that generated decoders read: their offsets are `int`s and must not
    /// overflow.
    private static final long MAX_GENERATED_BITS = 8L << 30;

    private final TracePlan plan;
    private final FieldDecoder fields;
    private final PacketStartDecoder start;
    private final int eventsBeforeCode;
    private final SharedCode sharedCode;
    private StreamPlan stream = StreamPlan.NONE;

    /// Of the present stream class.
    private StreamCode code = new StreamCode(0);

    /// Null until enough event records were interpreted.
    private @Nullable RecordDecoder generated;

    private boolean isGenerated;
    private int interpretedEvents;

    /// The present record, of those that were decoded at once.
    private int record;

    /// How many those are.
    private int records;

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
        this.start = new PacketStartDecoder(plan, fields);
        this.sharedCode = SharedCode.of(plan);
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
        isGenerated = false;
        record = 0;
        records = 0;
        countInterpreted();
        fields.start(untrusted, name, packet, offset);
        stream = start.header(name);
        code = sharedCode.stream(stream.streamClass().id());
        IndexEntry entry = start.context(stream, restBytes);
        generated = mayGenerate() ? code.decoder() : null;
        return entry;
    }

    /// Moves to the packet's next event record.
    ///
    /// @return whether there is one
    public boolean next() throws CtfException {
        if (record + 1 < records) {
            record++;
            return true;
        }
        return nextRecords();
    }

    /// Moves to one of the packet's next event records that are decoded already.
    ///
    /// @param distance from the present event record, 1 to [#ahead]
    public void skip(int distance) {
        record += distance;
    }

    /// Decodes the next records at once: as many as generated code does without a doubt, or one.
    private boolean nextRecords() throws CtfException {
        if (fields.isAtEnd()) {
            return false;
        }
        fields.beginRecords(record);
        RecordDecoder decoder = generated;
        int decoded = decoder != null ? generatedRecords(decoder) : 0;
        isGenerated = decoded > 0;
        record = 0;
        records = decoded;
        if (!isGenerated) {
            interpretedNext();
        }
        return true;
    }

    private boolean mayGenerate() {
        return eventsBeforeCode < Integer.MAX_VALUE && fields.limit <= MAX_GENERATED_BITS;
    }

    /// Has generated code decode records until it has doubts of one, which is as before then.
    ///
    /// @return how many
    private int generatedRecords(RecordDecoder decoder) {
        ByteBuffer bytes = fields.bytes();
        long limit = fields.limit;
        long position = fields.position();
        int decoded = 0;
        while (decoded < FieldDecoder.MOST_RECORDS && position < limit) {
            long clock = fields.clock;
            fields.record = decoded;
            long end = decoder.decode(fields, bytes, position);
            if (end <= position) {
                fields.clock = clock;
                fields.record = 0;
                break;
            }
            position = end;
            decoded++;
        }
        fields.moveTo(position, decoded);
        if (decoded > 0) {
            fields.endRecords(decoded);
        }
        return decoded;
    }

    private void interpretedNext() throws CtfException {
        long start = fields.position();
        fields.startEvent();
        fields.scope(Scope.EVENT_HEADER, stream.eventHeader());
        fields.endHeader();
        EventPlan event = eventPlan();
        fields.of(event);
        fields.scope(Scope.COMMON_CONTEXT, stream.commonContext());
        fields.scope(Scope.SPECIFIC_CONTEXT, event.specificContext());
        fields.scope(Scope.PAYLOAD, event.payload());
        if (fields.position() == start) {
            throw fields.error("the event record is empty");
        }
        code.count(event);
        if (++interpretedEvents >= Math.min(COUNTED_AT_ONCE, eventsBeforeCode)) {
            countInterpreted();
        }
    }

    /// Tells the stream class what was interpreted; it may have code generated now.
    private void countInterpreted() {
        if (mayGenerate()) {
            code.interpreted(interpretedEvents, eventsBeforeCode, stream);
            generated = code.decoder();
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
    public void endContent(long bits) {
        fields.endContent(bits);
    }

    /// Whether generated code has decoded the event record.
    boolean isGenerated() {
        return isGenerated;
    }

    /// The file, the packet and the event record that it is at, for messages.
    public String place() {
        return fields.place(ahead());
    }

    /// The class of the event record.
    public EventPlan event() {
        return stream.numbered(fields.eventNumbers[record]);
    }

    /// The number of that class among those of [#stream].
    public int eventNumber() {
        return fields.eventNumbers[record];
    }

    /// Time of the event record, in ticks of the stream's clock.
    public long ticks() {
        return fields.eventTicks[record];
    }

    /// How many event records after the present one are decoded already, at most [#MOST_AHEAD].
    public int ahead() {
        return Math.max(0, records - 1 - record);
    }

    /// Time of one of those, in ticks of the stream's clock.
    ///
    /// @param distance from the present event record, 1 to [#ahead]
    public long ticksAhead(int distance) {
        return fields.eventTicks[record + distance];
    }

    /// The layout of a scope of the present event record, if it is declared.
    public Optional<FieldLayout> layout(Scope wanted) {
        return switch (wanted) {
            case PACKET_HEADER -> plan.headerLayout().ifDeclared();
            case PACKET_CONTEXT -> stream.packetContext().ifDeclared();
            case EVENT_HEADER -> stream.eventHeader().ifDeclared();
            case COMMON_CONTEXT -> stream.commonContext().ifDeclared();
            case SPECIFIC_CONTEXT, PAYLOAD -> event().layout(wanted);
        };
    }

    /// The first slot of a scope of the present event record.
    public int firstSlot(Scope wanted) {
        return fields.firstSlot(wanted, record);
    }

    /// The values; see [FieldLayout] for their order. Only to be read.
    public long[] slots() {
        return fields.slots();
    }

    /// The packet, for the bytes of texts. Only to be read.
    public ByteBuffer bytes() {
        return fields.bytes();
    }

    private EventPlan eventPlan() throws CtfException {
        if (!stream.has(Role.EVENT_CLASS_ID)) {
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
}
