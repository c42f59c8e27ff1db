// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.layout;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.AnyInteger;
import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.BitArrayClass;
import dev.contrail.ctf.FieldClass.BitMapClass;
import dev.contrail.ctf.FieldClass.BooleanClass;
import dev.contrail.ctf.FieldClass.DynamicBlobClass;
import dev.contrail.ctf.FieldClass.DynamicTextClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.FloatClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.Option;
import dev.contrail.ctf.FieldClass.OptionalClass;
import dev.contrail.ctf.FieldClass.Range;
import dev.contrail.ctf.FieldClass.RangeVariantClass;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StaticBlobClass;
import dev.contrail.ctf.FieldClass.StaticTextClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.FieldClass.VariantClass;
import dev.contrail.ctf.FieldLocation;
import dev.contrail.ctf.FieldNames;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.layout.FieldLayout.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Makes layouts of the scopes' structures, in decoding order; [KeyFinder] resolves what lengths,
/// tags and selectors refer to.
final class LayoutCompiler {
    private static final BigInteger MIN_SIGNED = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_SIGNED = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger MAX_UNSIGNED =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final String file;
    private final boolean isCtf2;
    private final KeyFinder keys;
    private Scope scope = Scope.PACKET_HEADER;
    private String where = "";

    LayoutCompiler(String file, CtfVersion version) {
        this.file = file;
        this.isCtf2 = version == CtfVersion.CTF_2;
        this.keys = new KeyFinder();
    }

    /// What is known of registers once all scopes are compiled.
    KeyFinder keys() {
        return keys;
    }

    /// @param where names the stream or event in messages
    FieldLayout compile(Scope newScope, StructureClass structure, String newWhere)
            throws CtfException {
        scope = newScope;
        where = newWhere;
        keys.begin(newScope);
        return layout(structure);
    }

    /// Makes a scope's root known again after others of the kind were compiled.
    void enter(Scope known, FieldLayout root) {
        keys.enter(known, root);
    }

    private FieldLayout layout(FieldClass fieldClass) throws CtfException {
        return switch (fieldClass) {
            case AnyInteger integer -> LeafLayouts.integer(integer, integer);
            case EnumerationClass labelled -> LeafLayouts.integer(labelled.container(), labelled);
            case BitArrayClass bits ->
                    LeafLayouts.bits(bits, bits.sizeBits(), bits.byteOrder(), bits.isReversed());
            case BitMapClass bits ->
                    LeafLayouts.bits(bits, bits.sizeBits(), bits.byteOrder(), bits.isReversed());
            case BooleanClass bits ->
                    LeafLayouts.bits(bits, bits.sizeBits(), bits.byteOrder(), bits.isReversed());
            case FloatClass number -> LeafLayouts.number(number);
            case TextClass text -> LeafLayouts.endedText(text);
            case StaticTextClass text ->
                    LeafLayouts.sized(
                            LeafLayouts.text(text, text.encoding().unitBytes()),
                            text.lengthBytes());
            case DynamicTextClass text ->
                    length(
                            LeafLayouts.text(text, text.encoding().unitBytes()),
                            text.length(),
                            "length of a text");
            case StaticBlobClass blob ->
                    LeafLayouts.sized(LeafLayouts.blob(blob), blob.lengthBytes());
            case DynamicBlobClass blob ->
                    length(LeafLayouts.blob(blob), blob.length(), "length of a BLOB");
            case StructureClass structure -> structure(structure);
            case ArrayClass array -> array(array, array.element(), array.length());
            case SequenceClass sequence -> sequence(sequence);
            case VariantClass variant -> variant(variant);
            case RangeVariantClass variant -> variant(variant);
            case OptionalClass optional -> optional(optional);
        };
    }

    private FieldLayout structure(StructureClass structure) throws CtfException {
        var layout = new FieldLayout(Kind.STRUCTURE, structure);
        layout.alignmentBits = Math.max(layout.alignmentBits, structure.minimumAlignmentBits());
        begin(layout);
        boolean isAllHidden = !structure.members().isEmpty() && !isCtf2;
        for (Member member : structure.members()) {
            FieldLayout child = layout(member.fieldClass());
            layout.children.add(child);
            layout.names.add(isCtf2 ? member.name() : FieldNames.shown(member.name()));
            keys.add(layout, member.name(), child);
            layout.alignmentBits = Math.max(layout.alignmentBits, child.alignmentBits);
            layout.leastBits = saturated(layout.leastBits, child.leastBits);
            layout.mostBits = saturated(layout.mostBits, child.mostBits);
            isAllHidden &= child.isHidden;
        }
        layout.mostBits = saturated(layout.mostBits, layout.alignmentBits - 1);
        layout.isHidden = isAllHidden;
        end(layout);
        return layout;
    }

    private FieldLayout array(FieldClass fieldClass, FieldClass element, int length)
            throws CtfException {
        if (element.isCharacter()) {
            return LeafLayouts.sized(LeafLayouts.text(fieldClass, 1), length);
        }
        var layout = new FieldLayout(Kind.ARRAY, fieldClass);
        layout.length = length;
        FieldLayout child = element(layout, element);
        layout.leastBits = saturatedProduct(child.leastBits, length);
        layout.mostBits =
                saturated(saturatedProduct(child.mostBits, length), layout.alignmentBits - 1);
        return layout;
    }

    private FieldLayout sequence(SequenceClass sequence) throws CtfException {
        if (sequence.element().isCharacter()) {
            FieldLayout text = LeafLayouts.text(sequence, 1);
            return length(text, sequence.length(), "length of a sequence");
        }
        var layout = new FieldLayout(Kind.SEQUENCE, sequence);
        length(layout, sequence.length(), "length of a sequence");
        element(layout, sequence.element());
        layout.mostBits = Long.MAX_VALUE;
        return layout;
    }

    private FieldLayout element(FieldLayout layout, FieldClass element) throws CtfException {
        begin(layout);
        FieldLayout child = layout(element);
        layout.children.add(child);
        layout.alignmentBits = Math.max(layout.fieldClass.alignmentBits(), child.alignmentBits);
        layout.isHidden = child.isHidden;
        end(layout);
        return child;
    }

    private FieldLayout variant(VariantClass variant) throws CtfException {
        var layout = new FieldLayout(Kind.VARIANT, variant);
        var location = new FieldLocation.TsdlPath(variant.tag());
        KeyFinder.Key tag = find(location, "tag of a variant");
        if (!(tag.first().fieldClass instanceof EnumerationClass enumeration)) {
            throw error("tag `" + variant.tag() + "` of a variant is not an enumeration");
        }
        keys.keep(tag, layout);
        layout.selectBy(enumeration, variant.options());
        begin(layout);
        for (Member option : variant.options()) {
            option(layout, FieldNames.shown(option.name()), option.fieldClass());
        }
        end(layout);
        return layout;
    }

    private FieldLayout variant(RangeVariantClass variant) throws CtfException {
        var layout = new FieldLayout(Kind.VARIANT, variant);
        KeyFinder.Key selector = find(variant.selector(), "selector of a variant");
        check(selector, "selector of a variant is not an integer", FieldLayout::isInteger);
        keys.keep(selector, layout);
        var ranges = new ArrayList<Mapping>();
        var options = new ArrayList<Integer>();
        begin(layout);
        for (Option option : variant.options()) {
            addRanges(selector, option.ranges(), ranges);
            while (options.size() < ranges.size()) {
                options.add(layout.children.size());
            }
            option(layout, option.name(), option.fieldClass());
        }
        layout.selectBy(ranges, options, selector.first().isSigned);
        end(layout);
        return layout;
    }

    private void option(FieldLayout variant, String name, FieldClass fieldClass)
            throws CtfException {
        FieldLayout child = layout(fieldClass);
        variant.leastBits =
                variant.children.isEmpty()
                        ? child.leastBits
                        : Math.min(variant.leastBits, child.leastBits);
        variant.mostBits = Math.max(variant.mostBits, child.mostBits);
        variant.children.add(child);
        variant.names.add(name);
    }

    private FieldLayout optional(OptionalClass optional) throws CtfException {
        var layout = new FieldLayout(Kind.OPTIONAL, optional);
        KeyFinder.Key selector = find(optional.selector(), "selector of an optional");
        boolean isBoolean = selector.first().fieldClass instanceof BooleanClass;
        if (isBoolean != optional.ranges().isEmpty()) {
            throw error(
                    isBoolean
                            ? "an optional has a boolean selector and ranges"
                            : "an optional has a selector that is no boolean, but no ranges");
        }
        if (isBoolean) {
            check(
                    selector,
                    "selector of an optional is not always a boolean",
                    field -> field.fieldClass instanceof BooleanClass);
            layout.isTagBoolean = true;
        } else {
            check(
                    selector,
                    "selector of an optional is neither a boolean nor an integer",
                    FieldLayout::isInteger);
            var ranges = new ArrayList<Mapping>();
            addRanges(selector, optional.ranges(), ranges);
            layout.selectBy(
                    ranges, ranges.stream().map(_ -> 0).toList(), selector.first().isSigned);
        }
        keys.keep(selector, layout);
        begin(layout);
        FieldLayout child = layout(optional.fieldClass());
        layout.children.add(child);
        layout.mostBits = child.mostBits;
        end(layout);
        return layout;
    }

    /// Adds what of the ranges the selector can have.
    private void addRanges(KeyFinder.Key selector, List<Range> ranges, List<Mapping> added)
            throws CtfException {
        boolean isSigned = selector.first().isSigned;
        for (Range range : ranges) {
            if (!isSigned && range.lower().signum() < 0) {
                throw error("a range of an unsigned selector begins at " + range.lower());
            }
            BigInteger lower = range.lower().max(isSigned ? MIN_SIGNED : BigInteger.ZERO);
            BigInteger upper = range.upper().min(isSigned ? MAX_SIGNED : MAX_UNSIGNED);
            if (lower.compareTo(upper) <= 0) {
                added.add(new Mapping("", lower.longValue(), upper.longValue()));
            }
        }
    }

    /// Gives the layout the field that says its length.
    private FieldLayout length(FieldLayout layout, FieldLocation location, String what)
            throws CtfException {
        KeyFinder.Key length = find(location, what);
        check(
                length,
                what + " is not an unsigned integer",
                field -> field.isInteger() && !field.isSigned);
        keys.keep(length, layout);
        return layout;
    }

    private KeyFinder.Key find(FieldLocation location, String what) throws CtfException {
        return keys.find(location)
                .orElseThrow(() ->
                        error(
                                "%s is `%s`, no field decoded before it"
                                        .formatted(what, KeyFinder.shown(location))));
    }

    private interface Check {
        boolean isRight(FieldLayout field);
    }

    /// All fields that may be meant must be right, and alike in their sign.
    private void check(KeyFinder.Key key, String wrong, Check check) throws CtfException {
        for (FieldLayout field : key.fields()) {
            if (!check.isRight(field)) {
                throw error(wrong);
            }
            if (field.isSigned != key.first().isSigned) {
                throw error("a selector is now signed, now unsigned");
            }
        }
    }

    private void begin(FieldLayout layout) {
        layout.isOpen = true;
        keys.open(layout);
    }

    private void end(FieldLayout layout) {
        layout.isOpen = false;
        layout.parts = layout.children.toArray(FieldLayout[]::new);
        keys.close();
    }

    private CtfException error(String what) {
        return new CtfException(file, where + ", " + scope.path() + ": " + what);
    }

    private static long saturated(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    private static long saturatedProduct(long one, long other) {
        long high = Math.multiplyHigh(one, other);
        long low = one * other;
        return high != 0 || low < 0 ? Long.MAX_VALUE : low;
    }
}
