// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Makes objects of an event's values.
record FieldValues(long[] slots, ByteBuffer bytes) {

    SequencedMap<String, Object> structure(FieldLayout layout, int slot) {
        var fields = new LinkedHashMap<String, Object>();
        int next = slot;
        for (int i = 0; i < layout.childCount(); i++) {
            fields.put(layout.name(i), value(layout.child(i), next));
            next = layout.child(i).skip(slots, next);
        }
        return fields;
    }

    private Object value(FieldLayout layout, int slot) {
        return switch (layout.kind()) {
            case INTEGER ->
                    layout.fieldClass() instanceof FieldClass.BooleanClass
                            ? (Object) (slots[slot] != 0)
                            : (Object) slots[slot];
            case FLOAT -> number(slots[slot], layout.sizeBits());
            case TEXT -> text(layout, (int) slots[slot], (int) slots[slot + 1]);
            case BLOB -> bytes((int) slots[slot], (int) slots[slot + 1]);
            case STRUCTURE -> structure(layout, slot);
            case ARRAY -> elements(layout.child(0), slot, layout.length());
            case SEQUENCE -> elements(layout.child(0), slot + 1, slots[slot]);
            case VARIANT -> value(layout.child((int) slots[slot]), slot + 1);
            case OPTIONAL -> slots[slot] == 0 ? null : value(layout.child(0), slot + 1);
        };
    }

    private List<Object> elements(FieldLayout element, int slot, long count) {
        var elements = new ArrayList<Object>();
        int next = slot;
        for (long i = 0; i < count; i++) {
            elements.add(value(element, next));
            next = element.skip(slots, next);
        }
        return elements;
    }

    private String text(FieldLayout layout, int start, int length) {
        return new String(bytes(start, length), layout.encoding().charset());
    }

    private byte[] bytes(int start, int length) {
        byte[] copy = new byte[length];
        bytes.get(start, copy);
        return copy;
    }

    /// The number of 16, 32 or 64 raw bits.
    static double number(long bits, int size) {
        return switch (size) {
            case 16 -> Float.float16ToFloat((short) bits);
            case 32 -> Float.intBitsToFloat((int) bits);
            default -> Double.longBitsToDouble(bits);
        };
    }
}
