// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.nio.ByteBuffer;

/// The instructions of the JVM (JVMS 6.5): how long they are, and which of them jump.
final class Instructions {
    static final int IFNE = 0x9a;
    static final int RETURN = 0xb1;
    private static final int INVOKEVIRTUAL = 0xb6;
    private static final int TABLESWITCH = 0xaa;
    private static final int LOOKUPSWITCH = 0xab;
    private static final int WIDE = 0xc4;
    private static final int IINC = 0x84;

    /// Of the opcodes from 0 to 0xc9, one digit each; switches and `wide` are not so simple.
    private static final String LENGTHS =
            "1111111111111111" // constants
                    + "2323322222111111" // bipush, sipush, ldc, loads
                    + "1111111111111111"
                    + "1111112222211111" // stores
                    + "1111111111111111"
                    + "1111111111111111"
                    + "1111111111111111" // arithmetic
                    + "1111111111111111"
                    + "1111311111111111" // iinc
                    + "1111111113333333" // jumps
                    + "3333333332001111" // ret, switches, returns
                    + "1133333335532311" // fields, calls, new, arrays, athrow
                    + "3311043355";

    private Instructions() {}

    /// The length of the instruction at `at`, of the code that begins at `code`.
    static int length(ByteBuffer in, int code, int at) {
        int opcode = in.get(code + at) & 0xff;
        if (opcode == WIDE) {
            return (in.get(code + at + 1) & 0xff) == IINC ? 6 : 4;
        }
        if (isSwitch(opcode)) {
            int[] offsets = switchOffsets(in, code, at);
            int end = opcode == TABLESWITCH ? aligned(at) + 12 : aligned(at) + 8;
            return (offsets.length == 0 ? end : offsets[offsets.length - 1] + 4) - at;
        }
        if (opcode >= LENGTHS.length()) {
            throw new IllegalArgumentException("opcode " + opcode);
        }
        return LENGTHS.charAt(opcode) - '0';
    }

    static boolean isJump(int opcode) {
        return opcode >= 0x99 && opcode <= 0xa8 || opcode == 0xc6 || opcode == 0xc7;
    }

    static boolean isWideJump(int opcode) {
        return opcode == 0xc8 || opcode == 0xc9;
    }

    /// Whether it calls a method that is named in the constants (`invokedynamic` does not).
    static boolean isCall(int opcode) {
        return opcode >= INVOKEVIRTUAL && opcode <= 0xb9;
    }

    /// Whether it changes a local variable.
    static boolean isStore(int opcode) {
        return opcode >= 0x36 && opcode <= 0x4e || opcode == IINC || opcode == WIDE;
    }

    static boolean isSwitch(int opcode) {
        return opcode == TABLESWITCH || opcode == LOOKUPSWITCH;
    }

    /// Where the operands of a switch begin.
    static int aligned(int at) {
        return (at + 4) & ~3;
    }

    /// Where the offsets of a switch are, but for the default's.
    static int[] switchOffsets(ByteBuffer in, int code, int at) {
        int first = aligned(at);
        boolean isTable = (in.get(code + at) & 0xff) == TABLESWITCH;
        int count =
                isTable
                        ? in.getInt(code + first + 8) - in.getInt(code + first + 4) + 1
                        : in.getInt(code + first + 4);
        int[] offsets = new int[count];
        for (int i = 0; i < count; i++) {
            offsets[i] = isTable ? first + 12 + 4 * i : first + 12 + 8 * i;
        }
        return offsets;
    }
}
