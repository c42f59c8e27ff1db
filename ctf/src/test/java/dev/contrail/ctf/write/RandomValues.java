// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.write;

import dev.contrail.ctf.FieldClass.BooleanClass;
import dev.contrail.ctf.layout.FieldLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;

/// Makes up values for layouts, and makes objects of decoded ones; structures are lists.
final class RandomValues {
    private final Random random;
    private final long[] registers = new long[256];

    RandomValues(Random random) {
        this.random = random;
    }

    /// A value as [CtfStream] takes it.
    Object value(FieldLayout field) {
        return switch (field.kind()) {
            case INTEGER -> integer(field);
            case FLOAT -> number(field);
            case TEXT -> text(field);
            case BLOB -> {
                byte[] bytes = new byte[(int) length(field, 0)];
                random.nextBytes(bytes);
                yield bytes;
            }
            case STRUCTURE -> structure(field);
            case ARRAY -> elements(field, field.length());
            case SEQUENCE -> elements(field, registers[field.lengthRegister()]);
            case VARIANT -> value(field.parts()[field.option(registers[field.lengthRegister()])]);
            case OPTIONAL ->
                    field.option(registers[field.lengthRegister()]) >= 0
                            ? value(field.parts()[0])
                            : null;
        };
    }

    private Object structure(FieldLayout field) {
        var values = new LinkedHashMap<String, Object>();
        var list = new ArrayList<Object>();
        for (int i = 0; i < field.parts().length; i++) {
            Object value = value(field.parts()[i]);
            values.put(field.name(i), value);
            list.add(value);
        }
        return random.nextBoolean() ? values : list;
    }

    private Object integer(FieldLayout field) {
        int unused = 64 - field.sizeBits();
        long any = random.nextLong() >> random.nextInt(64);
        long value = field.isSigned() ? any << unused >> unused : any << unused >>> unused;
        boolean isBoolean = field.fieldClass() instanceof BooleanClass;
        if (field.registers().length > 0) {
            value = random.nextInt(isBoolean ? 2 : 4);
            value = value == 3 && field.isSigned() && field.sizeBits() < 3 ? 1 : value;
        } else if (isBoolean) {
            value = random.nextInt(2);
        }
        for (int register : field.registers()) {
            registers[register] = value;
        }
        return isBoolean ? (Object) (value == 1) : (Object) value;
    }

    private double number(FieldLayout field) {
        float some = Float.float16ToFloat((short) (random.nextInt(0x7C00)));
        return switch (field.sizeBits()) {
            case 16, 32 -> random.nextInt(9) == 0 ? Double.NEGATIVE_INFINITY : -some;
            default ->
                    switch (random.nextInt(9)) {
                        case 0 -> Double.NaN;
                        case 1 -> -0.0;
                        case 2 -> Double.POSITIVE_INFINITY;
                        default -> random.nextGaussian() * Math.scalb(1.0, random.nextInt(900));
                    };
        };
    }

    private long length(FieldLayout field, long otherwise) {
        return field.lengthRegister() >= 0
                ? registers[field.lengthRegister()]
                : field.length() >= 0 ? field.length() : otherwise;
    }

    private String text(FieldLayout field) {
        long room = length(field, random.nextInt(20) * 4L);
        var text = new StringBuilder();
        while (true) {
            int before = text.length();
            text.appendCodePoint(
                    switch (random.nextInt(4)) {
                        case 0 -> 0x1F600 + random.nextInt(32);
                        case 1 -> 0xE0 + random.nextInt(20);
                        default -> ' ' + 1 + random.nextInt(90);
                    });
            if (text.toString().getBytes(field.encoding().charset()).length > room) {
                return text.substring(0, before);
            }
        }
    }

    private List<Object> elements(FieldLayout field, long count) {
        var elements = new ArrayList<Object>();
        for (long i = 0; i < count; i++) {
            elements.add(value(field.parts()[0]));
        }
        return elements;
    }

    /// What was decoded, from a slot on.
    static String read(FieldLayout field, long[] slots, int slot, ByteBuffer bytes) {
        return switch (field.kind()) {
            case INTEGER -> Long.toString(slots[slot]);
            case FLOAT ->
                    Double.toString(
                            switch (field.sizeBits()) {
                                case 16 -> Float.float16ToFloat((short) slots[slot]);
                                case 32 -> Float.intBitsToFloat((int) slots[slot]);
                                default -> Double.longBitsToDouble(slots[slot]);
                            });
            case TEXT, BLOB -> {
                byte[] copy = new byte[(int) slots[slot + 1]];
                bytes.get((int) slots[slot], copy);
                yield field.kind() == FieldLayout.Kind.BLOB
                        ? list(copy)
                        : new String(copy, field.encoding().charset());
            }
            case STRUCTURE -> {
                var members = new ArrayList<String>();
                int next = slot;
                for (FieldLayout part : field.parts()) {
                    members.add(read(part, slots, next, bytes));
                    next = part.skip(slots, next);
                }
                yield members.toString();
            }
            case ARRAY -> elements(field, slots, slot, field.length(), bytes);
            case SEQUENCE -> elements(field, slots, slot + 1, slots[slot], bytes);
            case VARIANT -> read(field.parts()[(int) slots[slot]], slots, slot + 1, bytes);
            case OPTIONAL ->
                    slots[slot] == 0 ? "[]" : read(field.parts()[0], slots, slot + 1, bytes);
        };
    }

    private static String elements(
            FieldLayout field, long[] slots, int slot, long count, ByteBuffer bytes) {
        var elements = new ArrayList<String>();
        int next = slot;
        for (long i = 0; i < count; i++) {
            elements.add(read(field.parts()[0], slots, next, bytes));
            next = field.parts()[0].skip(slots, next);
        }
        return elements.toString();
    }

    private static String list(byte[] bytes) {
        var elements = new ArrayList<String>();
        for (byte each : bytes) {
            elements.add(Integer.toString(each & 0xFF));
        }
        return elements.toString();
    }

    /// A value as [#read] words it; nothing is an empty list, as is a structure without members.
    static String shown(Object value) {
        return switch (value) {
            case null -> "[]";
            case Boolean is -> is ? "1" : "0";
            case byte[] bytes -> list(bytes);
            case java.util.Map<?, ?> map -> shown(new ArrayList<>(map.values()));
            case List<?> list -> list.stream().map(RandomValues::shown).toList().toString();
            default -> value.toString();
        };
    }
}
