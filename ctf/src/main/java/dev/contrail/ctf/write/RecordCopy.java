// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.write;

import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.layout.FieldLayout;
import java.nio.ByteBuffer;

/// Encodes the fields of a decoded event record once more, from the decoder's slots: what
/// [FieldEncoder] does with values, without making any. Owned by one [CtfStream].
///
/// The layouts are of the same field classes as the decoder's, so that nothing needs to be checked.
final class RecordCopy {
    private final FieldEncoder encoder;
    private final PacketBuffer out;
    private long[] slots = {};
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    RecordCopy(FieldEncoder encoder) {
        this.encoder = encoder;
        this.out = encoder.out;
    }

    /// Takes the event record that the decoder is at.
    void take(PacketDecoder decoder) {
        slots = decoder.slots();
        bytes = decoder.bytes();
    }

    /// @param slot the scope's first
    void scope(FieldLayout layout, int slot) {
        field(layout, slot);
    }

    /// @return the slot after the field's
    private int field(FieldLayout field, int slot) {
        return switch (field.kind()) {
            case INTEGER -> {
                encoder.integer(field, slots[slot]);
                yield slot + 1;
            }
            case FLOAT -> floating(field, slot);
            case TEXT -> text(field, slot);
            case BLOB -> {
                out.align(8);
                out.put(bytes, (int) slots[slot], (int) slots[slot + 1]);
                yield slot + 2;
            }
            case STRUCTURE -> {
                out.align(field.alignmentBits());
                int next = slot;
                for (FieldLayout part : field.parts()) {
                    next = field(part, next);
                }
                yield next;
            }
            case ARRAY -> elements(field, field.length(), slot);
            case SEQUENCE -> elements(field, slots[slot], slot + 1);
            case VARIANT -> field(field.parts()[(int) slots[slot]], slot + 1);
            case OPTIONAL -> slots[slot] == 0 ? slot + 1 : field(field.parts()[0], slot + 1);
        };
    }

    private int elements(FieldLayout field, long count, int slot) {
        out.align(field.alignmentBits());
        int next = slot;
        for (long i = 0; i < count; i++) {
            next = field(field.parts()[0], next);
        }
        return next;
    }

    private int floating(FieldLayout field, int slot) {
        if (field.sizeBits() <= 64) {
            encoder.bits(field, slots[slot]);
            return slot + 1;
        }
        long[] words = new long[field.numberSlots() - 1];
        System.arraycopy(slots, slot + 1, words, 0, words.length);
        encoder.wide(field, words);
        return slot + 1 + words.length;
    }

    private int text(FieldLayout field, int slot) {
        int length = (int) slots[slot + 1];
        boolean isEnded = field.lengthRegister() < 0 && field.length() < 0;
        long room = isEnded ? length + field.unitBytes() : encoder.lengthBytes(field);
        out.align(8);
        out.put(bytes, (int) slots[slot], length);
        out.skip(room - length);
        return slot + 2;
    }
}
