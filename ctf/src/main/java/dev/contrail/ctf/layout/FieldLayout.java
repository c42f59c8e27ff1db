// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.layout;

import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.AnyInteger;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.TextEncoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A field class made ready for decoding: names resolved, order of values fixed.
///
/// The decoder writes the values of a scope in a row of *slots*, 64 bits each, in the order of this
/// tree. What each kind takes:
///
/// | kind | slots |
/// |---|---|
/// | `INTEGER` | the value, sign-extended; of a boolean, bit array or bit map the bits |
/// | `FLOAT` | up to 64 bits: the raw bits; above: a `double`'s raw bits, then all raw bits, the least significant 64 first |
/// | `TEXT` | where in the packet it begins, in bytes; how many bytes, without the zero |
/// | `BLOB` | where in the packet it begins, in bytes; how many bytes |
/// | `STRUCTURE` | those of its members |
/// | `ARRAY` | those of its elements |
/// | `SEQUENCE` | how many elements; then theirs |
/// | `VARIANT` | the option's number; then its slots |
/// | `OPTIONAL` | 1 and its field's slots, or 0 |
///
/// Immutable once the plan of a trace is complete.
public final class FieldLayout {
    /// How a field is encoded, as far as decoding is concerned.
    public enum Kind {
        /// An integer, enumeration, boolean, bit array or bit map.
        INTEGER,
        FLOAT,
        TEXT,
        BLOB,
        STRUCTURE,
        ARRAY,
        SEQUENCE,
        VARIANT,
        OPTIONAL
    }

    /// Registers keep a value for later: a length, a tag. This is none.
    static final int NO_REGISTER = -1;

    private static final int[] NONE = {};

    final Kind kind;
    final FieldClass fieldClass;

    /// Whether it stands for a scope that the metadata does not declare: a structure without
    /// members.
    final boolean isAbsent;

    final List<FieldLayout> children = new ArrayList<>();
    final List<String> names = new ArrayList<>();

    int sizeBits;
    int alignmentBits = 1;
    boolean isBigEndian;

    /// Whether the bits lie in the order that is not natural for the byte order.
    boolean isReversed;

    boolean isSigned;

    /// Whether an integer takes as many bytes as it needs.
    boolean isVariable;

    /// Bytes of a code unit of text.
    int unitBytes = 1;

    /// Where the value is kept for the lengths and selectors that need it.
    int[] registers = NONE;

    /// Numbers of the roles: where the value is kept for its meaning.
    int[] roles = NONE;

    /// The children, once there will be no more.
    FieldLayout[] parts = {};

    /// Whether the value moves the stream's clock.
    boolean movesClock;

    /// Whether readers show it: a field with a meaning of its own is not data of the event.
    boolean isHidden;

    /// Of a text or BLOB of fixed length its bytes, of an array its elements; -1 for others.
    long length = -1;

    /// Where the length, tag or selector is kept.
    int lengthRegister = NO_REGISTER;

    /// Whether the field that `lengthRegister` is from may be missing in a record.
    boolean isKeyOptional;

    /// Least bits that the field takes, not counting alignment.
    long leastBits;

    /// Most bits that the field can take with alignment before it; `Long.MAX_VALUE`: no limit.
    long mostBits;

    /// Of a variant or optional: which option a tag value selects.
    long[] tagLower = {};

    long[] tagUpper = {};
    int[] tagOption = {};
    boolean isTagSigned;

    /// Whether any value but 0 selects option 0: the selector is a boolean.
    boolean isTagBoolean;

    /// While the plan is made: being decoded, so that references may enter it.
    boolean isOpen;

    FieldLayout(Kind kind, FieldClass fieldClass) {
        this.kind = kind;
        this.fieldClass = fieldClass;
        this.isAbsent = fieldClass instanceof StructureClass structure && structure.isAbsent();
    }

    public Kind kind() {
        return kind;
    }

    /// The class as the metadata declares it.
    public FieldClass fieldClass() {
        return fieldClass;
    }

    /// Whether it stands for a scope that the metadata does not declare: a structure without
    /// members.
    public boolean isAbsent() {
        return isAbsent;
    }

    /// Members, options, or the one element or field.
    public int childCount() {
        return parts.length;
    }

    public FieldLayout child(int index) {
        return parts[index];
    }

    /// Members, options, or the one element or field; only to be read.
    public FieldLayout[] parts() {
        return parts;
    }

    /// The name of a member or option as readers show it, in CTF 1.8 without the underscore before
    /// it.
    public String name(int index) {
        return names.get(index);
    }

    /// The name of a member of a structure as the metadata has it.
    public String fullName(int index) {
        return ((StructureClass) fieldClass).members().get(index).name();
    }

    /// Whether the field has a meaning for the reader itself, such as a packet's size, and is not
    /// shown; so is, in CTF 1.8, a structure that has only such members, and had some.
    public boolean isHidden() {
        return isHidden;
    }

    /// Bits of a number; 64 of an integer of variable length.
    public int sizeBits() {
        return sizeBits;
    }

    /// Bits after which the field may begin: a power of two.
    public int alignmentBits() {
        return alignmentBits;
    }

    public boolean isSigned() {
        return isSigned;
    }

    public boolean isBigEndian() {
        return isBigEndian;
    }

    /// Whether the bits lie in the order that is not natural for the byte order.
    public boolean isReversed() {
        return isReversed;
    }

    /// Whether an integer takes as many bytes as it needs.
    public boolean isVariable() {
        return isVariable;
    }

    /// How the characters of a text are encoded.
    public TextEncoding encoding() {
        return switch (fieldClass) {
            case FieldClass.TextClass text -> text.encoding();
            case FieldClass.StaticTextClass text -> text.encoding();
            case FieldClass.DynamicTextClass text -> text.encoding();
            case FieldClass _ -> TextEncoding.UTF_8; // an array of CTF 1.8
        };
    }

    /// Bytes of a code unit of text.
    public int unitBytes() {
        return unitBytes;
    }

    /// Elements of an array, bytes of a text or BLOB of fixed length; -1 for others.
    public long length() {
        return length;
    }

    /// The registers that keep the value, for lengths and selectors that need it; only to be read.
    public int[] registers() {
        return registers;
    }

    /// The register that holds the length, tag or selector that the field goes by; negative for
    /// none.
    public int lengthRegister() {
        return lengthRegister;
    }

    /// Whether the field that [#lengthRegister] is from may be missing in a record.
    public boolean isKeyOptional() {
        return isKeyOptional;
    }

    /// Ordinals of the [dev.contrail.ctf.Role]s that the value has; only to be read.
    public int[] roles() {
        return roles;
    }

    /// Whether the value moves the stream's clock.
    public boolean movesClock() {
        return movesClock;
    }

    /// Least bits that the field takes, not counting alignment.
    public long leastBits() {
        return leastBits;
    }

    /// Of a variant or optional: the least tag value of each range; only to be read, as are the
    /// next two, of the same length.
    public long[] tagLower() {
        return tagLower;
    }

    /// The greatest tag value of each range.
    public long[] tagUpper() {
        return tagUpper;
    }

    /// Which option each range selects.
    public int[] tagOption() {
        return tagOption;
    }

    public boolean isTagSigned() {
        return isTagSigned;
    }

    /// Whether any value but 0 selects option 0: the selector is a boolean.
    public boolean isTagBoolean() {
        return isTagBoolean;
    }

    /// The layout, unless it stands for a scope that is not declared.
    public Optional<FieldLayout> ifDeclared() {
        return isAbsent ? Optional.empty() : Optional.of(this);
    }

    /// Whether the class is an integer in the metadata's sense, with labels or without.
    boolean isInteger() {
        return fieldClass instanceof AnyInteger || fieldClass instanceof EnumerationClass;
    }

    /// Slots of a number above 64 bits or a value up to them.
    public int numberSlots() {
        return sizeBits <= 64 ? 1 : 1 + (sizeBits + 63) / 64;
    }

    /// The slot after this field's.
    ///
    /// @param slot the field's first
    public int skip(long[] slots, int slot) {
        return switch (kind) {
            case INTEGER, FLOAT -> slot + numberSlots();
            case TEXT, BLOB -> slot + 2;
            case STRUCTURE -> {
                int next = slot;
                for (FieldLayout part : parts) {
                    next = part.skip(slots, next);
                }
                yield next;
            }
            case ARRAY -> skipElements(slots, slot, length);
            case SEQUENCE -> skipElements(slots, slot + 1, slots[slot]);
            case VARIANT -> parts[(int) slots[slot]].skip(slots, slot + 1);
            case OPTIONAL -> slots[slot] == 0 ? slot + 1 : parts[0].skip(slots, slot + 1);
        };
    }

    private int skipElements(long[] slots, int slot, long count) {
        FieldLayout element = parts[0];
        if (element.kind == Kind.INTEGER || element.kind == Kind.FLOAT) {
            return slot + (int) count * element.numberSlots();
        }
        int next = slot;
        for (long i = 0; i < count; i++) {
            next = element.skip(slots, next);
        }
        return next;
    }

    /// Chooses an option: the first that has the tag's value.
    ///
    /// @return the option's number, or -1
    public int option(long tag) {
        if (isTagBoolean) {
            return tag == 0 ? -1 : 0;
        }
        for (int i = 0; i < tagOption.length; i++) {
            boolean isInside =
                    isTagSigned
                            ? tag >= tagLower[i] && tag <= tagUpper[i]
                            : Long.compareUnsigned(tag, tagLower[i]) >= 0
                                    && Long.compareUnsigned(tag, tagUpper[i]) <= 0;
            if (isInside) {
                return tagOption[i];
            }
        }
        return -1;
    }

    /// Prepares [#option] for the enumeration that is the tag. Options go by their full names.
    void selectBy(EnumerationClass tag, List<FieldClass.Member> options) {
        var ranges = new ArrayList<Mapping>();
        var selected = new ArrayList<Integer>();
        for (Mapping mapping : tag.mappings()) {
            for (int i = 0; i < options.size(); i++) {
                if (options.get(i).name().equals(mapping.label())) {
                    ranges.add(mapping);
                    selected.add(i);
                }
            }
        }
        selectBy(ranges, selected, tag.container().isSigned());
    }

    /// Prepares [#option]: a value in a range selects the option of the same index.
    void selectBy(List<Mapping> ranges, List<Integer> options, boolean isSelectorSigned) {
        tagLower = ranges.stream().mapToLong(Mapping::lower).toArray();
        tagUpper = ranges.stream().mapToLong(Mapping::upper).toArray();
        tagOption = options.stream().mapToInt(Integer::intValue).toArray();
        isTagSigned = isSelectorSigned;
    }
}
