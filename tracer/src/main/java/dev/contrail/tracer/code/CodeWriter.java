// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.code;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The body of one method under construction: instructions, branches, handlers, frames. Branch
/// targets must be below 32 KiB; a method of 255 parameters stays far below. For this module only.
public final class CodeWriter {
    private static final int ACONST_NULL = 1;
    public static final int ICONST_0 = 3;
    public static final int ICONST_1 = 4;
    public static final int LCONST_0 = 9;
    public static final int LCONST_1 = 10;
    private static final int FCONST_0 = 11;
    public static final int DCONST_0 = 14;
    public static final int DCONST_1 = 15;
    public static final int ILOAD = 21;
    public static final int LLOAD = 22;
    public static final int FLOAD = 23;
    public static final int DLOAD = 24;
    public static final int ALOAD = 25;
    public static final int ISTORE = 54;
    public static final int LSTORE = 55;
    public static final int DSTORE = 57;
    public static final int ASTORE = 58;
    public static final int AASTORE = 83;
    public static final int POP = 87;
    public static final int DUP = 89;
    public static final int IADD = 96;
    public static final int LADD = 97;
    public static final int LSUB = 101;
    public static final int LNEG = 117;
    public static final int DNEG = 119;
    public static final int LSHL = 121;
    public static final int LUSHR = 125;
    public static final int LAND = 127;
    public static final int LOR = 129;
    public static final int LXOR = 131;
    public static final int I2L = 133;
    public static final int L2I = 136;
    public static final int L2D = 138;
    public static final int F2D = 141;
    public static final int I2S = 147;
    public static final int LCMP = 148;
    public static final int DCMPL = 151;
    public static final int DCMPG = 152;
    public static final int IFEQ = 153;
    public static final int IFNE = 154;
    public static final int IFLT = 155;
    public static final int IFGE = 156;
    public static final int IFGT = 157;
    public static final int IFLE = 158;
    public static final int IF_ICMPGT = 163;
    public static final int GOTO = 167;
    public static final int IRETURN = 172;
    public static final int LRETURN = 173;
    private static final int FRETURN = 174;
    private static final int DRETURN = 175;
    private static final int ARETURN = 176;
    public static final int RETURN = 177;
    public static final int GETSTATIC = 178;
    public static final int PUTSTATIC = 179;
    public static final int GETFIELD = 180;
    public static final int PUTFIELD = 181;
    public static final int INVOKEVIRTUAL = 182;
    public static final int INVOKESPECIAL = 183;
    public static final int INVOKESTATIC = 184;
    public static final int INVOKEINTERFACE = 185;
    public static final int ANEWARRAY = 189;
    public static final int IFNULL = 198;
    public static final int IFNONNULL = 199;

    private static final int NEW = 187;
    private static final int NEWARRAY = 188;
    private static final int LDC_W = 19;
    private static final int LDC2_W = 20;
    private static final int SIPUSH = 17;
    private static final int CHECKCAST = 192;
    private static final int WIDE = 196;
    private static final int FULL_FRAME = 255;

    /// A verification type (JVMS 4.7.4): a tag and, for an object, its class.
    public record Type(int tag, @Nullable String className) {
        public static final Type INTEGER = new Type(1, null);
        public static final Type FLOAT = new Type(2, null);
        public static final Type DOUBLE = new Type(3, null);
        public static final Type LONG = new Type(4, null);

        /// Of a parameter.
        public static Type of(Class<?> type) {
            if (!type.isPrimitive()) {
                return object(internalName(type));
            }
            if (type == long.class) {
                return LONG;
            }
            if (type == float.class) {
                return FLOAT;
            }
            if (type == double.class) {
                return DOUBLE;
            }
            return INTEGER;
        }

        public static Type object(String className) {
            return new Type(7, className);
        }
    }

    /// A place in the code that is jumped to.
    public static final class Label {
        private int at = -1;
        private final List<Integer> jumps = new ArrayList<>();
    }

    private record Handler(int from, int to, Label handler) {}

    private record Frame(int at, List<Type> locals, List<Type> stack) {}

    private final ConstantPool constants;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Label> labels = new ArrayList<>();
    private final List<Handler> handlers = new ArrayList<>();
    private final List<Frame> frames = new ArrayList<>();

    public CodeWriter(ConstantPool constants) {
        this.constants = constants;
    }

    /// Returns nothing, zero or null.
    public CodeWriter returnZero(Class<?> type) {
        if (type == void.class) {
            return op(RETURN);
        }
        pushZero(type);
        return op(IRETURN + load(type) - ILOAD);
    }

    public CodeWriter pushZero(Class<?> type) {
        if (!type.isPrimitive()) {
            return op(ACONST_NULL);
        }
        if (type == long.class) {
            return op(LCONST_0);
        }
        if (type == float.class) {
            return op(FCONST_0);
        }
        return op(type == double.class ? DCONST_0 : ICONST_0);
    }

    /// The instruction that stores a field.
    public static int store(Class<?> type) {
        return ISTORE + load(type) - ILOAD;
    }

    public static String internalName(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    /// Local variables that a parameter takes.
    public static int slots(Class<?> type) {
        return type == long.class || type == double.class ? 2 : 1;
    }

    /// The instruction that loads a parameter.
    public static int load(Class<?> type) {
        if (!type.isPrimitive()) {
            return ALOAD;
        }
        if (type == long.class) {
            return LLOAD;
        }
        if (type == float.class) {
            return FLOAD;
        }
        if (type == double.class) {
            return DLOAD;
        }
        return ILOAD;
    }

    public CodeWriter op(int opcode) {
        bytes.write(opcode);
        return this;
    }

    /// A load or store of local variable `local`.
    public CodeWriter local(int opcode, int local) {
        if (local <= 0xff) {
            op(opcode).op(local);
            return this;
        }
        return op(WIDE).op(opcode).operand(local);
    }

    public CodeWriter pushLong(long value) {
        return op(LDC2_W).operand(constants.longNumber(value));
    }

    public CodeWriter push(int value) {
        if (value == (short) value) {
            return op(SIPUSH).operand(value);
        }
        return op(LDC_W).operand(constants.integer(value));
    }

    /// @param kind what the elements are, JVMS `newarray`: 11 for long
    public CodeWriter newArrayOf(int kind) {
        return op(NEWARRAY).op(kind);
    }

    public CodeWriter pushText(String text) {
        return op(LDC_W).operand(constants.string(text));
    }

    public CodeWriter pushClass(String name) {
        return op(LDC_W).operand(constants.classNamed(name));
    }

    public CodeWriter cast(String className) {
        return op(CHECKCAST).operand(constants.classNamed(className));
    }

    public CodeWriter field(int opcode, String owner, String name, String type) {
        return op(opcode).operand(constants.field(owner, name, type));
    }

    public CodeWriter call(int opcode, String owner, String name, String type) {
        return op(opcode).operand(constants.method(owner, name, type));
    }

    /// @param slots what the arguments take on the stack, the object included
    public CodeWriter callInterface(String owner, String name, String type, int slots) {
        op(INVOKEINTERFACE).operand(constants.interfaceMethod(owner, name, type));
        return op(slots).op(0);
    }

    public CodeWriter newObject(String className) {
        return op(NEW).operand(constants.classNamed(className));
    }

    public CodeWriter newArray(String elementClass) {
        return op(ANEWARRAY).operand(constants.classNamed(elementClass));
    }

    public CodeWriter jump(int opcode, Label label) {
        label.jumps.add(bytes.size());
        if (!labels.contains(label)) {
            labels.add(label);
        }
        return op(opcode).operand(0);
    }

    /// Puts `label` here, where the machine's state is as given. Of labels at one place the last
    /// one tells the state.
    public CodeWriter place(Label label, List<Type> locals, List<Type> stack) {
        label.at = bytes.size();
        if (!frames.isEmpty() && frames.get(frames.size() - 1).at == label.at) {
            frames.remove(frames.size() - 1);
        }
        frames.add(new Frame(label.at, List.copyOf(locals), List.copyOf(stack)));
        return this;
    }

    /// The instructions so far; jumps lead nowhere yet.
    public byte[] instructions() {
        return bytes.toByteArray();
    }

    public int position() {
        return bytes.size();
    }

    /// Any throwable from `from` to here goes to `handler`.
    public CodeWriter handle(int from, Label handler) {
        handlers.add(new Handler(from, bytes.size(), handler));
        return this;
    }

    private CodeWriter operand(int value) {
        return op(value >> 8).op(value);
    }

    /// Writes the Code attribute.
    public void writeTo(DataOutputStream out, int maxStack, int maxLocals) throws IOException {
        byte[] code = bytes.toByteArray();
        if (code.length > Short.MAX_VALUE) {
            throw new IllegalArgumentException("method of " + code.length + " bytes");
        }
        for (Label label : labels) {
            for (int jump : label.jumps) {
                int distance = label.at - jump;
                code[jump + 1] = (byte) (distance >> 8);
                code[jump + 2] = (byte) distance;
            }
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream attribute = new DataOutputStream(body);
        attribute.writeShort(maxStack);
        attribute.writeShort(maxLocals);
        attribute.writeInt(code.length);
        attribute.write(code);
        attribute.writeShort(handlers.size());
        for (Handler handler : handlers) {
            attribute.writeShort(handler.from);
            attribute.writeShort(handler.to);
            attribute.writeShort(handler.handler.at);
            attribute.writeShort(0);
        }
        attribute.writeShort(frames.isEmpty() ? 0 : 1);
        if (!frames.isEmpty()) {
            writeFrames(attribute);
        }
        out.writeShort(constants.utf8("Code"));
        out.writeInt(body.size());
        body.writeTo(out);
    }

    private void writeFrames(DataOutputStream out) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream table = new DataOutputStream(body);
        table.writeShort(frames.size());
        int last = -1;
        for (Frame frame : frames) {
            table.writeByte(FULL_FRAME);
            table.writeShort(frame.at - last - 1);
            writeTypes(table, frame.locals);
            writeTypes(table, frame.stack);
            last = frame.at;
        }
        out.writeShort(constants.utf8("StackMapTable"));
        out.writeInt(body.size());
        body.writeTo(out);
    }

    private void writeTypes(DataOutputStream out, List<Type> types) throws IOException {
        out.writeShort(types.size());
        for (Type type : types) {
            out.writeByte(type.tag);
            if (type.className != null) {
                out.writeShort(constants.classNamed(type.className));
            }
        }
    }
}
