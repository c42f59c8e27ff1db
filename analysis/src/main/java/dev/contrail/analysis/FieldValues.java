// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.layout.FieldLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Makes objects of an event's values.
public record FieldValues(long[] slots, ByteBuffer bytes) {

    SequencedMap<String, Object> structure(FieldLayout layout, int slot) {
        var fields = new LinkedHashMap<String, Object>();
        int next = slot;
        for (int i = 0; i < layout.childCount(); i++) {
            fields.put(layout.name(i), value(layout.child(i), next));
            next = layout.child(i).skip(slots, next);
        }
        return fields;
    }

    /// The value at the end of a path: names of members, with or without the underscore that LTTng
    /// writes before them, and indexes of elements. A variant is its chosen option.
    ///
    /// @return empty when there is none, or it is no number and no text
    public Optional<Object> find(FieldLayout layout, int slot, List<Object> path) {
        if (layout.kind() == FieldLayout.Kind.VARIANT) {
            return find(layout.child((int) slots[slot]), slot + 1, path);
        }
        if (layout.kind() == FieldLayout.Kind.OPTIONAL) {
            return slots[slot] == 0 ? Optional.empty() : find(layout.child(0), slot + 1, path);
        }
        if (path.isEmpty()) {
            return switch (layout.kind()) {
                case INTEGER -> Optional.of(slots[slot]);
                case FLOAT -> Optional.of(number(slots[slot], layout.sizeBits()));
                case TEXT -> Optional.of(text(layout, (int) slots[slot], (int) slots[slot + 1]));
                default -> Optional.empty();
            };
        }
        List<Object> rest = path.subList(1, path.size());
        return switch (path.getFirst()) {
            case String name when layout.kind() == FieldLayout.Kind.STRUCTURE -> {
                int next = slot;
                for (int i = 0; i < layout.childCount(); i++) {
                    if (isNamed(layout.name(i), name)) {
                        yield find(layout.child(i), next, rest);
                    }
                    next = layout.child(i).skip(slots, next);
                }
                yield Optional.empty();
            }
            case Long index when layout.kind() == FieldLayout.Kind.ARRAY ->
                    element(layout.child(0), slot, layout.length(), index, rest);
            case Long index when layout.kind() == FieldLayout.Kind.SEQUENCE ->
                    element(layout.child(0), slot + 1, slots[slot], index, rest);
            default -> Optional.empty();
        };
    }

    private static boolean isNamed(String shown, String wanted) {
        return shown.equals(wanted)
                || shown.length() == wanted.length() + 1
                        && shown.charAt(0) == '_'
                        && shown.endsWith(wanted);
    }

    private Optional<Object> element(
            FieldLayout element, int slot, long count, long index, List<Object> rest) {
        if (index < 0 || index >= count) {
            return Optional.empty();
        }
        int next = slot;
        for (long i = 0; i < index; i++) {
            next = element.skip(slots, next);
        }
        return find(element, next, rest);
    }

    private @Nullable Object value(FieldLayout layout, int slot) {
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
        return layout.encoding().decode(bytes(start, length));
    }

    private byte[] bytes(int start, int length) {
        byte[] copy = new byte[length];
        bytes.get(start, copy);
        return copy;
    }

    /// Whether the sign bit of 16, 32 or 64 raw bits is set, or of the `double` that stands first
    /// for a larger number.
    public static boolean isNegative(long bits, int size) {
        return bits >>> Math.min(size, Long.SIZE) - 1 != 0;
    }

    /// The number of 16, 32 or 64 raw bits, or of the `double` that stands first for a larger one.
    public static double number(long bits, int size) {
        return switch (size) {
            case 16 -> Float.float16ToFloat((short) bits);
            case 32 -> Float.intBitsToFloat((int) bits);
            default -> Double.longBitsToDouble(bits);
        };
    }
}
