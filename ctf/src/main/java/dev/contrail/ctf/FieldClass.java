// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.nio.ByteOrder;
import java.util.List;

/// Says how one field of an event record is encoded (CTF 1.8: a type). Immutable.
///
/// Names of members are those of the metadata text, with the leading underscore that LTTng writes.
public sealed interface FieldClass {

    /// Bits after which a field of this class may start: a power of two, 1 or more.
    int alignmentBits();

    /// An integer of 1 to 64 bits.
    ///
    /// @param base the base that readers show it in: 2, 8, 10 or 16
    /// @param isText whether an array of these is text (CTF 1.8 `encoding = UTF8`)
    /// @param clock the name of the clock whose value this is, empty for none
    record IntegerClass(
            int sizeBits,
            int alignmentBits,
            boolean isSigned,
            ByteOrder byteOrder,
            int base,
            boolean isText,
            String clock)
            implements FieldClass {
        public IntegerClass {
            if (sizeBits < 1 || sizeBits > 64) {
                throw new IllegalArgumentException("sizeBits=" + sizeBits + ", want 1..64");
            }
            checkAlignment(alignmentBits);
        }

        /// The same integer, shown in another base.
        public IntegerClass inBase(int newBase) {
            return new IntegerClass(
                    sizeBits, alignmentBits, isSigned, byteOrder, newBase, isText, clock);
        }

        /// The same integer, mapped to the value of a clock.
        public IntegerClass mappedTo(String clockName) {
            return new IntegerClass(
                    sizeBits, alignmentBits, isSigned, byteOrder, base, isText, clockName);
        }

        /// The same integer with another byte order.
        public IntegerClass in(ByteOrder order) {
            return new IntegerClass(sizeBits, alignmentBits, isSigned, order, base, isText, clock);
        }
    }

    /// An IEEE 754 number; `mantissaBits` counts the hidden bit, as TSDL's `mant_dig` does.
    record FloatClass(int exponentBits, int mantissaBits, int alignmentBits, ByteOrder byteOrder)
            implements FieldClass {
        public FloatClass {
            checkAlignment(alignmentBits);
        }
    }

    /// UTF-8 text, ended by a zero byte.
    record TextClass() implements FieldClass {
        @Override
        public int alignmentBits() {
            return 8;
        }
    }

    /// An integer whose value ranges have labels; ranges may overlap.
    record EnumerationClass(IntegerClass container, List<Mapping> mappings) implements FieldClass {
        public EnumerationClass {
            mappings = List.copyOf(mappings);
        }

        @Override
        public int alignmentBits() {
            return container.alignmentBits();
        }
    }

    /// A label for the values `lower` to `upper`, both included; unsigned when the container is.
    record Mapping(String label, long lower, long upper) {}

    /// Named fields in a row.
    record StructureClass(List<Member> members, int minimumAlignmentBits) implements FieldClass {
        public StructureClass {
            members = List.copyOf(members);
            checkAlignment(minimumAlignmentBits);
        }

        /// Whether this stands for a scope that the metadata does not declare, as opposed to one
        /// that it declares without members. Told by identity: [LttngSchema#EMPTY] itself.
        public boolean isAbsent() {
            return this == LttngSchema.EMPTY;
        }

        @Override
        public int alignmentBits() {
            int most = minimumAlignmentBits;
            for (Member member : members) {
                most = Math.max(most, member.fieldClass().alignmentBits());
            }
            return most;
        }
    }

    /// A member of a structure or an option of a variant.
    record Member(String name, FieldClass fieldClass) {}

    /// A fixed number of elements.
    record ArrayClass(FieldClass element, int length) implements FieldClass {
        @Override
        public int alignmentBits() {
            return element.alignmentBits();
        }
    }

    /// As many elements as the field that `lengthField` names says; the path is TSDL's.
    record SequenceClass(FieldClass element, String lengthField) implements FieldClass {
        @Override
        public int alignmentBits() {
            return element.alignmentBits();
        }
    }

    /// The option whose name is the label of the enumeration that `tag` names; the path is TSDL's.
    record VariantClass(String tag, List<Member> options) implements FieldClass {
        public VariantClass {
            options = List.copyOf(options);
        }

        @Override
        public int alignmentBits() {
            return 1;
        }
    }

    /// A byte-aligned, little-endian, decimal unsigned integer: what LTTng writes on x86 and arm64.
    static IntegerClass unsigned(int sizeBits) {
        return new IntegerClass(sizeBits, 8, false, ByteOrder.LITTLE_ENDIAN, 10, false, "");
    }

    /// A byte-aligned, little-endian, decimal signed integer.
    static IntegerClass signed(int sizeBits) {
        return new IntegerClass(sizeBits, 8, true, ByteOrder.LITTLE_ENDIAN, 10, false, "");
    }

    /// Text of exactly `bytes` bytes, filled up with zeros, such as a kernel thread's name.
    static ArrayClass text(int bytes) {
        return new ArrayClass(
                new IntegerClass(8, 8, true, ByteOrder.LITTLE_ENDIAN, 10, true, ""), bytes);
    }

    private static void checkAlignment(int bits) {
        if (bits < 1 || Integer.bitCount(bits) != 1) {
            throw new IllegalArgumentException("alignment " + bits + ", want a power of two");
        }
    }
}
