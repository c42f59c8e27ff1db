// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.code;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// The constant pool of a class file under construction (JVMS 4.4), or what is added to that of one
/// that there is. For this module only.
public final class ConstantPool {
    private static final int UTF8 = 1;
    private static final int INTEGER = 3;
    private static final int LONG = 5;
    private static final int CLASS = 7;
    private static final int STRING = 8;
    private static final int FIELD = 9;
    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;
    private static final int NAME_AND_TYPE = 12;

    private final Map<String, Integer> texts = new HashMap<>();

    /// By the tag and what is after it.
    private final Map<Long, Integer> others = new HashMap<>();

    private final Map<Long, Integer> longs = new HashMap<>();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final int first;

    public ConstantPool() {
        this(1);
    }

    /// @param first the index of the first constant: behind those that there are
    public ConstantPool(int first) {
        this.first = first;
    }

    public int utf8(String text) {
        Integer known = texts.get(text);
        if (known != null) {
            return known;
        }
        try {
            out.writeByte(UTF8);
            out.writeUTF(text);
        } catch (IOException e) { // a string of more than 65,535 bytes
            throw new IllegalArgumentException(e);
        }
        int index = nextIndex();
        texts.put(text, index);
        return index;
    }

    public int integer(int value) {
        return add(INTEGER, value, Integer.BYTES);
    }

    public int longNumber(long value) {
        Integer known = longs.get(value);
        if (known != null) {
            return known;
        }
        try {
            out.writeByte(LONG);
            out.writeLong(value);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        int index = nextIndex();
        longs.put(value, index);
        return index;
    }

    public int classNamed(String internalName) {
        return add(CLASS, utf8(internalName), Short.BYTES);
    }

    public int string(String text) {
        return add(STRING, utf8(text), Short.BYTES);
    }

    public int field(String owner, String name, String type) {
        return member(FIELD, owner, name, type);
    }

    public int method(String owner, String name, String type) {
        return member(METHOD, owner, name, type);
    }

    public int interfaceMethod(String owner, String name, String type) {
        return member(INTERFACE_METHOD, owner, name, type);
    }

    private int member(int tag, String owner, String name, String type) {
        int ownerIndex = classNamed(owner);
        int nameAndType = add(NAME_AND_TYPE, utf8(name) << 16 | utf8(type), Integer.BYTES);
        return add(tag, ownerIndex << 16 | nameAndType, Integer.BYTES);
    }

    /// @param content of that many bytes: a number, or one or two indexes
    private int add(int tag, int content, int size) {
        long key = (long) tag << 32 | content & 0xffffffffL;
        Integer known = others.get(key);
        if (known != null) {
            return known;
        }
        try {
            out.writeByte(tag);
            if (size == Short.BYTES) {
                out.writeShort(content);
            } else {
                out.writeInt(content);
            }
        } catch (IOException e) {
            throw new AssertionError(e); // memory does not fail
        }
        int index = nextIndex();
        others.put(key, index);
        return index;
    }

    private int nextIndex() {
        int index = end();
        if (index >= 0xffff) {
            throw new IllegalArgumentException("too many constants in one class");
        }
        return index;
    }

    public void writeTo(DataOutputStream target) throws IOException {
        target.writeShort(end());
        bytes.writeTo(target);
    }

    /// The index after the last constant; a long number has two.
    public int end() {
        return texts.size() + others.size() + 2 * longs.size() + first;
    }

    /// The constants, without their count.
    public byte[] bytes() {
        return bytes.toByteArray();
    }
}
