// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.packet;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Decodes fields one behind the other into slots, registers and roles, and moves the clock.
///
/// Owned by one [PacketDecoder], which tells it where the content ends and which scope comes next.
final class FieldDecoder {
    /// Most slots of a packet's and an event's values: 128 MiB of memory.
    private static final int MAX_SLOTS = 1 << 24;

    /// What a role has that no field gave it: where it is possible, it is no value of a field.
    static final long NONE = -1;

    /// Most bytes of a variable-length integer of 64 bits.
    static final int MAX_VARIABLE_BYTES = 10;

    // Package-private: generated decoders work on these.

    final long[] registers;
    final int[] scopeSlots = new int[Scope.values().length];
    long[] slots = new long[64];
    long limit;
    long clock;
    boolean wasBigEndian;

    /// Where the slots of event records begin.
    int recordSlot;

    /// The clock's value behind the event header.
    long eventTicks;

    /// The [EventPlan#number] of the last record, when generated code has decoded it.
    int eventClassNumber;

    /// Which registers have a value, as far as fields may be missing.
    private final boolean[] isKnown;

    private final int[] uncertain;
    private final int[] uncertainOfEvent;
    private final long[] roles = new long[Role.values().length];
    private final int[] roleBits = new int[Role.values().length];
    private int slotCount;

    /// Elements that need not take a bit, in this record: a few bytes could ask for any number.
    private long emptyElements;

    private ByteBuffer bytes = ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
    private long position;

    private String file = "";
    private long packetNumber;
    private long packetOffset;
    private Scope scope = Scope.PACKET_HEADER;
    private long eventNumber;

    /// Null outside of records, and in a record until its header has told.
    private EventClass eventClass;

    FieldDecoder(KeyFinder keys) {
        registers = new long[keys.registerCount()];
        isKnown = new boolean[keys.registerCount()];
        uncertain = keys.uncertain(false);
        uncertainOfEvent = keys.uncertain(true);
    }

    /// Starts at the begin of a packet; the rest is for messages.
    void start(ByteBuffer packet, String name, long number, long offset) {
        bytes = packet.slice().order(ByteOrder.LITTLE_ENDIAN);
        limit = bytes.limit() * 8L;
        position = 0;
        slotCount = 0;
        emptyElements = 0;
        Arrays.fill(roles, 0);
        roles[Role.METADATA_UUID.ordinal()] = NONE;
        for (int register : uncertain) {
            isKnown[register] = false;
        }
        scope = Scope.PACKET_HEADER;
        eventNumber = -1;
        eventClass = null;
        file = name;
        packetNumber = number;
        packetOffset = offset;
    }

    /// Packet header and context are done: the slots behind theirs are for event records.
    void endPacketStart() {
        recordSlot = slotCount;
    }

    /// The event header is done.
    void endHeader() {
        eventTicks = clock;
    }

    /// A generated decoder has decoded the next event record.
    void moveTo(long end) {
        position = end;
        eventNumber++;
    }

    /// Starts an event record.
    void startEvent() {
        slotCount = recordSlot;
        emptyElements = 0;
        roles[Role.EVENT_CLASS_ID.ordinal()] = 0;
        for (int register : uncertainOfEvent) {
            isKnown[register] = false;
        }
        eventNumber++;
        eventClass = null;
    }

    /// Says what event it is, for messages.
    void of(EventClass known) {
        eventClass = known;
    }

    /// Decodes a scope; null stands for one that is not declared.
    void scope(Scope next, FieldLayout layout) throws CtfException {
        scope = next;
        scopeSlots[next.ordinal()] = slotCount;
        if (layout != null) {
            decode(layout);
        }
    }

    /// Lets the content end earlier.
    void endContent(long bits) {
        limit = Math.min(limit, bits);
    }

    boolean isAtEnd() {
        return position >= limit;
    }

    /// Bits from the packet's begin.
    long position() {
        return position;
    }

    int slotCount() {
        return slotCount;
    }

    int firstSlot(Scope wanted) {
        return scopeSlots[wanted.ordinal()];
    }

    long[] slots() {
        return slots;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    long role(Role role) {
        return roles[role.ordinal()];
    }

    /// Bits of the field that gave the role.
    int roleBits(Role role) {
        return roleBits[role.ordinal()];
    }

    long clock() {
        return clock;
    }

    void setClock(long ticks) {
        clock = ticks;
    }

    /// The first 32 bits of the packet, as the field there says.
    int magic(FieldLayout field) throws CtfException {
        require(32);
        int found = (int) PacketBits.read(bytes, 0, 32, field.isBigEndian);
        return field.isReversed ? Integer.reverse(found) : found;
    }

    private void decode(FieldLayout field) throws CtfException {
        switch (field.kind) {
            case INTEGER -> integer(field);
            case FLOAT -> number(field);
            case TEXT -> text(field);
            case BLOB -> blob(field);
            case STRUCTURE -> {
                align(field.alignmentBits);
                for (FieldLayout part : field.parts) {
                    decode(part);
                }
            }
            case ARRAY -> elements(field, field.length);
            case SEQUENCE -> {
                long count = key(field);
                add(count);
                elements(field, count);
            }
            case VARIANT -> {
                long tag = key(field);
                int option = field.option(tag);
                if (option < 0) {
                    throw error("tag value %d of a variant selects no option".formatted(tag));
                }
                add(option);
                decode(field.parts[option]);
            }
            case OPTIONAL -> {
                boolean isThere = field.option(key(field)) >= 0;
                add(isThere ? 1 : 0);
                if (isThere) {
                    decode(field.parts[0]);
                }
            }
        }
    }

    /// The value of the length, tag or selector that the field goes by.
    private long key(FieldLayout field) throws CtfException {
        if (field.isKeyOptional && !isKnown[field.lengthRegister]) {
            throw error("the field that a length or selector refers to is not in this record");
        }
        return registers[field.lengthRegister];
    }

    private void integer(FieldLayout field) throws CtfException {
        int size = field.sizeBits;
        long value;
        if (field.isVariable) {
            long start = position;
            value = variable(field.isSigned);
            size = Math.min(64, (int) (position - align(start, 8)) / 8 * 7);
        } else {
            value = bits(field);
        }
        if (field.movesClock) {
            clock = advanced(clock, value, size);
        }
        if (field.isSigned) {
            int unused = 64 - field.sizeBits;
            value = value << unused >> unused;
        }
        for (int role : field.roles) {
            roles[role] = value;
            roleBits[role] = size;
        }
        for (int register : field.registers) {
            registers[register] = value;
            isKnown[register] = true;
        }
        add(value);
    }

    /// Reads LEB128 (`ctf.md` section 13.3).
    private long variable(boolean isSigned) throws CtfException {
        align(8);
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            require(8);
            byte part = bytes.get((int) (position >>> 3));
            position += 8;
            int low = part & 0x7F;
            boolean isLast = part >= 0;
            if (shift == 63) {
                boolean fits = low == 0 || low == (isSigned ? 0x7F : 1);
                if (!isLast || !fits) {
                    throw error("a variable-length integer of more than 64 bits");
                }
                return value | (long) low << 63;
            }
            value |= (long) low << shift;
            if (isLast) {
                boolean isNegative = isSigned && (low & 0x40) != 0;
                return isNegative ? value | -1L << shift + 7 : value;
            }
        }
    }

    private void number(FieldLayout field) throws CtfException {
        if (field.sizeBits <= 64) {
            add(bits(field));
            return;
        }
        align(field.alignmentBits);
        require(field.sizeBits);
        checkOrder(field);
        long[] words = WideFloat.words(bytes, position, field);
        position += field.sizeBits;
        add(Double.doubleToRawLongBits(WideFloat.value(words, field)));
        for (long word : words) {
            add(word);
        }
    }

    /// The clock after a field of `size` bits holding `low` (`ctf.md` section 8).
    static long advanced(long clock, long low, int size) {
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
        checkOrder(field);
        long value = PacketBits.read(bytes, position, field.sizeBits, field.isBigEndian);
        position += field.sizeBits;
        return field.isReversed ? Long.reverse(value) >>> 64 - field.sizeBits : value;
    }

    private void checkOrder(FieldLayout field) throws CtfException {
        if ((position & 7) != 0 && wasBigEndian != field.isBigEndian) {
            throw error("the byte order changes inside a byte");
        }
        wasBigEndian = field.isBigEndian;
    }

    private void text(FieldLayout field) throws CtfException {
        align(8);
        int start = (int) (position >>> 3);
        int unit = field.unitBytes;
        if (field.lengthRegister < 0 && field.length < 0) {
            int end = (int) (limit >>> 3);
            int zero = zero(start, end, unit);
            if (zero + unit > end) {
                throw error("text without end before the content's end at bit " + limit);
            }
            add(start);
            add(zero - start);
            position = (long) (zero + unit) << 3;
            return;
        }
        int length = lengthBytes(field, start);
        if (length % unit != 0) {
            throw error(
                    "text of %d bytes, want whole code units of %d bytes".formatted(length, unit));
        }
        add(start);
        add(zero(start, start + length, unit) - start);
        position += (long) length << 3;
    }

    private void blob(FieldLayout field) throws CtfException {
        align(8);
        int start = (int) (position >>> 3);
        int length = lengthBytes(field, start);
        for (int role : field.roles) {
            roles[role] = start;
        }
        add(start);
        add(length);
        position += (long) length << 3;
    }

    private int lengthBytes(FieldLayout field, int start) throws CtfException {
        long length = field.lengthRegister < 0 ? field.length : key(field);
        int left = (int) (limit >>> 3) - start;
        if (length < 0 || length > left) {
            throw error(
                    "text or BLOB of %s bytes, but %d are left"
                            .formatted(Long.toUnsignedString(length), left));
        }
        return (int) length;
    }

    /// Where the first code unit of zero is; `end` or the rest of a unit before it when there is
    /// none.
    private int zero(int start, int end, int unit) {
        int at = start;
        while (unit == 1 && at + 8 <= end && !hasZero(bytes.getLong(at))) {
            at += 8;
        }
        while (at + unit <= end && !isZero(at, unit)) {
            at += unit;
        }
        return at;
    }

    private static boolean hasZero(long word) {
        return (word - Loads.ONES & ~word & Loads.ONES << 7) != 0;
    }

    private boolean isZero(int at, int unit) {
        return switch (unit) {
            case 1 -> bytes.get(at) == 0;
            case 2 -> bytes.getShort(at) == 0;
            default -> bytes.getInt(at) == 0;
        };
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
        long aligned = align(position, bits);
        if (aligned > limit) {
            throw error(
                    "alignment to %d bits crosses the content's end at bit %d"
                            .formatted(bits, limit));
        }
        position = aligned;
    }

    private static long align(long position, int bits) {
        return position + bits - 1 & -(long) bits;
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

    CtfException error(String what) {
        String event = eventNumber < 0 ? "" : ", event " + eventNumber;
        if (eventClass != null) {
            event += " (" + CtfException.shortened(eventClass.name()) + ")";
        }
        return new CtfException(
                "%s: packet %d at byte %d%s".formatted(file, packetNumber, packetOffset, event),
                "%s, bit %d: %s".formatted(scope.path(), position, what));
    }
}
