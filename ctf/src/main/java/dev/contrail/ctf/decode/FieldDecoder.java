// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.layout.EventPlan;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.KeyFinder;
import dev.contrail.ctf.layout.PacketBits;
import dev.contrail.ctf.layout.WideFloat;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Decodes fields one after the other into slots, registers and roles, and moves the clock.
///
/// Owned by one [PacketDecoder], which tells it where the content ends and which scope comes next.
final class FieldDecoder extends PacketCursor {
    /// Most records that are decoded at once.
    static final int MOST_RECORDS = 64;

    /// Scopes that a record has of its own.
    static final int RECORD_SCOPES = Scope.values().length - Scope.EVENT_HEADER.ordinal();

    /// To begin with: enough for [#MOST_RECORDS] usual ones, and little enough for the first cache.
    private static final int SLOTS = 1024;

    /// Up to here there come to be more for large records that are decoded at once.
    private static final int MOST_SLOTS_AHEAD = 1 << 14;

    /// Most slots of a packet's and an event's values: 128 MiB of memory.
    private static final int MAX_SLOTS = 1 << 24;

    /// What a role has that no field gave it: where it is possible, it is no value of a field.
    static final long NONE = -1;

    // Package-private: generated decoders work on these.

    final long[] registers;
    long[] slots = new long[SLOTS];
    long clock;

    /// The clock's value after each record's event header.
    final long[] eventTicks = new long[MOST_RECORDS];

    /// The [EventPlan#number] of each record.
    final int[] eventNumbers = new int[MOST_RECORDS];

    /// The first slot of each scope: of the packet's two, then of those of each record.
    final int[] scopeSlots = new int[2 + RECORD_SCOPES * MOST_RECORDS];

    /// Which of the records decoded at once comes next.
    int record;

    /// The first slot that is free, when generated code begins or ends a record.
    int freeSlot;

    /// Where the slots of event records begin.
    private int recordSlot;

    /// Which registers have a value, as far as fields may be missing.
    private final boolean[] isKnown;

    private final int[] uncertain;
    private final int[] uncertainOfEvent;
    private final long[] roles = new long[Role.values().length];
    private final int[] roleBits = new int[Role.values().length];
    private int slotCount;

    /// Elements that need not take a bit, in this record: a few bytes could ask for any number.
    private long emptyElements;

    FieldDecoder(KeyFinder keys) {
        registers = new long[keys.registerCount()];
        isKnown = new boolean[keys.registerCount()];
        uncertain = keys.uncertain(false);
        uncertainOfEvent = keys.uncertain(true);
    }

    @Override
    void start(ByteBuffer packet, String name, long number, long offset) {
        super.start(packet, name, number, offset);
        record = 0;
        slotCount = 0;
        emptyElements = 0;
        Arrays.fill(roles, 0);
        roles[Role.METADATA_UUID.ordinal()] = NONE;
        for (int register : uncertain) {
            isKnown[register] = false;
        }
    }

    /// Packet header and context are done: the slots after theirs are for event records.
    void endPacketStart() {
        recordSlot = slotCount;
    }

    /// The next record is the first of those that are decoded at once: the slots and rows of those
    /// before are free.
    ///
    /// @param last the record before: one whose header cannot be read has its time
    void beginRecords(int last) {
        eventTicks[0] = eventTicks[last];
        record = 0;
        freeSlot = recordSlot;
    }

    /// Makes room for more records at once when it was room that was missing for the next one.
    ///
    /// @param decoded how many there was room for, at least one
    void endRecords(int decoded) {
        int used = freeSlot - recordSlot;
        boolean wasRoom = slots.length - freeSlot > used / decoded;
        if (decoded < MOST_RECORDS && !wasRoom && slots.length < MOST_SLOTS_AHEAD) {
            slots = Arrays.copyOf(slots, slots.length * 2);
        }
    }

    /// The event header is done.
    void endHeader() {
        eventTicks[record] = clock;
    }

    @Override
    void startEvent() {
        super.startEvent();
        slotCount = recordSlot;
        emptyElements = 0;
        roles[Role.EVENT_CLASS_ID.ordinal()] = 0;
        for (int register : uncertainOfEvent) {
            isKnown[register] = false;
        }
    }

    /// Decodes a scope, if it is declared.
    void scope(Scope next, FieldLayout layout) throws CtfException {
        enter(next);
        scopeSlots[next.ordinal() + RECORD_SCOPES * record] = slotCount;
        if (!layout.isAbsent()) {
            decode(layout);
        }
    }

    /// Says what event it is.
    void of(EventPlan known) {
        eventNumbers[record] = known.number();
        of(known.eventClass());
    }

    /// The first slot of a scope of one of the records decoded at once, or of the packet.
    int firstSlot(Scope wanted, int ofRecord) {
        int scope = wanted.ordinal();
        return scopeSlots[
                scope < Scope.EVENT_HEADER.ordinal() ? scope : scope + RECORD_SCOPES * ofRecord];
    }

    long[] slots() {
        return slots;
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

    private void decode(FieldLayout field) throws CtfException {
        switch (field.kind()) {
            case INTEGER -> integer(field);
            case FLOAT -> number(field);
            case TEXT -> text(field);
            case BLOB -> blob(field);
            case STRUCTURE -> {
                align(field.alignmentBits());
                for (FieldLayout part : field.parts()) {
                    decode(part);
                }
            }
            case ARRAY -> elements(field, field.length());
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
                decode(field.parts()[option]);
            }
            case OPTIONAL -> {
                boolean isThere = field.option(key(field)) >= 0;
                add(isThere ? 1 : 0);
                if (isThere) {
                    decode(field.parts()[0]);
                }
            }
        }
    }

    /// The value of the length, tag or selector that the field goes by.
    private long key(FieldLayout field) throws CtfException {
        if (field.isKeyOptional() && !isKnown[field.lengthRegister()]) {
            throw error("the field that a length or selector refers to is not in this record");
        }
        return registers[field.lengthRegister()];
    }

    private void integer(FieldLayout field) throws CtfException {
        int size = field.sizeBits();
        long value;
        if (field.isVariable()) {
            long start = position();
            value = variable(field.isSigned());
            size = Math.min(64, (int) (position() - align(start, 8)) / 8 * 7);
        } else {
            value = bits(field);
        }
        if (field.movesClock()) {
            clock = PacketBits.advanced(clock, value, size);
        }
        if (field.isSigned()) {
            int unused = 64 - field.sizeBits();
            value = value << unused >> unused;
        }
        for (int role : field.roles()) {
            roles[role] = value;
            roleBits[role] = size;
        }
        for (int register : field.registers()) {
            registers[register] = value;
            isKnown[register] = true;
        }
        add(value);
    }

    private void number(FieldLayout field) throws CtfException {
        if (field.sizeBits() <= 64) {
            add(bits(field));
            return;
        }
        align(field.alignmentBits());
        require(field.sizeBits());
        checkOrder(field);
        long[] words = WideFloat.words(bytes(), position(), field);
        skip(field.sizeBits());
        add(Double.doubleToRawLongBits(WideFloat.value(words, field)));
        for (long word : words) {
            add(word);
        }
    }

    private void text(FieldLayout field) throws CtfException {
        align(8);
        int start = (int) (position() >>> 3);
        int unit = field.unitBytes();
        if (field.lengthRegister() < 0 && field.length() < 0) {
            int end = (int) (limit >>> 3);
            int zero = zero(start, end, unit);
            if (zero + unit > end) {
                throw error("text without end before the content's end at bit " + limit);
            }
            add(start);
            add(zero - start);
            skip((zero + unit - start) * 8L);
            return;
        }
        int length = lengthBytes(field, start);
        if (length % unit != 0) {
            throw error(
                    "text of %d bytes, want whole code units of %d bytes".formatted(length, unit));
        }
        add(start);
        add(zero(start, start + length, unit) - start);
        skip(length * 8L);
    }

    private void blob(FieldLayout field) throws CtfException {
        align(8);
        int start = (int) (position() >>> 3);
        int length = lengthBytes(field, start);
        for (int role : field.roles()) {
            roles[role] = start;
        }
        add(start);
        add(length);
        skip(length * 8L);
    }

    private int lengthBytes(FieldLayout field, int start) throws CtfException {
        long length = field.lengthRegister() < 0 ? field.length() : key(field);
        int left = (int) (limit >>> 3) - start;
        if (length < 0 || length > left) {
            throw error(
                    "text or BLOB of %s bytes, but %d are left"
                            .formatted(Long.toUnsignedString(length), left));
        }
        return (int) length;
    }

    private void elements(FieldLayout field, long count) throws CtfException {
        FieldLayout element = field.parts()[0];
        align(field.alignmentBits());
        long left = limit - position();
        long most = element.leastBits() == 0 ? MAX_SLOTS : left / element.leastBits();
        if (Long.compareUnsigned(count, Math.min(most, MAX_SLOTS)) > 0) {
            throw error(
                    "%s elements of at least %d bits, but %d bits are left"
                            .formatted(Long.toUnsignedString(count), element.leastBits(), left));
        }
        if (element.leastBits() == 0) {
            emptyElements += count;
            if (emptyElements > MAX_SLOTS) {
                throw error("more than " + MAX_SLOTS + " elements that may be empty");
            }
        }
        for (long i = 0; i < count; i++) {
            decode(element);
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
}
