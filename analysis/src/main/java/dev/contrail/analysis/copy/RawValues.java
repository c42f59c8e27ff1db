// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.copy;

import dev.contrail.analysis.FieldValues;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.TextEncoding;
import dev.contrail.ctf.layout.FieldLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes values of decoded fields as [dev.contrail.ctf.write.CtfStream] takes them, to be written
/// as they are: structures are lists, text of UTF-8 is its bytes, whatever they are.
record RawValues(long[] slots, ByteBuffer bytes) {

    /// Some members of a structure.
    ///
    /// @param kept their numbers, ascending
    List<Object> members(FieldLayout structure, int slot, int[] kept) {
        var members = new ArrayList<Object>(kept.length);
        int next = slot;
        int taken = 0;
        for (int i = 0; taken < kept.length; i++) {
            if (i == kept[taken]) {
                members.add(value(structure.child(i), next));
                taken++;
            }
            next = structure.child(i).skip(slots, next);
        }
        return members;
    }

    private @Nullable Object value(FieldLayout layout, int slot) {
        return switch (layout.kind()) {
            case INTEGER ->
                    layout.fieldClass() instanceof FieldClass.BooleanClass
                            ? (Object) (slots[slot] != 0)
                            : (Object) slots[slot];
            case FLOAT -> FieldValues.number(slots[slot], layout.sizeBits());
            case TEXT -> {
                byte[] text = copy((int) slots[slot], (int) slots[slot + 1]);
                yield layout.encoding() == TextEncoding.UTF_8
                        ? text
                        : layout.encoding().decode(text);
            }
            case BLOB -> copy((int) slots[slot], (int) slots[slot + 1]);
            case STRUCTURE -> {
                var members = new ArrayList<Object>(layout.childCount());
                int next = slot;
                for (int i = 0; i < layout.childCount(); i++) {
                    members.add(value(layout.child(i), next));
                    next = layout.child(i).skip(slots, next);
                }
                yield members;
            }
            case ARRAY -> elements(layout.child(0), slot, layout.length());
            case SEQUENCE -> elements(layout.child(0), slot + 1, slots[slot]);
            case VARIANT -> value(layout.child((int) slots[slot]), slot + 1);
            case OPTIONAL -> slots[slot] == 0 ? null : value(layout.child(0), slot + 1);
        };
    }

    private List<Object> elements(FieldLayout element, int slot, long count) {
        var elements = new ArrayList<Object>((int) count);
        int next = slot;
        for (long i = 0; i < count; i++) {
            elements.add(value(element, next));
            next = element.skip(slots, next);
        }
        return elements;
    }

    private byte[] copy(int start, int length) {
        byte[] copy = new byte[length];
        bytes.get(start, copy);
        return copy;
    }
}
