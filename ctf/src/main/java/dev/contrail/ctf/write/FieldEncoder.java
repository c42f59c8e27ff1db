// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.write;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.FloatClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.KeyFinder;
import dev.contrail.ctf.layout.PacketBits;
import dev.contrail.ctf.layout.WideFloat;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Encodes values one after the other: what `FieldDecoder` decodes. Owned by one [CtfStream].
///
/// Lengths and selectors are values like others: what depends on them is checked against them. What
/// is refused is an `IllegalArgumentException` that names scope and field.
final class FieldEncoder {
    final PacketBuffer out;

    /// The clock as a reader has it here.
    long clock;

    private final long[] registers;
    private final boolean[] isKnown;
    private final List<Object> path = new ArrayList<>();
    private final int[] uncertain;
    private final int[] uncertainOfEvent;
    private Scope scope = Scope.PACKET_HEADER;

    FieldEncoder(PacketBuffer out, KeyFinder keys) {
        this.out = out;
        uncertain = keys.uncertain(false);
        uncertainOfEvent = keys.uncertain(true);
        registers = new long[keys.registerCount()];
        isKnown = new boolean[keys.registerCount()];
    }

    /// A packet begins.
    void startPacket() {
        forget(uncertain);
    }

    /// An event record begins.
    void startEvent() {
        forget(uncertainOfEvent);
    }

    private void forget(int[] unknown) {
        for (int register : unknown) {
            isKnown[register] = false;
        }
    }

    /// @param from the members of the scope's structure before this one are written already
    /// @param values a `List` in the order of the other members, or a `Map` by their names
    void scope(Scope next, FieldLayout layout, int from, Object values) {
        scope = next;
        path.clear();
        if (layout.isAbsent() && count(values) != 0) {
            throw refused("no values, as it is not declared", values);
        }
        if (from == 0) {
            out.align(layout.alignmentBits());
        }
        members(layout, from, values);
    }

    private static int count(@Nullable Object values) {
        return switch (values) {
            case null -> 0;
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            default -> 1;
        };
    }

    /// Makes the value of a field that was written otherwise known to those that depend on it.
    void keep(FieldLayout field, long value) {
        for (int register : field.registers()) {
            registers[register] = value;
            isKnown[register] = true;
        }
    }

    private void members(FieldLayout layout, int from, @Nullable Object values) {
        int wanted = layout.parts().length - from;
        if (values == null && wanted == 0) {
            return;
        }
        if (!(values instanceof List<?> || values instanceof Map<?, ?>)) {
            throw refused("a list or map of %d members".formatted(wanted), values);
        }
        if (values instanceof Map<?, ?> map) {
            for (Object name : map.keySet()) {
                if (indexOf(layout, from, name) < 0) {
                    throw refused("no member of that name", name);
                }
            }
        } else if (count(values) != wanted) {
            throw refused(wanted + " members", count(values) + " of them");
        }
        for (int i = from; i < layout.parts().length; i++) {
            path.add(layout.name(i));
            write(layout.parts()[i], member(layout, i, from, values));
            path.removeLast();
        }
    }

    private static int indexOf(FieldLayout layout, int from, Object name) {
        for (int i = from; i < layout.parts().length; i++) {
            if (layout.name(i).equals(name) || layout.fullName(i).equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable Object member(FieldLayout layout, int index, int from, Object values) {
        if (values instanceof List<?> list) {
            return list.get(index - from);
        }
        var map = (Map<?, ?>) values;
        Object value = map.get(layout.name(index));
        return value == null ? map.get(layout.fullName(index)) : value;
    }

    private void write(FieldLayout field, @Nullable Object value) {
        switch (field.kind()) {
            case INTEGER -> integer(field, number(field, value));
            case FLOAT -> floating(field, value);
            case TEXT -> text(field, value);
            case BLOB -> blob(field, value);
            case STRUCTURE -> {
                out.align(field.alignmentBits());
                members(field, 0, value);
            }
            case ARRAY -> elements(field, field.length(), value);
            case SEQUENCE -> elements(field, key(field), value);
            case VARIANT -> {
                long tag = key(field);
                int option = field.option(tag);
                if (option < 0) {
                    throw refused("a tag that selects an option", tag);
                }
                write(field.parts()[option], value);
            }
            case OPTIONAL -> {
                if (field.option(key(field)) >= 0) {
                    write(field.parts()[0], value);
                } else if (value != null) {
                    throw refused("nothing, as its selector says", value);
                }
            }
        }
    }

    private long key(FieldLayout field) {
        if (field.isKeyOptional() && !isKnown[field.lengthRegister()]) {
            throw refused("a length or selector that is in this record", "none");
        }
        return registers[field.lengthRegister()];
    }

    /// Writes an integer whose value fits.
    void integer(FieldLayout field, long bits) {
        if (field.isVariable()) {
            variable(bits, field.isSigned());
        } else {
            bits(field, bits);
        }
        if (field.movesClock()) {
            int size = field.isVariable() ? 64 : field.sizeBits();
            clock = PacketBits.advanced(clock, bits & PacketBits.mask(size), size);
        }
        keep(field, bits);
    }

    private long number(FieldLayout field, @Nullable Object value) {
        int size = field.sizeBits();
        long number =
                switch (value) {
                    case Long any -> any;
                    case Integer any -> checked(field, any);
                    case Short any -> checked(field, any);
                    case Byte any -> checked(field, any);
                    case Boolean any -> any ? 1 : 0;
                    case BigInteger any when any.bitLength() <= (field.isSigned() ? 63 : 64) ->
                            any.signum() < 0 ? checked(field, any.longValue()) : any.longValue();
                    case String label when field.fieldClass() instanceof EnumerationClass names ->
                            labelled(names, label);
                    case null, default -> throw refused(range(field), value);
                };
        boolean fits =
                size == 64
                        || (field.isSigned()
                                ? number >> size - 1 == number >> 63
                                : number >>> size == 0);
        if (!fits) {
            throw refused(range(field), value);
        }
        return number;
    }

    /// Only a `Long` may stand for an unsigned number of 64 bits by its bits.
    private long checked(FieldLayout field, long value) {
        if (value < 0 && !field.isSigned()) {
            throw refused(range(field), value);
        }
        return value;
    }

    private long labelled(EnumerationClass names, String label) {
        for (Mapping mapping : names.mappings()) {
            if (mapping.label().equals(label)) {
                return mapping.lower();
            }
        }
        throw refused("a label of the enumeration", "`" + label + "`");
    }

    private static String range(FieldLayout field) {
        int size = field.sizeBits();
        BigInteger half = BigInteger.ONE.shiftLeft(size - 1);
        return field.isSigned()
                ? "an integer from %s to %s".formatted(half.negate(), half.subtract(BigInteger.ONE))
                : "an integer from 0 to " + half.shiftLeft(1).subtract(BigInteger.ONE);
    }

    /// Writes LEB128 (`ctf.md` section 13.3).
    private void variable(long value, boolean isSigned) {
        out.align(8);
        long rest = value;
        while (true) {
            long low = rest & 0x7F;
            rest = isSigned ? rest >> 7 : rest >>> 7;
            boolean isLast = isSigned ? rest == -(low >>> 6) : rest == 0;
            out.put(isLast ? low : low | 0x80, 8, false);
            if (isLast) {
                return;
            }
        }
    }

    private void floating(FieldLayout field, @Nullable Object value) {
        if (!(value instanceof Number number)) {
            throw refused("a number", value);
        }
        double wide = number.doubleValue();
        switch (field.sizeBits()) {
            case 16 -> bits(field, Float.floatToFloat16((float) wide) & 0xFFFFL);
            case 32 -> bits(field, Float.floatToRawIntBits((float) wide) & 0xFFFFFFFFL);
            case 64 -> bits(field, Double.doubleToRawLongBits(wide));
            default -> {
                if (field.sizeBits() < 64) {
                    throw refused("a number of 16, 32 or 64 bits", field.sizeBits());
                }
                wide(field, WideFloat.words(wide, (FloatClass) field.fieldClass()));
            }
        }
    }

    /// Writes the low bits of a value, as many as the field has.
    void bits(FieldLayout field, long value) {
        int size = field.sizeBits();
        align(field);
        out.put(
                field.isReversed() ? Long.reverse(value) >>> 64 - size : value,
                size,
                field.isBigEndian());
    }

    /// Writes more than 64 bits, given from the least significant on.
    void wide(FieldLayout field, long[] words) {
        int size = field.sizeBits();
        long[] ordered = field.isReversed() ? WideFloat.reversed(words, size) : words;
        align(field);
        int top = (size - 1) / 64;
        for (int i = 0; i <= top; i++) {
            int word = field.isBigEndian() ? top - i : i;
            out.put(ordered[word], Math.min(64, size - 64 * word), field.isBigEndian());
        }
    }

    private void align(FieldLayout field) {
        out.align(field.alignmentBits());
        if (!out.accepts(field.isBigEndian())) {
            throw refused("a byte's begin, as the byte order changes", "bit " + out.position());
        }
    }

    private void text(FieldLayout field, @Nullable Object value) {
        byte[] text =
                switch (value) {
                    case String string -> string.getBytes(field.encoding().charset());
                    case byte[] raw -> raw;
                    case null, default -> throw refused("a text", value);
                };
        int unit = field.unitBytes();
        if (text.length % unit != 0) {
            throw refused("whole code units of %d bytes".formatted(unit), text.length + " bytes");
        }
        out.align(8);
        boolean isEnded = field.lengthRegister() < 0 && field.length() < 0;
        if (isEnded && hasZero(text, unit)) {
            throw refused("a text without U+0000, which ends it", "one with it");
        }
        long room = isEnded ? text.length + unit : lengthBytes(field);
        if (text.length > room || room % unit != 0) {
            throw refused("a text of at most %d bytes".formatted(room), text.length + " bytes");
        }
        out.put(text);
        out.skip(room - text.length);
    }

    private static boolean hasZero(byte[] text, int unit) {
        for (int at = 0; at < text.length; at += unit) {
            boolean isZero = true;
            for (int i = 0; i < unit; i++) {
                isZero &= text[at + i] == 0;
            }
            if (isZero) {
                return true;
            }
        }
        return false;
    }

    private void blob(FieldLayout field, @Nullable Object value) {
        long length = lengthBytes(field);
        if (!(value instanceof byte[] bytes) || bytes.length != length) {
            throw refused(length + " bytes", value);
        }
        out.align(8);
        out.put(bytes);
    }

    /// How many bytes a text or BLOB takes that does not end itself.
    long lengthBytes(FieldLayout field) {
        long length = field.lengthRegister() < 0 ? field.length() : key(field);
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw refused("a length below 2^31", Long.toUnsignedString(length));
        }
        return length;
    }

    private void elements(FieldLayout field, long count, @Nullable Object value) {
        List<?> list =
                switch (value) {
                    case List<?> any -> any;
                    case byte[] bytes -> list(bytes, field.parts()[0].isSigned());
                    case null, default -> throw refused(count + " elements", value);
                };
        if (list.size() != count) {
            throw refused(
                    Long.toUnsignedString(count) + " elements, as its length says",
                    list.size() + " of them");
        }
        out.align(field.alignmentBits());
        int index = 0;
        for (Object element : list) {
            path.add(index++);
            write(field.parts()[0], element);
            path.removeLast();
        }
    }

    private static List<Long> list(byte[] bytes, boolean isSigned) {
        var list = new ArrayList<Long>(bytes.length);
        for (byte each : bytes) {
            list.add(isSigned ? each : each & 0xFFL);
        }
        return list;
    }

    private IllegalArgumentException refused(String wanted, @Nullable Object found) {
        var where = new StringBuilder(scope.path());
        for (Object step : path) {
            where.append(step instanceof Integer index ? "[" + index + "]" : "." + step);
        }
        String shown =
                found instanceof byte[] bytes ? bytes.length + " bytes" : String.valueOf(found);
        return new IllegalArgumentException(
                "%s: want %s, found %s".formatted(where, wanted, CtfException.shortened(shown)));
    }
}
