// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Inserts a call of a static method with one or two arguments into a method: four bytes in front
/// of an instruction, which leave the paddings of switches as they are. Whatever jumped to the
/// instruction jumps to the call. Line numbers, local variables, exception ranges and frames move
/// along.
public final class CallInsertion {
    static final int ILOAD_0 = 0x1a;
    static final int ILOAD_1 = 0x1b;
    static final int ALOAD_1 = 0x2b;
    static final int DUP = 0x59;

    /// Pushes the two topmost operands again, for a method of two arguments.
    static final int DUP2 = 0x5c;

    private static final int INVOKESTATIC = 0xb8;
    private static final int MOST_ARGUMENTS = 2;

    private final ClassFile file;
    private final ByteBuffer in;
    private final int code;
    private final int codeLength;

    private final InsertionPoint point;

    private CallInsertion(ClassFile file, ClassFile.Code attribute, int point) {
        this.file = file;
        this.in = file.bytes();
        this.code = attribute.from() + 8;
        this.codeLength = attribute.length();
        this.point = new InsertionPoint(point);
    }

    /// @param push the instruction of one byte that pushes the arguments
    public static byte[] insert(
            ClassFile file,
            ClassFile.Code attribute,
            int point,
            int push,
            String owner,
            String name,
            String descriptor)
            throws IOException {
        byte[] changed = new CallInsertion(file, attribute, point).write(attribute, push);
        return file.with(attribute, changed, owner, name, descriptor);
    }

    private byte[] write(ClassFile.Code attribute, int push) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(file.u2(attribute.from()) + MOST_ARGUMENTS); // stack
        out.writeShort(file.u2(attribute.from() + 2));
        out.writeInt(codeLength + InsertionPoint.BYTES);
        ByteBuffer moved = instructions();
        out.write(moved.array(), 0, point.at());
        out.writeByte(push);
        out.writeByte(INVOKESTATIC);
        out.writeShort(file.constantCount() + ClassFile.ADDED - 1);
        out.write(moved.array(), point.at(), codeLength - point.at());
        int at = code + codeLength;
        int ranges = file.u2(at);
        out.writeShort(ranges);
        at += 2;
        for (int i = 0; i < ranges; i++, at += 8) {
            for (int j = 0; j < 6; j += 2) {
                out.writeShort(point.moved(file.u2(at + j)));
            }
            out.writeShort(file.u2(at + 6));
        }
        writeAttributes(out, at);
        return bytes.toByteArray();
    }

    /// The code with its jumps changed, and nothing inserted yet.
    private ByteBuffer instructions() {
        ByteBuffer changed = ByteBuffer.allocate(codeLength);
        in.get(code, changed.array());
        for (int at = 0; at < codeLength; at += Instructions.length(in, code, at)) {
            int opcode = in.get(code + at) & 0xff;
            if (Instructions.isJump(opcode)) {
                int to = at + in.getShort(code + at + 1);
                int distance = point.moved(to) - point.movedInstruction(at);
                if (distance != (short) distance) {
                    throw new IllegalArgumentException("too far");
                }
                changed.putShort(at + 1, (short) distance);
            } else if (Instructions.isWideJump(opcode)) {
                putWide(changed, at, at + 1);
            } else if (Instructions.isSwitch(opcode)) {
                int first = Instructions.aligned(at);
                putWide(changed, at, first);
                for (int each : Instructions.switchOffsets(in, code, at)) {
                    putWide(changed, at, each);
                }
            }
        }
        return changed;
    }

    private void putWide(ByteBuffer changed, int instruction, int at) {
        int to = instruction + in.getInt(code + at);
        changed.putInt(at, point.moved(to) - point.movedInstruction(instruction));
    }

    private void writeAttributes(DataOutputStream out, int from) throws IOException {
        List<byte[]> kept = new ArrayList<>();
        int at = from + 2;
        for (int i = 0; i < file.u2(from); i++) {
            int length = in.getInt(at + 2);
            byte[] content = attribute(file.utf8(file.u2(at)), at + 6);
            if (content != null) {
                ByteBuffer whole = ByteBuffer.allocate(6 + content.length);
                kept.add(
                        whole.putShort(in.getShort(at))
                                .putInt(content.length)
                                .put(content)
                                .array());
            }
            at += 6 + length;
        }
        out.writeShort(kept.size());
        for (byte[] each : kept) {
            out.write(each);
        }
    }

    /// What to write instead; null: nothing. (Annotations of types inside methods are for compilers
    /// and readers of class files.)
    private byte @Nullable [] attribute(String name, int at) throws IOException {
        return switch (name) {
            case "LineNumberTable" -> lineNumbers(at);
            case "LocalVariableTable", "LocalVariableTypeTable" -> variables(at);
            case "StackMapTable" -> new FrameTable(file, point).at(at);
            default -> null;
        };
    }

    private byte[] lineNumbers(int at) {
        int count = file.u2(at);
        ByteBuffer out = ByteBuffer.allocate(2 + 4 * count).putShort((short) count);
        for (int i = at + 2; i < at + 2 + 4 * count; i += 4) {
            out.putShort((short) point.moved(file.u2(i))).putShort(in.getShort(i + 2));
        }
        return out.array();
    }

    private byte[] variables(int at) {
        int count = file.u2(at);
        ByteBuffer out = ByteBuffer.allocate(2 + 10 * count).putShort((short) count);
        for (int i = at + 2; i < at + 2 + 10 * count; i += 10) {
            int from = point.moved(file.u2(i));
            int to = point.moved(file.u2(i) + file.u2(i + 2));
            out.putShort((short) from).putShort((short) (to - from));
            out.putShort(in.getShort(i + 4)).putInt(in.getInt(i + 6));
        }
        return out.array();
    }
}
