// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.AnyInteger;
import dev.contrail.ctf.FieldClass.BitArrayClass;
import dev.contrail.ctf.FieldClass.BitMapClass;
import dev.contrail.ctf.FieldClass.BooleanClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.FieldClass.VariableIntegerClass;
import dev.contrail.ctf.FieldLayout;
import dev.contrail.ctf.TextEncoding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeSet;

/// Writes fields as babeltrace2's `sink.text.pretty` does, of version 2.0.4 for CTF 1.8 and of 2.2
/// for CTF 2 (`ctf.md` section 17).
final class FieldText {
    private final TextBuffer out;
    private final Map<FieldLayout, byte[][]> names = new IdentityHashMap<>();
    private long[] slots = {};
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private boolean withNames;
    private boolean isCtf2;

    FieldText(TextBuffer out) {
        this.out = out;
    }

    /// Writes one scope's fields in braces.
    ///
    /// @param named whether members and elements go by name
    void write(
            FieldLayout layout,
            int slot,
            long[] values,
            ByteBuffer packet,
            boolean named,
            CtfVersion version) {
        isCtf2 = version == CtfVersion.CTF_2;
        slots = values;
        bytes = packet;
        withNames = named;
        structure(layout, slot);
    }

    /// @return the slot behind the field's
    private int field(FieldLayout layout, int slot) {
        return switch (layout.kind()) {
            case INTEGER -> {
                integer(layout, slots[slot]);
                yield slot + 1;
            }
            case FLOAT -> {
                number(slots[slot], layout.sizeBits());
                yield layout.skip(slots, slot);
            }
            case TEXT -> {
                text(layout, (int) slots[slot], (int) slots[slot + 1]);
                yield slot + 2;
            }
            case BLOB -> {
                blob((int) slots[slot], (int) slots[slot + 1]);
                yield slot + 2;
            }
            case STRUCTURE -> structure(layout, slot);
            case ARRAY -> elements(layout.child(0), slot, layout.length());
            case SEQUENCE -> elements(layout.child(0), slot + 1, slots[slot]);
            case VARIANT -> {
                out.add('{').add(' ');
                int next = field(layout.child((int) slots[slot]), slot + 1);
                out.add(' ').add('}');
                yield next;
            }
            case OPTIONAL -> {
                if (slots[slot] == 0) {
                    out.add("<none>");
                    yield slot + 1;
                }
                out.add('{').add(' ');
                int next = field(layout.child(0), slot + 1);
                out.add(' ').add('}');
                yield next;
            }
        };
    }

    private int structure(FieldLayout layout, int slot) {
        byte[][] members = names.get(layout);
        if (members == null) {
            members = names(layout);
        }
        out.add('{');
        int next = slot;
        boolean isFirst = true;
        for (int i = 0; i < layout.childCount(); i++) {
            FieldLayout child = layout.child(i);
            if (child.isHidden()) {
                next = child.skip(slots, next);
                continue;
            }
            if (!isFirst) {
                out.add(',');
            }
            isFirst = false;
            out.add(' ');
            if (withNames) {
                out.add(members[i]);
            }
            next = field(child, next);
        }
        out.add(' ').add('}');
        return next;
    }

    private byte[][] names(FieldLayout layout) {
        byte[][] members = new byte[layout.childCount()][];
        for (int i = 0; i < members.length; i++) {
            members[i] = (layout.name(i) + " = ").getBytes(StandardCharsets.UTF_8);
        }
        names.put(layout, members);
        return members;
    }

    private int elements(FieldLayout element, int slot, long count) {
        out.add('[');
        int next = slot;
        for (long i = 0; i < count; i++) {
            if (i > 0) {
                out.add(',');
            }
            out.add(' ');
            if (withNames) {
                out.add('[').addUnsigned(i).add(']').add(' ').add('=').add(' ');
            }
            next = field(element, next);
        }
        out.add(' ').add(']');
        return next;
    }

    private void integer(FieldLayout layout, long value) {
        switch (layout.fieldClass()) {
            case IntegerClass integer -> integer(integer, value);
            case VariableIntegerClass integer -> integer(integer, value);
            case EnumerationClass enumeration -> enumeration(enumeration, value);
            case BooleanClass _ -> out.add(value == 0 ? "false" : "true");
            case BitArrayClass _ -> out.add('0').add('x').addBits(value, 4);
            case BitMapClass map -> bitMap(map, value);
            case FieldClass other -> throw new IllegalStateException("not an integer: " + other);
        }
    }

    private void text(FieldLayout layout, int start, int length) {
        if (layout.encoding() == TextEncoding.UTF_8) {
            out.addQuoted(bytes, start, length);
        } else {
            byte[] encoded = new byte[length];
            bytes.get(start, encoded);
            String text = new String(encoded, layout.encoding().charset());
            out.addQuoted(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void blob(int start, int length) {
        out.add('{').add(' ');
        for (int i = start; i < start + length; i++) {
            out.addByte(bytes.get(i)).add(' ');
        }
        out.add('}');
    }

    private void bitMap(BitMapClass map, long value) {
        out.add('0').add('x').addBits(value, 4);
        var names = new TreeSet<String>();
        for (Mapping flag : map.flags()) {
            for (long bit = flag.lower(); bit <= flag.upper(); bit++) {
                if ((value >>> bit & 1) != 0) {
                    names.add(flag.label());
                }
            }
        }
        if (!names.isEmpty()) {
            out.add(' ').add('{');
            String separator = " ";
            for (String name : names) {
                out.add(separator).addQuoted(name.getBytes(StandardCharsets.UTF_8));
                separator = ", ";
            }
            out.add(' ').add('}');
        }
    }

    private void integer(AnyInteger integer, long value) {
        int size = integer.sizeBits();
        switch (integer.base()) {
            case 2 -> {
                out.add('0').add('b');
                for (int bit = size - 1; bit >= 0; bit--) {
                    out.add((value >>> bit & 1) == 0 ? '0' : '1');
                }
            }
            case 8 -> out.add('0').addBits(masked(integer, value, 3), 3);
            case 16 -> out.add('0').add('x').addBits(masked(integer, value, 4), 4);
            default -> {
                if (integer.isSigned()) {
                    out.addSigned(value);
                } else {
                    out.addUnsigned(value);
                }
            }
        }
    }

    /// A negative value shows as many digits as its size, rounded up to whole digits, has.
    ///
    /// Signed hexadecimal integers of 61 to 63 bits show as 0, because babeltrace2's do (it shifts
    /// by 64): our text is compared with its text, byte for byte.
    private static long masked(AnyInteger integer, long value, int bitsPerDigit) {
        if (!integer.isSigned() || integer.sizeBits() == 64) {
            return value;
        }
        int shown = (integer.sizeBits() + bitsPerDigit - 1) / bitsPerDigit * bitsPerDigit;
        return shown == 64 ? 0 : value & (1L << shown) - 1;
    }

    private void enumeration(EnumerationClass enumeration, long value) {
        out.add('(').add(' ');
        boolean isSigned = enumeration.container().isSigned();
        String previous = null;
        int count = 0;
        int begin = out.length();
        for (Mapping mapping : enumeration.mappings()) {
            boolean isInside =
                    isSigned
                            ? value >= mapping.lower() && value <= mapping.upper()
                            : Long.compareUnsigned(value, mapping.lower()) >= 0
                                    && Long.compareUnsigned(value, mapping.upper()) <= 0;
            if (isInside && !mapping.label().equals(previous)) {
                if (previous != null) {
                    out.add(',').add(' ');
                }
                out.addQuoted(mapping.label().getBytes(StandardCharsets.UTF_8));
                previous = mapping.label();
                count++;
            }
        }
        if (isCtf2 && count > 1) {
            out.insert(begin, "{ ").add(" }");
        }
        if (previous == null) {
            out.add("<unknown>");
        }
        out.add(" : container = ");
        integer(enumeration.container(), value);
        out.add(' ').add(')');
    }

    private void number(long bits, int size) {
        boolean isNegative = bits >>> size - 1 != 0;
        out.add(FloatText.of(FieldValues.number(bits, size), isNegative));
    }
}
