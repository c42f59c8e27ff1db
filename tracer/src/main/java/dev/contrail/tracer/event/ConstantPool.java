// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The constant pool of a class file under construction (JVMS 4.4). For this module only.
public final class ConstantPool {
    private static final int UTF8 = 1;
    private static final int INTEGER = 3;
    private static final int CLASS = 7;
    private static final int STRING = 8;
    private static final int FIELD = 9;
    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;
    private static final int NAME_AND_TYPE = 12;

    private final Map<List<Object>, Integer> indexes = new HashMap<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    public int utf8(String text) {
        return add(List.of(UTF8, text), () -> out.writeUTF(text));
    }

    public int integer(int value) {
        return add(List.of(INTEGER, value), () -> out.writeInt(value));
    }

    public int classNamed(String internalName) {
        int name = utf8(internalName);
        return add(List.of(CLASS, name), () -> out.writeShort(name));
    }

    int string(String text) {
        int content = utf8(text);
        return add(List.of(STRING, content), () -> out.writeShort(content));
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
        int nameIndex = utf8(name);
        int typeIndex = utf8(type);
        int nameAndType = add(List.of(NAME_AND_TYPE, nameIndex, typeIndex), nameIndex, typeIndex);
        return add(List.of(tag, ownerIndex, nameAndType), ownerIndex, nameAndType);
    }

    private interface Body {
        void write() throws IOException;
    }

    private int add(List<Object> entry, int first, int second) {
        return add(
                entry,
                () -> {
                    out.writeShort(first);
                    out.writeShort(second);
                });
    }

    private int add(List<Object> entry, Body body) {
        Integer known = indexes.get(entry);
        if (known != null) return known;
        try {
            out.writeByte((Integer) entry.get(0));
            body.write();
        } catch (IOException e) { // a string of more than 65,535 bytes
            throw new IllegalArgumentException(e);
        }
        int index = indexes.size() + 1;
        if (index > 0xffff) throw new IllegalArgumentException("too many constants in one class");
        indexes.put(entry, index);
        return index;
    }

    public void writeTo(DataOutputStream target) throws IOException {
        target.writeShort(indexes.size() + 1);
        bytes.writeTo(target);
    }
}
