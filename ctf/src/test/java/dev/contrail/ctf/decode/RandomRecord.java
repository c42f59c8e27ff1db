// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import dev.contrail.ctf.FieldClass.FloatClass;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.layout.FieldLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Writes random values for layouts, bit by bit as `ctf.md` section 2.1 words it, and notes the
/// slots that a decoder must give.
final class RandomRecord {
    private final Random random;
    private byte[] bytes = new byte[256];
    private long position;
    private boolean wasBigEndian;
    private final List<Long> slots = new ArrayList<>();
    private final long[] registers = new long[256];

    RandomRecord(Random random) {
        this.random = random;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, (int) (position + 7 >>> 3));
    }

    long position() {
        return position;
    }

    /// The slots noted since the last call.
    List<Long> takeSlots() {
        List<Long> taken = List.copyOf(slots);
        slots.clear();
        return taken;
    }

    /// Writes a value of the layout; integers with the given role get `value`.
    void write(FieldLayout field, Role role, long value) {
        switch (field.kind()) {
            case INTEGER -> integer(field, role, value);
            case FLOAT -> number(field);
            case TEXT, BLOB -> text(field);
            case STRUCTURE -> {
                align(field.alignmentBits());
                for (FieldLayout part : field.parts()) {
                    write(part, role, value);
                }
            }
            case ARRAY -> elements(field, field.length());
            case SEQUENCE -> {
                slots.add(registers[field.lengthRegister()]);
                elements(field, registers[field.lengthRegister()]);
            }
            case VARIANT -> {
                int option = field.option(registers[field.lengthRegister()]);
                slots.add((long) option);
                write(field.parts()[option], null, 0);
            }
            case OPTIONAL -> {
                boolean isThere = field.option(registers[field.lengthRegister()]) == 0;
                slots.add(isThere ? 1L : 0L);
                if (isThere) {
                    write(field.parts()[0], null, 0);
                }
            }
        }
    }

    private void elements(FieldLayout field, long count) {
        align(field.alignmentBits());
        for (long i = 0; i < count; i++) {
            write(field.parts()[0], null, 0);
        }
    }

    private void integer(FieldLayout field, Role role, long wanted) {
        boolean isWanted =
                role != null && Arrays.stream(field.roles()).anyMatch(r -> r == role.ordinal());
        long value = random.nextLong() >> random.nextInt(64);
        if (field.registers().length > 0) {
            value = random.nextInt(4);
        } else if (isWanted) {
            value = wanted;
        }
        int unused = 64 - field.sizeBits();
        value = field.isSigned() ? value << unused >> unused : value << unused >>> unused;
        slots.add(value);
        for (int register : field.registers()) {
            registers[register] = value;
        }
        if (field.isVariable()) {
            variable(value, field.isSigned());
        } else {
            align(field.alignmentBits());
            bits(new long[] {value}, field);
        }
    }

    private void variable(long value, boolean isSigned) {
        align(8);
        long rest = value;
        boolean isMore = true;
        while (isMore) {
            long low = rest & 0x7F;
            rest = isSigned ? rest >> 7 : rest >>> 7;
            isMore = isSigned ? rest != 0 || (low & 0x40) != 0 : rest != 0;
            if (isSigned && rest == -1 && (low & 0x40) != 0) {
                isMore = false;
            }
            put(isMore ? low | 0x80 : low);
        }
    }

    private void number(FieldLayout field) {
        align(field.alignmentBits());
        if (field.sizeBits() <= 64) {
            long value = random.nextLong() >>> 64 - field.sizeBits();
            slots.add(value);
            bits(new long[] {value}, field);
            return;
        }
        var wide = (FloatClass) field.fieldClass();
        double value = random.nextInt() * Math.scalb(1.0, random.nextInt(100));
        long[] words = widened(value, wide);
        slots.add(Double.doubleToRawLongBits(value));
        for (long word : words) {
            slots.add(word);
        }
        bits(words, field);
    }

    /// A double as a number of 128 bits.
    private static long[] widened(double value, FloatClass wide) {
        long raw = Double.doubleToRawLongBits(value);
        long fraction = raw & (1L << 52) - 1;
        long exponent = raw >>> 52 & 0x7FF;
        long bias = (1L << wide.exponentBits() - 1) - 1;
        long widerExponent = value == 0 ? 0 : exponent - 1023 + bias;
        long high = raw >>> 63 << 63 | widerExponent << 48 | fraction >>> 4;
        return new long[] {fraction << 60, high};
    }

    private void text(FieldLayout field) {
        align(8);
        int unit = field.unitBytes();
        long start = position >>> 3;
        boolean isFixed = field.lengthRegister() >= 0 || field.length() >= 0;
        long length =
                field.lengthRegister() >= 0
                        ? registers[field.lengthRegister()]
                        : field.length() >= 0 ? field.length() : (long) random.nextInt(24) * unit;
        long used = length;
        for (long i = 0; i < length; i += unit) {
            boolean isZero = isFixed && random.nextInt(8) == 0 && i + unit <= length;
            for (int j = 0; j < unit; j++) {
                put(isZero ? 0 : 1 + random.nextInt(255));
            }
            if (isZero && field.kind() == FieldLayout.Kind.TEXT) {
                used = Math.min(used, i);
            }
        }
        for (int j = 0; j < unit && !isFixed; j++) {
            put(0);
        }
        slots.add(start);
        slots.add(used);
    }

    private void align(int bits) {
        while (position % bits != 0) {
            bit(random.nextBoolean(), wasBigEndian);
        }
    }

    private void put(long value) {
        for (int i = 0; i < 8; i++) {
            bit((value >>> i & 1) != 0, false);
        }
    }

    private void bits(long[] words, FieldLayout field) {
        int size = field.sizeBits();
        wasBigEndian = field.isBigEndian();
        for (int i = 0; i < size; i++) {
            int natural = field.isBigEndian() ? size - 1 - i : i;
            int index = field.isReversed() ? size - 1 - natural : natural;
            bit((words[index >> 6] >>> index & 1) != 0, field.isBigEndian());
        }
    }

    private void bit(boolean isSet, boolean isBigEndian) {
        int at = (int) (position >>> 3);
        if (at == bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        int inByte = isBigEndian ? 7 - (int) (position & 7) : (int) (position & 7);
        if (isSet) {
            bytes[at] |= (byte) (1 << inByte);
        }
        position++;
    }
}
