// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/// Decodes the packets of one stream, in order, one event record after the other.
///
/// It is a cursor: what it shows of an event is valid until [#next], of a packet until [#begin].
/// The clock's value is carried from packet to packet. One thread at a time.
///
/// ```java
/// decoder.begin(packet, "kernel/channel0_1", 12, 49152, packet.remaining());
/// while (decoder.next()) {
///     System.out.println(decoder.ticks() + " " + decoder.event().eventClass().name());
/// }
/// ```
public final class PacketDecoder {
    /// Most slots of a packet's and an event's values: 128 MiB of memory.
    private static final int MAX_SLOTS = 1 << 24;

    private final TracePlan plan;
    private final long[] registers;
    private final long[] roles = new long[Role.values().length];
    private final int[] scopeSlots = new int[Scope.values().length];
    private long[] slots = new long[64];
    private int slotCount;
    private int packetSlots;

    /// Elements that need not take a bit, in this record: a few bytes could ask for any number.
    private long emptyElements;

    private ByteBuffer bytes = ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
    private long limit;
    private long position;
    private boolean wasBigEndian;
    private long clock;

    private StreamPlan stream;
    private EventPlan event;
    private long eventTicks;
    private long eventNumber;
    private Scope scope = Scope.PACKET_HEADER;

    private String file = "";
    private boolean isNewFile;

    /// The UUID that packets of this file have.
    private UUID fileUuid = TraceClass.NO_UUID;

    private long packetNumber;
    private long packetOffset;

    public PacketDecoder(TracePlan plan) {
        this.plan = plan;
        this.registers = new long[plan.registerCount()];
    }

    /// Starts a packet: decodes and checks its header and context.
    ///
    /// @param untrusted the packet, or at least as much of it as header and context need; its
    ///     bytes from position to limit are used in place until the next call
    /// @param packet its number, for messages, as are `name` and `offset`
    /// @param restBytes how many bytes the file has from the packet's begin
    /// @return what the packet says of itself; sizes that it does not tell are filled in
    public IndexEntry begin(
            ByteBuffer untrusted, String name, long packet, long offset, long restBytes)
            throws CtfException {
        isNewFile = !name.equals(file);
        file = name;
        packetNumber = packet;
        packetOffset = offset;
        bytes = untrusted.slice().order(ByteOrder.LITTLE_ENDIAN);
        limit = bytes.limit() * 8L;
        position = 0;
        slotCount = 0;
        emptyElements = 0;
        eventNumber = 0;
        event = null;
        stream = null;
        scope = Scope.PACKET_HEADER;
        scopeSlots[Scope.PACKET_HEADER.ordinal()] = 0;
        checkMagic();
        if (plan.packetHeader != null) {
            decode(plan.packetHeader);
            checkUuid();
        }
        stream = streamPlan();
        enter(Scope.PACKET_CONTEXT);
        if (stream.packetContext != null) {
            decode(stream.packetContext);
        }
        packetSlots = slotCount;
        IndexEntry entry = entry(restBytes);
        limit = Math.min(limit, entry.contentBits());
        return entry;
    }

    /// Moves to the packet's next event record.
    ///
    /// @return whether there is one
    public boolean next() throws CtfException {
        if (position >= limit) {
            return false;
        }
        long start = position;
        slotCount = packetSlots;
        emptyElements = 0;
        event = null;
        enter(Scope.EVENT_HEADER);
        if (stream.eventHeader != null) {
            decode(stream.eventHeader);
        }
        eventTicks = clock;
        event = eventPlan();
        enter(Scope.COMMON_CONTEXT);
        if (stream.commonContext != null) {
            decode(stream.commonContext);
        }
        enter(Scope.SPECIFIC_CONTEXT);
        if (event.specificContext != null) {
            decode(event.specificContext);
        }
        enter(Scope.PAYLOAD);
        if (event.payload != null) {
            decode(event.payload);
        }
        if (position == start) {
            throw error("the event record is empty");
        }
        eventNumber++;
        return true;
    }

    /// Sets what partial time stamps are relative to.
    public void setClock(long ticks) {
        clock = ticks;
    }

    /// The stream class of the packet.
    public StreamPlan stream() {
        return stream;
    }

    /// The class of the event record.
    public EventPlan event() {
        return event;
    }

    /// Time of the event record, in ticks of the stream's clock.
    public long ticks() {
        return eventTicks;
    }

    /// The layout of a scope of the present event record, if it is declared.
    public Optional<FieldLayout> layout(Scope wanted) {
        return switch (wanted) {
            case PACKET_HEADER -> Optional.ofNullable(plan.packetHeader);
            case PACKET_CONTEXT -> Optional.ofNullable(stream.packetContext);
            case EVENT_HEADER -> Optional.ofNullable(stream.eventHeader);
            case COMMON_CONTEXT -> Optional.ofNullable(stream.commonContext);
            case SPECIFIC_CONTEXT, PAYLOAD -> event.layout(wanted);
        };
    }

    /// The first slot of a scope of the present event record.
    public int firstSlot(Scope wanted) {
        return scopeSlots[wanted.ordinal()];
    }

    /// The values; see [FieldLayout] for their order. Only to be read.
    public long[] slots() {
        return slots;
    }

    /// The packet, for the bytes of texts. Only to be read.
    public ByteBuffer bytes() {
        return bytes;
    }

    private void enter(Scope next) {
        scope = next;
        scopeSlots[next.ordinal()] = slotCount;
    }

    private void checkMagic() throws CtfException {
        if (!plan.hasMagic) {
            return;
        }
        FieldLayout magic = plan.packetHeader.parts[0];
        require(32);
        int found = (int) PacketBits.read(bytes, 0, 32, magic.isBigEndian);
        if (found != LttngSchema.MAGIC) {
            throw error("magic 0x%08x, want 0x%08x".formatted(found, LttngSchema.MAGIC));
        }
    }

    /// All packets of a file must have one UUID. That it be the metadata's is not asked: there are
    /// traces whose metadata was taken from another run, and peers read them.
    private void checkUuid() throws CtfException {
        if (plan.uuid == null) {
            return;
        }
        int slot = 0;
        for (FieldLayout part : plan.packetHeader.parts) {
            if (part == plan.uuid) {
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
        if (isNewFile) {
            fileUuid = new UUID(most, least);
        }
        UUID want = fileUuid;
        if (most != want.getMostSignificantBits() || least != want.getLeastSignificantBits()) {
            throw error("UUID %s, want %s".formatted(new UUID(most, least), want));
        }
    }

    private StreamPlan streamPlan() throws CtfException {
        if (!plan.hasStreamId) {
            StreamPlan only = plan.onlyStream();
            if (only == null) {
                throw error("no stream class is declared");
            }
            return only;
        }
        long id = roles[Role.STREAM_CLASS_ID.ordinal()];
        Optional<StreamPlan> known = plan.stream(id);
        if (known.isEmpty()) {
            throw error("stream class " + Long.toUnsignedString(id) + " is not declared");
        }
        return known.get();
    }

    private EventPlan eventPlan() throws CtfException {
        if (!stream.roles.contains(Role.EVENT_CLASS_ID)) {
            if (stream.onlyEvent == null) {
                throw error("the stream class has no event class");
            }
            return stream.onlyEvent;
        }
        long id = roles[Role.EVENT_CLASS_ID.ordinal()];
        EventPlan known = stream.events.get(id);
        if (known == null) {
            throw error("event id " + Long.toUnsignedString(id) + " is not declared");
        }
        return known;
    }

    private IndexEntry entry(long restBytes) throws CtfException {
        long content = role(Role.CONTENT_SIZE, -1);
        long packet = role(Role.PACKET_SIZE, -1);
        boolean hasContent = stream.roles.contains(Role.CONTENT_SIZE);
        boolean hasPacket = stream.roles.contains(Role.PACKET_SIZE);
        if (hasContent && !hasPacket) {
            if (content < 0) {
                throw error("content of %s bits".formatted(Long.toUnsignedString(content)));
            }
            packet = (content >>> 3) + ((content & 7) == 0 ? 0 : 1) << 3;
        } else if (!hasPacket) {
            packet = restBytes * 8;
        }
        content = hasContent ? content : packet;
        if (packet <= 0 || packet % 8 != 0) {
            throw error(
                    "packet of %s bits, want whole bytes, more than none"
                            .formatted(Long.toUnsignedString(packet)));
        }
        if (content < 0 || content > packet) {
            throw error(
                    "content of %s bits, want at most the packet's %d"
                            .formatted(Long.toUnsignedString(content), packet));
        }
        if (content < position) {
            throw error(
                    "content of %d bits, want at least header's and context's %d"
                            .formatted(content, position));
        }
        long begin = stream.hasBegin() ? role(Role.BEGIN, 0) : 0;
        FieldLayout beginField = roleField(Role.BEGIN);
        if (beginField != null && beginField.movesClock) {
            begin = clock;
        }
        long end = role(Role.END, begin);
        FieldLayout endField = roleField(Role.END);
        if (endField != null) {
            end = advanced(begin, end, endField.sizeBits);
        }
        return new IndexEntry(
                packet,
                content,
                begin,
                end,
                -1,
                role(Role.DISCARDED, 0),
                stream.streamClass().id(),
                plan.hasInstanceId
                        ? roles[Role.STREAM_INSTANCE_ID.ordinal()]
                        : IndexFile.NONE,
                role(Role.SEQUENCE, IndexFile.NONE));
    }

    private FieldLayout roleField(Role role) {
        if (stream.packetContext != null) {
            for (FieldLayout part : stream.packetContext.parts) {
                if (part.role == role.ordinal()) {
                    return part;
                }
            }
        }
        return null;
    }

    private long role(Role role, long otherwise) {
        return stream.roles.contains(role) ? roles[role.ordinal()] : otherwise;
    }

    private void decode(FieldLayout field) throws CtfException {
        switch (field.kind) {
            case INTEGER -> integer(field);
            case FLOAT -> add(bits(field));
            case TEXT -> text(field);
            case STRUCTURE -> {
                align(field.alignmentBits);
                for (FieldLayout part : field.parts) {
                    decode(part);
                }
            }
            case ARRAY -> elements(field, field.length);
            case SEQUENCE -> {
                long count = registers[field.lengthRegister];
                add(count);
                elements(field, count);
            }
            case VARIANT -> {
                int option = field.option(registers[field.lengthRegister]);
                if (option < 0) {
                    throw error(
                            "tag value %d of a variant selects no option"
                                    .formatted(registers[field.lengthRegister]));
                }
                add(option);
                decode(field.parts[option]);
            }
        }
    }

    private void integer(FieldLayout field) throws CtfException {
        long value = bits(field);
        if (field.movesClock) {
            clock = advanced(clock, value, field.sizeBits);
        }
        if (field.isSigned) {
            int unused = 64 - field.sizeBits;
            value = value << unused >> unused;
        }
        if (field.role >= 0) {
            roles[field.role] = value;
        }
        if (field.register >= 0) {
            registers[field.register] = value;
        }
        add(value);
    }

    /// The clock after a field of `size` bits holding `low` (`ctf.md` section 8).
    private static long advanced(long clock, long low, int size) {
        if (size == 64) {
            return low;
        }
        long mask = PacketBits.mask(size);
        long next = clock & ~mask | low;
        return low < (clock & mask) ? next + mask + 1 : next;
    }

    private long bits(FieldLayout field) throws CtfException {
        align(field.alignmentBits);
        require(field.sizeBits);
        if ((position & 7) != 0 && wasBigEndian != field.isBigEndian) {
            throw error("the byte order changes inside a byte");
        }
        wasBigEndian = field.isBigEndian;
        long value = PacketBits.read(bytes, position, field.sizeBits, field.isBigEndian);
        position += field.sizeBits;
        return value;
    }

    private void text(FieldLayout field) throws CtfException {
        align(8);
        int start = (int) (position >>> 3);
        int end = (int) (limit >>> 3);
        long length = field.length;
        if (field.lengthRegister >= 0) {
            length = registers[field.lengthRegister];
        } else if (length < 0) {
            int zero = zero(start, end);
            if (zero == end) {
                throw error("text without end before the content's end at bit " + limit);
            }
            add(start);
            add(zero - start);
            position = (zero + 1L) << 3;
            return;
        }
        if (length < 0 || length > end - start) {
            throw error(
                    "text of %s bytes, but %d are left"
                            .formatted(Long.toUnsignedString(length), end - start));
        }
        add(start);
        add(zero(start, start + (int) length) - start);
        position += length << 3;
    }

    private int zero(int start, int end) {
        int at = start;
        while (at < end && bytes.get(at) != 0) {
            at++;
        }
        return at;
    }

    private void elements(FieldLayout field, long count) throws CtfException {
        FieldLayout element = field.parts[0];
        align(field.alignmentBits);
        long left = limit - position;
        long most = element.leastBits == 0 ? MAX_SLOTS : left / element.leastBits;
        if (Long.compareUnsigned(count, Math.min(most, MAX_SLOTS)) > 0) {
            throw error(
                    "%s elements of at least %d bits, but %d bits are left"
                            .formatted(Long.toUnsignedString(count), element.leastBits, left));
        }
        if (element.leastBits == 0) {
            emptyElements += count;
            if (emptyElements > MAX_SLOTS) {
                throw error("more than " + MAX_SLOTS + " elements that may be empty");
            }
        }
        for (long i = 0; i < count; i++) {
            decode(element);
        }
    }

    private void align(int bits) throws CtfException {
        long aligned = position + bits - 1 & -bits;
        if (aligned > limit) {
            throw error(
                    "alignment to %d bits crosses the content's end at bit %d"
                            .formatted(bits, limit));
        }
        position = aligned;
    }

    private void require(int count) throws CtfException {
        if (limit - position < count) {
            throw error(
                    "a field of %d bits crosses the content's end at bit %d"
                            .formatted(count, limit));
        }
    }

    private void add(long value) throws CtfException {
        if (slotCount == slots.length) {
            if (slotCount == MAX_SLOTS) {
                throw error("an event record of more than " + MAX_SLOTS + " values");
            }
            slots = Arrays.copyOf(slots, slotCount * 2);
        }
        slots[slotCount++] = value;
    }

    private CtfException error(String what) {
        String where = "%s: packet %d at byte %d".formatted(file, packetNumber, packetOffset);
        if (scope.compareTo(Scope.EVENT_HEADER) >= 0) {
            where += ", event " + eventNumber;
            if (event != null) {
                where += " (" + TsdlLexer.shortened(event.eventClass().name()) + ")";
            }
        }
        return new CtfException(
                where, "%s, bit %d: %s".formatted(scope.path(), position, what));
    }
}
