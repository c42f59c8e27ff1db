// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Inserts a call of a static method with one or two arguments into a method: four bytes in front
/// of an instruction, which leave the paddings of switches as they are. Whatever jumped to the
/// instruction jumps to the call. Line numbers, local variables, exception ranges and frames move
/// along.
public final class CallInsertion {
    public static final int ACONST_NULL = 1;
    static final int ILOAD_0 = 0x1a;
    static final int ILOAD_1 = 0x1b;
    public static final int ALOAD_0 = 0x2a;
    static final int ALOAD_1 = 0x2b;
    public static final int DUP = 0x59;

    /// Pushes the two topmost operands again, for a method of two arguments.
    public static final int DUP2 = 0x5c;

    private static final int INVOKESTATIC = 0xb8;
    private static final int MOST_ARGUMENTS = 2;

    private final ClassFile file;
    private final ByteBuffer in;
    private final int code;
    private final int codeLength;

    private final FrameTable.InsertionPoint point;

    private CallInsertion(ClassFile file, ClassFile.Code attribute, int point) {
        this.file = file;
        this.in = file.bytes();
        this.code = attribute.from() + 8;
        this.codeLength = attribute.length();
        this.point = new FrameTable.InsertionPoint(point);
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
        out.writeInt(codeLength + FrameTable.InsertionPoint.BYTES);
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
        CodeAttributes attributes = new CodeAttributes(file, point);
        int at = from + 2;
        for (int i = 0; i < file.u2(from); i++) {
            int name = file.u2(at);
            if (file.utf8(name).equals("StackMapTable")) {
                attributes.add(name, new FrameTable(file, point).at(at + 6));
            } else {
                attributes.move(name, at + 6);
            }
            at += 6 + in.getInt(at + 2);
        }
        attributes.write(out);
    }
}
