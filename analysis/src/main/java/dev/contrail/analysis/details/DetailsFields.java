// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.details;

import dev.contrail.analysis.FieldValues;
import dev.contrail.analysis.details.DetailsText.Color;
import dev.contrail.analysis.text.FloatText;
import dev.contrail.ctf.FieldClass.AnyInteger;
import dev.contrail.ctf.FieldClass.BooleanClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.TextEncoding;
import dev.contrail.ctf.Utf8;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.layout.FieldLayout;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/// Writes the values of a scope, a line each.
final class DetailsFields {
    private static final int BITS_BASE = 16;
    private static final int BLOB_LINE_BYTES = 16;

    private final DetailsText text;
    private final Map<FieldLayout, byte[][]> names = new IdentityHashMap<>();
    private long[] slots = {};
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    DetailsFields(DetailsText text) {
        this.text = text;
    }

    /// Writes a scope of the decoder's present event or packet, unless it is not shown.
    void scope(String name, Optional<FieldLayout> layout, PacketDecoder decoder, Scope scope) {
        if (layout.isEmpty() || layout.get().isHidden()) {
            return;
        }
        slots = decoder.slots();
        bytes = decoder.bytes();
        text.property(name);
        field(layout.get(), decoder.firstSlot(scope));
        text.line();
    }

    /// Writes what stands after a name: a value on the same line, or lines below it.
    ///
    /// @return the slot after the field's
    private int field(FieldLayout layout, int slot) {
        return switch (layout.kind()) {
            case INTEGER -> {
                integer(layout, slots[slot]);
                yield slot + 1;
            }
            case FLOAT -> {
                number(layout, slots[slot]);
                yield layout.skip(slots, slot);
            }
            case TEXT -> {
                string(layout, (int) slots[slot], (int) slots[slot + 1]);
                yield slot + 2;
            }
            case BLOB -> {
                blob((int) slots[slot], (int) slots[slot + 1]);
                yield slot + 2;
            }
            case STRUCTURE -> structure(layout, slot);
            case ARRAY -> elements(layout.child(0), slot, layout.length());
            case SEQUENCE -> elements(layout.child(0), slot + 1, slots[slot]);
            case VARIANT -> field(layout.child((int) slots[slot]), slot + 1);
            case OPTIONAL -> {
                if (slots[slot] == 0) {
                    text.add(' ').none("None");
                    yield slot + 1;
                }
                yield field(layout.child(0), slot + 1);
            }
        };
    }

    private void integer(FieldLayout layout, long value) {
        text.add(' ');
        switch (layout.fieldClass()) {
            case AnyInteger integer -> text.number(value, integer.isSigned(), integer.base());
            case EnumerationClass(AnyInteger integer, var _) ->
                    text.number(value, integer.isSigned(), integer.base());
            case BooleanClass _ -> text.flag(value != 0);
            default -> text.number(value, false, BITS_BASE);
        }
    }

    private void number(FieldLayout layout, long bits) {
        double value = FieldValues.number(bits, layout.sizeBits());
        boolean isNegative = FieldValues.isNegative(bits, layout.sizeBits());
        text.add(' ').value(FloatText.fixed(value, isNegative));
    }

    private void string(FieldLayout layout, int start, int length) {
        text.add(' ').color(Color.BOLD);
        if (layout.encoding() == TextEncoding.UTF_8) {
            text.out().add(bytes, start, length);
        } else {
            byte[] encoded = new byte[length];
            bytes.get(start, encoded);
            text.add(layout.encoding().decode(encoded));
        }
        text.color(Color.RESET);
    }

    private void blob(int start, int length) {
        if (length == 0) {
            text.add(' ').none("Empty");
            return;
        }
        text.add(" Length ").unsigned(length).add(':');
        text.in();
        for (int i = 0; i < length; i++) {
            if (i % BLOB_LINE_BYTES == 0) {
                text.line().indent();
            } else {
                text.add(' ');
            }
            text.out().addByte(bytes.get(start + i));
        }
        text.back(1);
    }

    private int structure(FieldLayout layout, int slot) {
        byte[][] members = names.get(layout);
        if (members == null) {
            members = names(layout);
        }
        text.in();
        int next = slot;
        boolean isEmpty = true;
        for (int i = 0; i < layout.childCount(); i++) {
            FieldLayout child = layout.child(i);
            if (child.isHidden()) {
                next = child.skip(slots, next);
                continue;
            }
            isEmpty = false;
            text.line().member(members[i]);
            next = field(child, next);
        }
        text.back(1);
        if (isEmpty) {
            text.add(' ').none("Empty");
        }
        return next;
    }

    private byte[][] names(FieldLayout layout) {
        byte[][] members = new byte[layout.childCount()][];
        for (int i = 0; i < members.length; i++) {
            members[i] = Utf8.bytes(layout.name(i));
        }
        names.put(layout, members);
        return members;
    }

    private int elements(FieldLayout element, int slot, long count) {
        if (count == 0) {
            text.add(' ').none("Empty");
            return slot;
        }
        text.add(" Length ").unsigned(count).add(':');
        text.in();
        int next = slot;
        for (long i = 0; i < count; i++) {
            text.line().element(i, Color.CYAN);
            next = field(element, next);
        }
        text.back(1);
        return next;
    }
}
