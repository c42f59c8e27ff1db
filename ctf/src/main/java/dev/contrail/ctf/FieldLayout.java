// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.Mapping;
import java.util.ArrayList;
import java.util.List;

/// A field class made ready for decoding: names resolved, order of values fixed.
///
/// The decoder writes the values of a scope in a row of *slots*, 64 bits each, in the order of this
/// tree. What each kind takes:
///
/// | kind | slots |
/// |---|---|
/// | `INTEGER` | the value, sign-extended |
/// | `FLOAT` | the raw bits |
/// | `TEXT` | where in the packet it begins, in bytes; how many bytes, without the zero |
/// | `STRUCTURE` | those of its members |
/// | `ARRAY` | those of its elements |
/// | `SEQUENCE` | how many elements; then theirs |
/// | `VARIANT` | the option's number; then its slots |
///
/// Immutable once the plan of a trace is complete.
public final class FieldLayout {
    /// How a field is encoded, as far as decoding is concerned.
    public enum Kind {
        INTEGER,
        FLOAT,
        TEXT,
        STRUCTURE,
        ARRAY,
        SEQUENCE,
        VARIANT
    }

    /// Registers keep a value for later: a meaning, a length, a tag. This is none.
    static final int NO_REGISTER = -1;

    final Kind kind;
    final FieldClass fieldClass;
    final List<FieldLayout> children = new ArrayList<>();
    final List<String> names = new ArrayList<>();

    int sizeBits;
    int alignmentBits = 1;
    boolean isBigEndian;
    boolean isSigned;
    int register = NO_REGISTER;

    /// Where the value is kept for its meaning; several fields may have one meaning.
    int role = NO_REGISTER;

    /// The children, once there will be no more.
    FieldLayout[] parts = {};

    /// Whether the value moves the stream's clock.
    boolean movesClock;

    /// Whether readers show it: a field with a meaning of its own is not data of the event.
    boolean isHidden;

    /// Of a text array its bytes, of an array its elements; -1 when `lengthRegister` tells.
    long length = -1;

    int lengthRegister = NO_REGISTER;

    /// Least bits that the field takes, not counting alignment.
    long leastBits;

    /// Most bits that the field can take with alignment before it; `Long.MAX_VALUE`: no limit.
    long mostBits;

    /// Of a variant: which option a tag value selects.
    long[] tagLower = {};

    long[] tagUpper = {};
    int[] tagOption = {};
    boolean isTagSigned;

    /// While the plan is made: being decoded, so that references may enter it.
    boolean isOpen;

    FieldLayout(Kind kind, FieldClass fieldClass) {
        this.kind = kind;
        this.fieldClass = fieldClass;
    }

    public Kind kind() {
        return kind;
    }

    /// The class as the metadata declares it.
    public FieldClass fieldClass() {
        return fieldClass;
    }

    /// Members, options, or the one element.
    public int childCount() {
        return parts.length;
    }

    public FieldLayout child(int index) {
        return parts[index];
    }

    /// The name of a member or option as readers show it, without the underscore before it.
    public String name(int index) {
        return names.get(index);
    }

    /// Whether the field has a meaning for the reader itself, such as a packet's size, and is not
    /// shown; so is a structure that has only such members, and had some.
    public boolean isHidden() {
        return isHidden;
    }

    public int sizeBits() {
        return sizeBits;
    }

    public boolean isSigned() {
        return isSigned;
    }

    /// Elements of an array; -1 for a sequence.
    public long length() {
        return length;
    }

    /// The slot behind this field's.
    ///
    /// @param slot the field's first
    public int skip(long[] slots, int slot) {
        return switch (kind) {
            case INTEGER, FLOAT -> slot + 1;
            case TEXT -> slot + 2;
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
        };
    }

    private int skipElements(long[] slots, int slot, long count) {
        FieldLayout element = parts[0];
        if (element.kind == Kind.INTEGER || element.kind == Kind.FLOAT) {
            return slot + (int) count;
        }
        int next = slot;
        for (long i = 0; i < count; i++) {
            next = element.skip(slots, next);
        }
        return next;
    }

    /// Chooses a variant's option: of the labels of the tag's value the first that is an option.
    ///
    /// @return the option's number, or -1
    int option(long tag) {
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
        tagLower = ranges.stream().mapToLong(Mapping::lower).toArray();
        tagUpper = ranges.stream().mapToLong(Mapping::upper).toArray();
        tagOption = selected.stream().mapToInt(Integer::intValue).toArray();
        isTagSigned = tag.container().isSigned();
    }
}
