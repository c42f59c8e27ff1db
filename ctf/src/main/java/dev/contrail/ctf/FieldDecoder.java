// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Decodes fields one behind the other into slots, registers and roles, and moves the clock.
///
/// Owned by one [PacketDecoder], which tells it where the content ends and which scope comes next.
final class FieldDecoder {
    /// Most slots of a packet's and an event's values: 128 MiB of memory.
    private static final int MAX_SLOTS = 1 << 24;

    private final long[] registers;
    private final long[] roles = new long[Role.values().length];
    private final int[] scopeSlots = new int[Scope.values().length];
    private long[] slots = new long[64];
    private int slotCount;

    /// Elements that need not take a bit, in this record: a few bytes could ask for any number.
    private long emptyElements;

    private ByteBuffer bytes = ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
    private long limit;
    private long position;
    private boolean wasBigEndian;
    private long clock;

    private String file = "";
    private long packetNumber;
    private long packetOffset;
    private Scope scope = Scope.PACKET_HEADER;
    private long eventNumber;

    /// Null outside of records, and in a record until its header has told.
    private EventClass eventClass;

    FieldDecoder(int registerCount) {
        registers = new long[registerCount];
    }

    /// Starts at the begin of a packet; the rest is for messages.
    void start(ByteBuffer packet, String name, long number, long offset) {
        bytes = packet.slice().order(ByteOrder.LITTLE_ENDIAN);
        limit = bytes.limit() * 8L;
        position = 0;
        slotCount = 0;
        emptyElements = 0;
        eventNumber = -1;
        eventClass = null;
        file = name;
        packetNumber = number;
        packetOffset = offset;
    }

    /// Starts an event record: slots from `slot` on are free again.
    void startEvent(int slot) {
        slotCount = slot;
        emptyElements = 0;
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

    long clock() {
        return clock;
    }

    void setClock(long ticks) {
        clock = ticks;
    }

    /// The first 32 bits of the packet.
    int magic(boolean isBigEndian) throws CtfException {
        require(32);
        return (int) PacketBits.read(bytes, 0, 32, isBigEndian);
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

    CtfException error(String what) {
        String event = eventNumber < 0 ? "" : ", event " + eventNumber;
        if (eventClass != null) {
            event += " (" + TsdlLexer.shortened(eventClass.name()) + ")";
        }
        return new CtfException(
                "%s: packet %d at byte %d%s".formatted(file, packetNumber, packetOffset, event),
                "%s, bit %d: %s".formatted(scope.path(), position, what));
    }
}
