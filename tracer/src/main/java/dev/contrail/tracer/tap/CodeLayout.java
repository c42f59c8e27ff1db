// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Where a method's instructions lie once there are others at its entry and before each return.
///
/// Whatever jumped to the instruction at the entry jumps behind what was put in there, whatever
/// jumped to a return goes through what is put in before it.
final class CodeLayout implements CodeAttributes.Movement {
    /// JVMS 4.7.3: a method's code is shorter than this.
    static final int MAX_CODE = 0xffff;

    private static final int FIRST_RETURN = 0xac;
    private static final int JSR = 0xa8;
    private static final int RET = 0xa9;
    private static final int JSR_W = 0xc9;
    private static final int WIDE = 0xc4;

    private final ByteBuffer in;
    private final int code;
    private final int length;
    private final int entry;
    private final byte[] atEntry;
    private final byte[] atReturn;
    private final int[] moved;
    private int returns;

    /// @param entry the instruction before which `atEntry` goes
    /// @param atReturn what stands in place of each return
    CodeLayout(
            ClassFile file, ClassFile.Code attribute, int entry, byte[] atEntry, byte[] atReturn) {
        this.in = file.bytes();
        this.code = attribute.from() + 8;
        this.length = attribute.length();
        this.entry = entry;
        this.atEntry = atEntry;
        this.atReturn = atReturn;
        this.moved = new int[length + 1];
        place();
    }

    static boolean isReturn(int opcode) {
        return opcode >= FIRST_RETURN && opcode <= Instructions.RETURN;
    }

    private void place() {
        int to = 0;
        for (int at = 0; at < length; ) {
            int opcode = in.get(code + at) & 0xff;
            boolean isWideRet = opcode == WIDE && (in.get(code + at + 1) & 0xff) == RET;
            if (opcode == JSR || opcode == RET || opcode == JSR_W || isWideRet) {
                throw new IllegalArgumentException("it has a subroutine, as of before Java 6");
            }
            to += at == entry ? atEntry.length : 0;
            int size = Instructions.length(in, code, at);
            for (int i = 0; i < size; i++) {
                moved[at + i] = to + i;
            }
            if (isReturn(opcode)) {
                to += atReturn.length;
                returns++;
            } else if (Instructions.isSwitch(opcode)) {
                to += size + Instructions.aligned(to) - to - (Instructions.aligned(at) - at);
            } else {
                to += size;
            }
            at += size;
        }
        moved[length] = to;
    }

    /// By the old offset; that of the code's end is there, too.
    int[] moved() {
        return moved;
    }

    @Override
    public int moved(int at) {
        return moved[at];
    }

    /// What begins with the method goes on doing so.
    @Override
    public int begin(int at) {
        return at == 0 ? 0 : moved(at);
    }

    int returns() {
        return returns;
    }

    /// Where what stands in place of each return begins.
    int[] places() {
        int[] places = new int[returns];
        int next = 0;
        for (int at = 0; at < length; at += Instructions.length(in, code, at)) {
            if (isReturn(in.get(code + at) & 0xff)) {
                places[next++] = moved[at];
            }
        }
        return places;
    }

    /// @throws IllegalArgumentException when a jump has become too far
    void write(ByteArrayOutputStream bytes) throws IOException {
        DataOutputStream out = new DataOutputStream(bytes);
        for (int at = 0; at < length; at += Instructions.length(in, code, at)) {
            int opcode = in.get(code + at) & 0xff;
            if (at == entry) {
                out.write(atEntry);
            }
            if (isReturn(opcode)) {
                out.write(atReturn);
            } else if (Instructions.isJump(opcode)) {
                int distance = moved[at + in.getShort(code + at + 1)] - moved[at];
                if (distance != (short) distance) {
                    throw new IllegalArgumentException("it is too long: a jump would be too far");
                }
                out.writeByte(opcode);
                out.writeShort(distance);
            } else if (Instructions.isWideJump(opcode)) {
                out.writeByte(opcode);
                out.writeInt(distance(at, at + 1));
            } else if (Instructions.isSwitch(opcode)) {
                writeSwitch(out, at);
            } else {
                out.write(in.array(), code + at, Instructions.length(in, code, at));
            }
        }
    }

    private int distance(int instruction, int operand) {
        return moved[instruction + in.getInt(code + operand)] - moved[instruction];
    }

    private void writeSwitch(DataOutputStream out, int at) throws IOException {
        int size = Instructions.length(in, code, at);
        int first = Instructions.aligned(at);
        ByteBuffer operands = ByteBuffer.allocate(at + size - first);
        in.get(code + first, operands.array());
        operands.putInt(0, distance(at, first));
        for (int each : Instructions.switchOffsets(in, code, at)) {
            operands.putInt(each - first, distance(at, each));
        }
        out.writeByte(in.get(code + at));
        out.write(new byte[Instructions.aligned(moved[at]) - moved[at] - 1]);
        out.write(operands.array());
    }
}
