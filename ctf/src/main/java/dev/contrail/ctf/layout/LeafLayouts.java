// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.layout;

import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.AnyInteger;
import dev.contrail.ctf.FieldClass.FloatClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.FieldClass.VariableIntegerClass;
import dev.contrail.ctf.layout.FieldLayout.Kind;
import java.nio.ByteOrder;

/// Makes layouts of fields that have no fields inside: numbers, text, BLOBs. [LayoutCompiler] puts
/// them together.
final class LeafLayouts {
    private LeafLayouts() {}

    /// @param fieldClass the integer, or an enumeration of it
    static FieldLayout integer(AnyInteger integer, FieldClass fieldClass) {
        return switch (integer) {
            case IntegerClass fixed -> fixed(fixed, fieldClass);
            case VariableIntegerClass variable -> variable(variable, fieldClass);
        };
    }

    private static FieldLayout fixed(IntegerClass integer, FieldClass fieldClass) {
        var layout =
                bits(fieldClass, integer.sizeBits(), integer.byteOrder(), integer.isReversed());
        layout.isSigned = integer.isSigned();
        layout.movesClock = !integer.clock().isEmpty() && !integer.isSigned();
        layout.isHidden = !integer.clock().isEmpty();
        return layout;
    }

    private static FieldLayout variable(VariableIntegerClass integer, FieldClass fieldClass) {
        var layout = new FieldLayout(Kind.INTEGER, fieldClass);
        layout.isVariable = true;
        layout.isSigned = integer.isSigned();
        layout.sizeBits = 64;
        layout.alignmentBits = 8;
        layout.leastBits = 8;
        layout.mostBits = 8 * VariableIntegerClass.MAX_BYTES + 7;
        return layout;
    }

    /// Up to 64 bits, read as an unsigned integer.
    static FieldLayout bits(
            FieldClass fieldClass, int sizeBits, ByteOrder order, boolean isReversed) {
        return fixed(Kind.INTEGER, fieldClass, sizeBits, order, isReversed);
    }

    static FieldLayout number(FloatClass number) {
        return fixed(
                Kind.FLOAT, number, number.sizeBits(), number.byteOrder(), number.isReversed());
    }

    private static FieldLayout fixed(
            Kind kind, FieldClass fieldClass, int sizeBits, ByteOrder order, boolean isReversed) {
        var layout = new FieldLayout(kind, fieldClass);
        layout.sizeBits = sizeBits;
        layout.isBigEndian = order == ByteOrder.BIG_ENDIAN;
        layout.isReversed = isReversed;
        layout.alignmentBits = fieldClass.alignmentBits();
        layout.leastBits = sizeBits;
        layout.mostBits = (long) sizeBits + layout.alignmentBits - 1;
        return layout;
    }

    /// Text ended by a code unit of zero.
    static FieldLayout endedText(TextClass text) {
        var layout = text(text, text.encoding().unitBytes());
        layout.leastBits = 8L * layout.unitBytes;
        return layout;
    }

    /// Text of any length.
    static FieldLayout text(FieldClass fieldClass, int unitBytes) {
        var layout = bytes(Kind.TEXT, fieldClass);
        layout.unitBytes = unitBytes;
        return layout;
    }

    /// A BLOB of any length.
    static FieldLayout blob(FieldClass fieldClass) {
        return bytes(Kind.BLOB, fieldClass);
    }

    private static FieldLayout bytes(Kind kind, FieldClass fieldClass) {
        var layout = new FieldLayout(kind, fieldClass);
        layout.alignmentBits = 8;
        layout.mostBits = Long.MAX_VALUE;
        return layout;
    }

    /// Gives text or a BLOB a fixed length.
    static FieldLayout sized(FieldLayout layout, int lengthBytes) {
        layout.length = lengthBytes;
        layout.leastBits = 8L * lengthBytes;
        layout.mostBits = 8L * lengthBytes + 7;
        return layout;
    }
}
