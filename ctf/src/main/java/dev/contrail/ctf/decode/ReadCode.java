// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.PacketBits;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/// Writes calls of [PacketReads] and of the few library methods that generated code needs. Locals
/// are those of [PlacedCode].
final class ReadCode {
    private static final ClassDesc READS = ClassDesc.of(PacketReads.class.getName());
    private static final ClassDesc LONG = ClassDesc.of(Long.class.getName());
    private static final ClassDesc PACKET = PlacedCode.BYTES;

    private ReadCode() {}

    /// Whether a field is of 1, 2, 4 or 8 bytes: at a whole byte, one load reads it.
    static boolean isPlain(FieldLayout field) {
        int size = field.sizeBits();
        boolean isNumber =
                field.kind() == FieldLayout.Kind.INTEGER || field.kind() == FieldLayout.Kind.FLOAT;
        boolean isWhole = size == 8 || size == 16 || size == 32 || size == 64;
        return isNumber && isWhole && !field.isVariable() && !field.isReversed();
    }

    /// Reads a fixed-length value, `offset` bits after `at`, into the local VALUE.
    static void number(CodeBuilder out, FieldLayout field, int offset) {
        int shift = offset & 7;
        int size = field.sizeBits();
        int used = shift + size + 7 >> 3;
        boolean isBig = field.isBigEndian();
        at(out, offset >> 3);
        if (shift == 0 && isPlain(field)) {
            boolean isSigned = field.isSigned() || size == 64;
            String order = isBig && size > 8 ? "be" : "";
            call(out, (isSigned ? "s" : "u") + size + order, CD_long, PACKET, CD_int);
            out.lstore(PlacedCode.VALUE);
            return;
        }
        if (used <= 2 || !isBig && used <= 8) {
            String whole = used == 8 ? "s64" : "u" + 8 * used;
            call(out, whole + (isBig && used == 2 ? "be" : ""), CD_long, PACKET, CD_int);
            int right = isBig ? used * 8 - shift - size : shift;
            out.loadConstant(right).lushr().loadConstant(PacketBits.mask(size)).land();
        } else {
            out.loadConstant(shift).loadConstant(size).loadConstant(isBig ? 1 : 0);
            call(out, "bits", CD_long, PACKET, CD_int, CD_int, CD_int, CD_boolean);
        }
        if (field.isReversed()) {
            out.invokestatic(LONG, "reverse", MethodTypeDesc.of(CD_long, CD_long));
            out.loadConstant(64 - size).lushr();
        }
        if (field.isSigned() && size < 64) {
            out.loadConstant(64 - size).lshl().loadConstant(64 - size).lshr();
        }
        out.lstore(PlacedCode.VALUE);
    }

    /// Pushes the packet and the byte offset `distance` after `at`.
    static void at(CodeBuilder out, int distance) {
        out.aload(PlacedCode.PACKET).iload(PlacedCode.AT);
        if (distance != 0) {
            out.loadConstant(distance).iadd();
        }
    }

    /// Puts into COUNT how many bytes the variable-length integer at `at` has, or -1.
    static void variableBytes(CodeBuilder out, boolean isSigned) {
        at(out, 0);
        out.iload(PlacedCode.END).loadConstant(isSigned ? 1 : 0);
        call(out, "lebBytes", CD_int, PACKET, CD_int, CD_int, CD_boolean);
        out.istore(PlacedCode.COUNT);
    }

    /// Reads the variable-length integer of COUNT bytes at `at` into VALUE.
    static void variable(CodeBuilder out, boolean isSigned) {
        at(out, 0);
        out.iload(PlacedCode.COUNT).loadConstant(isSigned ? 1 : 0);
        call(out, "leb", CD_long, PACKET, CD_int, CD_int, CD_boolean);
        out.lstore(PlacedCode.VALUE);
    }

    /// Puts into COUNT where the first code unit of zero after `at` is, or -1.
    static void zero(CodeBuilder out, int unitBytes) {
        at(out, 0);
        out.iload(PlacedCode.END);
        if (unitBytes == 1) {
            call(out, "zero", CD_int, PACKET, CD_int, CD_int);
        } else {
            out.loadConstant(unitBytes);
            call(out, "zero", CD_int, PACKET, CD_int, CD_int, CD_int);
        }
        out.istore(PlacedCode.COUNT);
    }

    /// Replaces packet, byte offset and length by the bytes of the text there, a `long`.
    static void textBytes(CodeBuilder out, int unitBytes) {
        out.loadConstant(unitBytes);
        call(out, "textBytes", CD_int, PACKET, CD_int, CD_int, CD_int);
        out.i2l();
    }

    /// Reads COUNT plain elements at `at` into the slots from `slot` on.
    static void elements(CodeBuilder out, FieldLayout element) {
        at(out, 0);
        out.aload(PlacedCode.SLOTS).iload(PlacedCode.SLOT).iload(PlacedCode.COUNT);
        out.loadConstant(element.sizeBits() / 8);
        out.loadConstant(element.isSigned() ? 1 : 0).loadConstant(element.isBigEndian() ? 1 : 0);
        ClassDesc slots = CD_long.arrayType();
        call(
                out,
                "elements",
                CD_void,
                PACKET,
                CD_int,
                slots,
                CD_int,
                CD_int,
                CD_int,
                CD_boolean,
                CD_boolean);
    }

    /// Puts into VALUE the length, tag or selector that a field goes by.
    static void key(CodeBuilder out, FieldLayout user) {
        out.aload(PlacedCode.REGISTERS).loadConstant(user.lengthRegister()).laload();
        out.lstore(PlacedCode.VALUE);
    }

    /// Replaces two `long`s by an `int` below, at or above 0.
    static void compare(CodeBuilder out, boolean isSigned) {
        if (isSigned) {
            out.lcmp();
        } else {
            out.invokestatic(LONG, "compareUnsigned", MethodTypeDesc.of(CD_int, CD_long, CD_long));
        }
    }

    private static void call(
            CodeBuilder out, String name, ClassDesc result, ClassDesc... parameters) {
        out.invokestatic(READS, name, MethodTypeDesc.of(result, parameters));
    }
}
