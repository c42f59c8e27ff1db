// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.contrail.ctf.Role;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.FieldLayout.Kind;
import dev.contrail.ctf.layout.PacketBits;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/// The code that decodes single values: numbers, text, BLOBs. [LayoutCode] puts them together.
abstract class ValueCode extends PlacedCode {
    /// Most bytes of text, or elements of an array, whose number the layout says: offsets stay
    /// small constants.
    static final int MAX_STATIC_BYTES = 1 << 20;

    private static final ClassDesc PACKET_BITS = ClassDesc.of(PacketBits.class.getName());

    ValueCode(Place place) {
        super(place);
    }

    /// Decodes an integer or a floating-point number.
    final void number(FieldLayout field) {
        if (field.isVariable()) {
            variable(field);
            return;
        }
        if (field.sizeBits() > 64) {
            giveUp();
            return;
        }
        align(field.alignmentBits());
        int fieldOrder = field.isBigEndian() ? 2 : 1;
        if ((residue & 7) != 0 && order != fieldOrder) {
            giveUp();
            return;
        }
        order = fieldOrder;
        int place = offset;
        emit(
                ReadCode.isPlain(field) && place % 8 == 0 ? 14 : 40,
                out -> ReadCode.number(out, field, place));
        advance(field.sizeBits());
        keep(field, field.sizeBits());
    }

    private void variable(FieldLayout field) {
        align(8);
        materialize();
        boolean isSigned = field.isSigned();
        emit(
                40,
                out -> {
                    ReadCode.variableBytes(out, isSigned);
                    out.iload(COUNT).iflt(doubt.in(out));
                    ReadCode.variable(out, isSigned);
                    out.iload(AT).iload(COUNT).iadd().istore(AT);
                });
        keep(field, 0);
        behindBytes();
    }

    /// Puts the local VALUE where it is needed.
    ///
    /// @param size the bits that move the clock; 0 when they are 7 times COUNT
    private void keep(FieldLayout field, int size) {
        if (field.movesClock()) {
            usesClock = true;
            emit(
                    16,
                    out -> {
                        out.lload(CLOCK).lload(VALUE);
                        if (size > 0) {
                            out.loadConstant(size);
                        } else {
                            out.iload(COUNT).bipush(7).imul().bipush(64);
                            out.invokestatic(
                                    ClassDesc.of(Math.class.getName()),
                                    "min",
                                    MethodTypeDesc.of(CD_int, CD_int, CD_int));
                        }
                        out.invokestatic(
                                PACKET_BITS,
                                "advanced",
                                MethodTypeDesc.of(CD_long, CD_long, CD_long, CD_int));
                        out.lstore(CLOCK);
                    });
        }
        for (int role : field.roles()) {
            if (role == Role.EVENT_CLASS_ID.ordinal()) {
                emit(4, out -> out.lload(VALUE).lstore(ID));
            }
        }
        for (int register : field.registers()) {
            emit(9, out -> out.aload(REGISTERS).loadConstant(register).lload(VALUE).lastore());
        }
        store(out -> out.lload(VALUE));
    }

    /// Decodes text or a BLOB: its begin and its length.
    final void text(FieldLayout field) {
        align(8);
        boolean isText = field.kind() == Kind.TEXT;
        int unit = field.unitBytes();
        if (field.lengthRegister() < 0 && field.length() >= 0) {
            if (field.length() > MAX_STATIC_BYTES || field.length() % unit != 0) {
                giveUp();
                return;
            }
            int at = offset >> 3;
            int length = (int) field.length();
            advance(8 * length);
            store(out -> out.iload(AT).loadConstant(at).iadd().i2l());
            store(out -> {
                if (isText) {
                    ReadCode.at(out, at);
                    out.loadConstant(length);
                    ReadCode.textBytes(out, unit);
                } else {
                    out.loadConstant((long) length);
                }
            });
            return;
        }
        materialize();
        if (field.lengthRegister() < 0) {
            emit(
                    20,
                    out -> {
                        ReadCode.zero(out, unit);
                        out.iload(COUNT).iflt(doubt.in(out));
                    });
            store(out -> out.iload(AT).i2l());
            store(out -> out.iload(COUNT).iload(AT).isub().i2l());
            emit(8, out -> out.iload(COUNT).loadConstant(unit).iadd().istore(AT));
        } else {
            emit(
                    36,
                    out -> {
                        ReadCode.key(out, field);
                        out.lload(VALUE).iload(END).iload(AT).isub().i2l();
                        ReadCode.compare(out, false);
                        out.ifgt(doubt.in(out));
                        out.lload(VALUE).l2i().istore(COUNT);
                        if (unit > 1) {
                            out.iload(COUNT).loadConstant(unit - 1).iand().ifne(doubt.in(out));
                        }
                    });
            store(out -> out.iload(AT).i2l());
            store(out -> {
                if (isText) {
                    ReadCode.at(out, 0);
                    out.iload(COUNT);
                    ReadCode.textBytes(out, unit);
                } else {
                    out.iload(COUNT).i2l();
                }
            });
            emit(8, out -> out.iload(AT).iload(COUNT).iadd().istore(AT));
        }
        behindBytes();
    }
}
