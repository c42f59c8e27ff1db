// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A class file (JVMS 4.1) as far as insertions of calls need it: its constants, and where the code
/// of a method lies. Anything unexpected in it ends in an unchecked exception.
public final class ClassFile {
    private static final int METHOD_REF = 10;
    private static final int INTERFACE_METHOD_REF = 11;

    private final ByteBuffer file;

    /// Where the constants are, by their index: at the byte after the tag.
    private final int[] constants;

    private final int afterConstants;

    /// A method's Code attribute: where its length is, its content, and how long the instructions
    /// are.
    public record Code(int lengthAt, int from, int to, int length) {}

    /// A method.
    ///
    /// @param at where it begins
    /// @param access its flags (JVMS 4.6)
    /// @param code null when it has none
    public record Method(int at, int access, String name, String descriptor, @Nullable Code code) {
        public boolean isStatic() {
            return (access & 8) != 0;
        }
    }

    public ClassFile(byte[] bytes) {
        file = ByteBuffer.wrap(bytes);
        if (file.getInt(0) != 0xcafebabe) {
            throw new IllegalArgumentException("not a class file");
        }
        constants = new int[file.getShort(8) & 0xffff];
        int at = 10;
        for (int i = 1; i < constants.length; i++) {
            int tag = file.get(at);
            constants[i] = at + 1;
            at += 1 + sizeOf(tag, at + 1);
            if (tag == 5 || tag == 6) {
                i++; // long and double take two indexes
            }
        }
        afterConstants = at;
    }

    private int sizeOf(int tag, int at) {
        return switch (tag) {
            case 1 -> 2 + u2(at);
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 4;
            case 5, 6 -> 8;
            case 7, 8, 16, 19, 20 -> 2;
            case 15 -> 3;
            default -> throw new IllegalArgumentException("constant of kind " + tag);
        };
    }

    int u2(int at) {
        return file.getShort(at) & 0xffff;
    }

    ByteBuffer bytes() {
        return file;
    }

    int constantCount() {
        return constants.length;
    }

    String utf8(int index) {
        int at = constants[index];
        byte[] text = new byte[u2(at)];
        file.get(at + 2, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /// The name and the descriptor of the method that constant `index` refers to, one after the
    /// other; empty when it is something else.
    String methodAt(int index) {
        int at = constants[index];
        int tag = file.get(at - 1);
        if (tag != METHOD_REF && tag != INTERFACE_METHOD_REF) {
            return "";
        }
        int nameAndType = constants[u2(at + 2)];
        return utf8(u2(nameAndType)) + utf8(u2(nameAndType + 2));
    }

    /// The version of its format: 61 of Java 17.
    int version() {
        return u2(6);
    }

    /// The constant that names this class.
    int thisClass() {
        return u2(afterConstants + 2);
    }

    int afterConstants() {
        return afterConstants;
    }

    /// All of its methods, in order.
    public List<Method> allMethods() {
        List<Method> found = new ArrayList<>();
        for (int at : methods()) {
            boolean hasCode = attributeOf(at, "Code") >= 0;
            found.add(
                    new Method(
                            at,
                            u2(at),
                            utf8(u2(at + 2)),
                            utf8(u2(at + 4)),
                            hasCode ? codeIn(at) : null));
        }
        return found;
    }

    /// The names of a method's parameters as far as the class file has them, in `MethodParameters`
    /// or, when it was compiled with `-g`, in the table of local variables; null for the others.
    public List<@Nullable String> parameterNames(Method method) {
        List<String> types = Descriptor.of(method.descriptor()).parameters();
        List<@Nullable String> names = new ArrayList<>();
        int local = method.isStatic() ? 0 : 1;
        int listed = attributeOf(method.at(), "MethodParameters");
        boolean isListed = listed >= 0 && (file.get(listed) & 0xff) == types.size();
        for (int i = 0; i < types.size(); i++) {
            int name = isListed ? u2(listed + 1 + 4 * i) : nameOfLocal(method, local);
            names.add(name == 0 ? null : utf8(name));
            local += Descriptor.slots(types.get(i));
        }
        return names;
    }

    /// The constant that names a local variable at the method's beginning; 0: none.
    private int nameOfLocal(Method method, int local) {
        Code code = method.code();
        if (code == null) {
            return 0;
        }
        int ranges = code.from() + 8 + code.length();
        int attributes = ranges + 2 + 8 * u2(ranges);
        int at = attributes + 2;
        for (int i = 0; i < u2(attributes); i++) {
            if (utf8(u2(at)).equals("LocalVariableTable")) {
                for (int each = at + 8; each < at + 8 + 10 * u2(at + 6); each += 10) {
                    if (u2(each) == 0 && u2(each + 8) == local) {
                        return u2(each + 4);
                    }
                }
            }
            at += 6 + file.getInt(at + 2);
        }
        return 0;
    }

    /// Whether the JVM may run code of its own in place of the method.
    public boolean isReplacedByJvm(Method method) {
        int at = attributeOf(method.at(), "RuntimeVisibleAnnotations");
        return at >= 0 && hasAnnotation(at, "Ljdk/internal/vm/annotation/IntrinsicCandidate;");
    }

    /// Of annotations without values, as long as no other comes before.
    private boolean hasAnnotation(int at, String type) {
        int next = at + 2;
        for (int i = 0; i < u2(at); i++) {
            if (utf8(u2(next)).equals(type)) {
                return true;
            }
            if (u2(next + 2) != 0) {
                return false;
            }
            next += 4;
        }
        return false;
    }

    /// Where the content of one of a method's attributes begins; negative when it has none.
    private int attributeOf(int method, String name) {
        int at = method + 8;
        for (int i = 0; i < u2(method + 6); i++) {
            if (utf8(u2(at)).equals(name)) {
                return at + 6;
            }
            at += 6 + file.getInt(at + 2);
        }
        return -1;
    }

    /// The code of the method `name` with this descriptor.
    public Code codeOf(String name, String descriptor) {
        for (int at : methods()) {
            if (utf8(u2(at + 2)).equals(name) && utf8(u2(at + 4)).equals(descriptor)) {
                return codeIn(at);
            }
        }
        throw new IllegalArgumentException("it has no method " + name + descriptor);
    }

    /// Those of all methods `name`.
    List<String> descriptorsOf(String name) {
        List<String> found = new ArrayList<>();
        for (int at : methods()) {
            if (utf8(u2(at + 2)).equals(name)) {
                found.add(utf8(u2(at + 4)));
            }
        }
        return found;
    }

    /// Where they begin.
    private int[] methods() {
        int at = afterConstants + 6;
        at += 2 + 2 * u2(at); // interfaces
        int fields = u2(at);
        at += 2;
        for (int i = 0; i < fields; i++) {
            at = behindMember(at);
        }
        int[] methods = new int[u2(at)];
        at += 2;
        for (int i = 0; i < methods.length; i++) {
            methods[i] = at;
            at = behindMember(at);
        }
        return methods;
    }

    public byte[] array() {
        return file.array();
    }

    /// Whether a method has such an attribute.
    boolean has(Method method, String attribute) {
        return attributeOf(method.at(), attribute) >= 0;
    }

    int behindMember(int at) {
        int next = at + 8;
        for (int i = 0; i < u2(at + 6); i++) {
            next += 6 + file.getInt(next + 2);
        }
        return next;
    }

    private Code codeIn(int method) {
        int at = attributeOf(method, "Code");
        if (at < 0) {
            throw new IllegalArgumentException("a method without code");
        }
        return new Code(at - 4, at, at + file.getInt(at - 4), file.getInt(at + 4));
    }

    /// This file with other content in a Code attribute, and constants for a call of the static
    /// method `owner.name(descriptor)` after the others: the last is the method.
    byte[] with(Code old, byte[] code, String owner, String name, String descriptor)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        int next = constants.length;
        out.write(file.array(), 0, 8);
        out.writeShort(next + ADDED);
        out.write(file.array(), 10, afterConstants - 10);
        out.writeByte(1);
        out.writeUTF(owner);
        out.writeByte(7);
        out.writeShort(next);
        out.writeByte(1);
        out.writeUTF(name);
        out.writeByte(1);
        out.writeUTF(descriptor);
        out.writeByte(12);
        out.writeShort(next + 2);
        out.writeShort(next + 3);
        out.writeByte(METHOD_REF);
        out.writeShort(next + 1);
        out.writeShort(next + 4);
        out.write(file.array(), afterConstants, old.lengthAt - afterConstants);
        out.writeInt(code.length);
        out.write(code);
        out.write(file.array(), old.to, file.capacity() - old.to);
        return bytes.toByteArray();
    }

    /// How many constants [#with] adds.
    static final int ADDED = 6;
}
