// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;

/// Says how one field of an event record is encoded (CTF 1.8: a type). Immutable.
///
/// One model serves both versions of the format; each class says which version has it when only one
/// does (`ctf.md` sections 6.3 and 13.1). Names of members are those of the metadata text, in CTF
/// 1.8 with the leading underscore that LTTng writes.
///
/// `isReversed` says that a fixed-length class of CTF 2 has the `bit-order` that is not natural for
/// its byte order: then the value is what the bits say in reverse (`ctf.md` section 13.2).
public sealed interface FieldClass {

    /// Bits after which a field of this class may start: a power of two, 1 or more.
    int alignmentBits();

    /// Whether arrays and sequences of these are text: bytes that are characters (CTF 1.8; `ctf.md`
    /// section 6.3). Labels that bytes have change nothing, as in babeltrace2.
    default boolean isCharacter() {
        FieldClass bytes = this instanceof EnumerationClass labelled ? labelled.container() : this;
        return bytes instanceof IntegerClass integer
                && integer.isText()
                && integer.sizeBits() == 8
                && integer.alignmentBits() == 8;
    }

    /// An integer of either length, which may have labels.
    sealed interface AnyInteger extends FieldClass {

        boolean isSigned();

        /// Bits of the value; of a variable-length integer, the 64 that it can have.
        int sizeBits();

        /// The base that readers show it in: 2, 8, 10 or 16.
        int base();

        /// What it means to the reader; empty in CTF 1.8, where names tell.
        Set<Role> roles();
    }

    /// An integer of 1 to 64 bits.
    ///
    /// @param isText whether an array of these is text (CTF 1.8 `encoding = UTF8`)
    /// @param clock the name of the clock whose value this is (CTF 1.8 `map`), empty for none
    record IntegerClass(
            int sizeBits,
            int alignmentBits,
            boolean isSigned,
            ByteOrder byteOrder,
            boolean isReversed,
            int base,
            boolean isText,
            String clock,
            Set<Role> roles)
            implements AnyInteger {
        public IntegerClass {
            checkSize(sizeBits);
            checkAlignment(alignmentBits);
            roles = Set.copyOf(roles);
        }

        /// An integer with its bits in natural order and without roles, as all are in CTF 1.8.
        public IntegerClass(
                int sizeBits,
                int alignmentBits,
                boolean isSigned,
                ByteOrder byteOrder,
                int base,
                boolean isText,
                String clock) {
            this(
                    sizeBits,
                    alignmentBits,
                    isSigned,
                    byteOrder,
                    false,
                    base,
                    isText,
                    clock,
                    Set.of());
        }

        /// The same integer, shown in another base.
        public IntegerClass inBase(int newBase) {
            return new IntegerClass(
                    sizeBits,
                    alignmentBits,
                    isSigned,
                    byteOrder,
                    isReversed,
                    newBase,
                    isText,
                    clock,
                    roles);
        }

        /// The same integer, mapped to the value of a clock.
        public IntegerClass mappedTo(String clockName) {
            return new IntegerClass(
                    sizeBits,
                    alignmentBits,
                    isSigned,
                    byteOrder,
                    isReversed,
                    base,
                    isText,
                    clockName,
                    roles);
        }

        /// The same integer with another byte order.
        public IntegerClass in(ByteOrder order) {
            return new IntegerClass(
                    sizeBits,
                    alignmentBits,
                    isSigned,
                    order,
                    isReversed,
                    base,
                    isText,
                    clock,
                    roles);
        }
    }

    /// An integer of as many bytes as its value needs, LEB128 (CTF 2; `ctf.md` section 13.3).
    record VariableIntegerClass(boolean isSigned, int base, Set<Role> roles) implements AnyInteger {
        /// Most bytes that a value of 64 bits takes.
        public static final int MAX_BYTES = 10;

        public VariableIntegerClass {
            roles = Set.copyOf(roles);
        }

        @Override
        public int alignmentBits() {
            return 8;
        }

        @Override
        public int sizeBits() {
            return 64;
        }
    }

    /// 1 to 64 bits without further meaning (CTF 2).
    record BitArrayClass(int sizeBits, int alignmentBits, ByteOrder byteOrder, boolean isReversed)
            implements FieldClass {
        public BitArrayClass {
            checkSize(sizeBits);
            checkAlignment(alignmentBits);
        }
    }

    /// 1 to 64 bits, some of which have names (CTF 2).
    ///
    /// @param flags names with ranges of bit numbers; a name is set when any of its bits is
    record BitMapClass(
            int sizeBits,
            int alignmentBits,
            ByteOrder byteOrder,
            boolean isReversed,
            List<Mapping> flags)
            implements FieldClass {
        public BitMapClass {
            checkSize(sizeBits);
            checkAlignment(alignmentBits);
            flags = List.copyOf(flags);
        }
    }

    /// A truth value of 1 to 64 bits: false when all are 0 (CTF 2).
    record BooleanClass(int sizeBits, int alignmentBits, ByteOrder byteOrder, boolean isReversed)
            implements FieldClass {
        public BooleanClass {
            checkSize(sizeBits);
            checkAlignment(alignmentBits);
        }
    }

    /// An IEEE 754 number; `mantissaBits` counts the hidden bit, as TSDL's `mant_dig` does.
    record FloatClass(
            int exponentBits,
            int mantissaBits,
            int alignmentBits,
            ByteOrder byteOrder,
            boolean isReversed)
            implements FieldClass {
        public FloatClass {
            checkAlignment(alignmentBits);
        }

        /// A number with its bits in natural order.
        public FloatClass(
                int exponentBits, int mantissaBits, int alignmentBits, ByteOrder byteOrder) {
            this(exponentBits, mantissaBits, alignmentBits, byteOrder, false);
        }

        /// The bits that it takes.
        public int sizeBits() {
            return exponentBits + mantissaBits;
        }
    }

    /// Text ended by a zero code unit; in CTF 1.8 always UTF-8.
    record TextClass(TextEncoding encoding) implements FieldClass {
        public TextClass() {
            this(TextEncoding.UTF_8);
        }

        @Override
        public int alignmentBits() {
            return 8;
        }
    }

    /// Text in a fixed number of bytes, ended by them or by the first zero code unit (CTF 2).
    record StaticTextClass(int lengthBytes, TextEncoding encoding) implements FieldClass {
        @Override
        public int alignmentBits() {
            return 8;
        }
    }

    /// Text in as many bytes as another field says (CTF 2).
    record DynamicTextClass(FieldLocation length, TextEncoding encoding) implements FieldClass {
        @Override
        public int alignmentBits() {
            return 8;
        }
    }

    /// A fixed number of bytes (CTF 2).
    ///
    /// @param mediaType what they are, an IANA media type
    record StaticBlobClass(int lengthBytes, String mediaType, Set<Role> roles)
            implements FieldClass {
        public StaticBlobClass {
            roles = Set.copyOf(roles);
        }

        @Override
        public int alignmentBits() {
            return 8;
        }
    }

    /// As many bytes as another field says (CTF 2).
    record DynamicBlobClass(FieldLocation length, String mediaType) implements FieldClass {
        @Override
        public int alignmentBits() {
            return 8;
        }
    }

    /// An integer whose value ranges have labels; ranges may overlap.
    record EnumerationClass(AnyInteger container, List<Mapping> mappings) implements FieldClass {
        public EnumerationClass {
            mappings = List.copyOf(mappings);
        }

        @Override
        public int alignmentBits() {
            return container.alignmentBits();
        }
    }

    /// A label for the values `lower` to `upper`, both included; unsigned when the container is.
    record Mapping(String label, long lower, long upper) {

        /// Whether the label is for that value.
        ///
        /// @param isSigned whether the integer is, and so value and bounds are
        public boolean contains(long value, boolean isSigned) {
            return isSigned
                    ? value >= lower && value <= upper
                    : Long.compareUnsigned(value, lower) >= 0
                            && Long.compareUnsigned(value, upper) <= 0;
        }

        /// Whether any of the bits that a flag names, by their numbers, is 1.
        public boolean isSetIn(long bits) {
            for (long bit = lower; bit <= upper; bit++) {
                if ((bits >>> bit & 1) != 0) {
                    return true;
                }
            }
            return false;
        }
    }

    /// Named fields in a row.
    record StructureClass(List<Member> members, int minimumAlignmentBits) implements FieldClass {
        /// Stands for a scope that the metadata does not declare.
        public static final StructureClass ABSENT = new StructureClass(List.of(), 1);

        public StructureClass {
            members = List.copyOf(members);
            checkAlignment(minimumAlignmentBits);
        }

        /// Whether this stands for a scope that the metadata does not declare, as opposed to one
        /// that it declares without members. Told by identity: [#ABSENT] itself.
        public boolean isAbsent() {
            return this == ABSENT;
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

    /// A member of a structure or an option of a CTF 1.8 variant.
    record Member(String name, FieldClass fieldClass) {}

    /// A fixed number of elements.
    record ArrayClass(FieldClass element, int length, int minimumAlignmentBits)
            implements FieldClass {
        public ArrayClass {
            checkAlignment(minimumAlignmentBits);
        }

        /// An array aligned as its element is.
        public ArrayClass(FieldClass element, int length) {
            this(element, length, 1);
        }

        @Override
        public int alignmentBits() {
            return Math.max(minimumAlignmentBits, element.alignmentBits());
        }
    }

    /// As many elements as another field says.
    record SequenceClass(FieldClass element, FieldLocation length, int minimumAlignmentBits)
            implements FieldClass {
        public SequenceClass {
            checkAlignment(minimumAlignmentBits);
        }

        /// A sequence of CTF 1.8.
        ///
        /// @param lengthField the path of the length, as TSDL writes it
        public SequenceClass(FieldClass element, String lengthField) {
            this(element, new FieldLocation.TsdlPath(lengthField), 1);
        }

        @Override
        public int alignmentBits() {
            return Math.max(minimumAlignmentBits, element.alignmentBits());
        }
    }

    /// The option whose name is the label of the enumeration that `tag` names (CTF 1.8); the path
    /// is TSDL's.
    record VariantClass(String tag, List<Member> options) implements FieldClass {
        public VariantClass {
            options = List.copyOf(options);
        }

        @Override
        public int alignmentBits() {
            return 1;
        }
    }

    /// The option that has the value of the integer `selector` in one of its ranges (CTF 2).
    record RangeVariantClass(FieldLocation selector, List<Option> options) implements FieldClass {
        public RangeVariantClass {
            options = List.copyOf(options);
        }

        @Override
        public int alignmentBits() {
            return 1;
        }
    }

    /// An option of a variant of CTF 2; the ranges of different options do not overlap.
    ///
    /// @param name empty for none
    record Option(String name, FieldClass fieldClass, List<Range> ranges) {
        public Option {
            ranges = List.copyOf(ranges);
        }
    }

    /// The field, or nothing (CTF 2).
    ///
    /// @param selector a boolean, or an integer that is in one of `ranges` when the field is there
    /// @param ranges empty with a boolean selector
    record OptionalClass(FieldClass fieldClass, FieldLocation selector, List<Range> ranges)
            implements FieldClass {
        public OptionalClass {
            ranges = List.copyOf(ranges);
        }

        @Override
        public int alignmentBits() {
            return 1;
        }
    }

    /// The values `lower` to `upper` of a selector, both included.
    record Range(BigInteger lower, BigInteger upper) {}

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

    private static void checkSize(int bits) {
        if (bits < 1 || bits > 64) {
            throw new IllegalArgumentException("sizeBits=" + bits + ", want 1..64");
        }
    }

    private static void checkAlignment(int bits) {
        if (bits < 1 || Integer.bitCount(bits) != 1) {
            throw new IllegalArgumentException("alignment " + bits + ", want a power of two");
        }
    }
}
