// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.PacketBits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// A place in a packet: reads single values from there on, never past the content's end, and says
/// where it was when something is wrong.
abstract class PacketCursor {
    // Package-private: generated decoders work on these.

    /// Where the content ends, in bits.
    long limit;

    boolean wasBigEndian;

    private ByteBuffer bytes = ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
    private long position;

    private String file = "";
    private long packetNumber;
    private long packetOffset;
    private Scope scope = Scope.PACKET_HEADER;
    private long eventNumber;

    /// Null outside of records, and in a record until its header has told.
    private @Nullable EventClass eventClass;

    /// Moves to the begin of a packet; the rest is for messages.
    void start(ByteBuffer packet, String name, long number, long offset) {
        bytes = packet.slice().order(ByteOrder.LITTLE_ENDIAN);
        limit = bytes.limit() * 8L;
        position = 0;
        scope = Scope.PACKET_HEADER;
        eventNumber = -1;
        eventClass = null;
        file = name;
        packetNumber = number;
        packetOffset = offset;
    }

    /// Starts an event record.
    void startEvent() {
        eventNumber++;
        eventClass = null;
    }

    /// Says what scope comes, for messages.
    final void enter(Scope next) {
        scope = next;
    }

    /// Passes over bits that were looked at in [#bytes].
    final void skip(long bits) {
        position += bits;
    }

    boolean isAtEnd() {
        return position >= limit;
    }

    /// Bits from the packet's begin.
    long position() {
        return position;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /// The first 32 bits of the packet, as the field there says.
    int magic(FieldLayout field) throws CtfException {
        require(32);
        int found = (int) PacketBits.read(bytes, 0, 32, field.isBigEndian());
        return field.isReversed() ? Integer.reverse(found) : found;
    }

    /// Lets the content end earlier.
    void endContent(long bits) {
        limit = Math.min(limit, bits);
    }

    /// Says what event it is, for messages.
    void of(EventClass known) {
        eventClass = known;
    }

    /// A generated decoder has decoded the next event records.
    void moveTo(long end, int records) {
        position = end;
        eventNumber += records;
    }

    /// Reads LEB128 (`ctf.md` section 13.3).
    final long variable(boolean isSigned) throws CtfException {
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

    final long bits(FieldLayout field) throws CtfException {
        align(field.alignmentBits());
        require(field.sizeBits());
        checkOrder(field);
        long value = PacketBits.read(bytes, position, field.sizeBits(), field.isBigEndian());
        position += field.sizeBits();
        return field.isReversed() ? Long.reverse(value) >>> 64 - field.sizeBits() : value;
    }

    final void checkOrder(FieldLayout field) throws CtfException {
        if ((position & 7) != 0 && wasBigEndian != field.isBigEndian()) {
            throw error("the byte order changes inside a byte");
        }
        wasBigEndian = field.isBigEndian();
    }

    /// Where the first code unit of zero is; `end` or the rest of a unit before it when there is
    /// none.
    final int zero(int start, int end, int unit) {
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
        return (word - PacketReads.ONES & ~word & PacketReads.ONES << 7) != 0;
    }

    private boolean isZero(int at, int unit) {
        return switch (unit) {
            case 1 -> bytes.get(at) == 0;
            case 2 -> bytes.getShort(at) == 0;
            default -> bytes.getInt(at) == 0;
        };
    }

    final void align(int bits) throws CtfException {
        long aligned = align(position, bits);
        if (aligned > limit) {
            throw error(
                    "alignment to %d bits crosses the content's end at bit %d"
                            .formatted(bits, limit),
                    true);
        }
        position = aligned;
    }

    static long align(long position, int bits) {
        return position + bits - 1 & -(long) bits;
    }

    final void require(int count) throws CtfException {
        if (limit - position < count) {
            throw error(
                    "a field of %d bits crosses the content's end at bit %d"
                            .formatted(count, limit),
                    true);
        }
    }

    CtfException error(String what) {
        return error(what, false);
    }

    private CtfException error(String what, boolean isCut) {
        String event = "";
        EventClass known = eventClass;
        if (known != null) {
            event += " (" + CtfException.shortened(known.name()) + ")";
        }
        return new CtfException(
                place() + event, "%s, bit %d: %s".formatted(scope.path(), position, what), isCut);
    }

    /// The file, the packet and, inside of one, the event record that it has come to.
    String place() {
        return place(0);
    }

    /// The same of a record before that.
    ///
    /// @param back how many records before
    String place(int back) {
        String event = eventNumber < 0 ? "" : ", event " + (eventNumber - back);
        return "%s: packet %d at byte %d%s".formatted(file, packetNumber, packetOffset, event);
    }
}
