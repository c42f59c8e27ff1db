// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.FloatClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.FieldClass.VariantClass;
import dev.contrail.ctf.FieldLayout.Kind;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes layouts of the scopes' structures, in decoding order, and resolves what lengths and tags
/// refer to (`ctf.md` section 6.4).
final class LayoutCompiler {
    private int nextRegister;

    private final String file;
    private final EnumMap<Scope, FieldLayout> roots = new EnumMap<>(Scope.class);

    /// Full names of the members that a structure has so far.
    private final Map<FieldLayout, Map<String, FieldLayout>> members = new HashMap<>();

    private final Deque<FieldLayout> open = new ArrayDeque<>();
    private Scope scope = Scope.PACKET_HEADER;
    private String where = "";

    LayoutCompiler(String file) {
        this.file = file;
    }

    /// Registers that lengths and tags of the whole trace need.
    int registerCount() {
        return nextRegister;
    }

    /// @param where names the stream or event in messages
    FieldLayout compile(Scope newScope, StructureClass structure, String newWhere)
            throws CtfException {
        for (Scope later : Scope.values()) {
            if (later.compareTo(newScope) >= 0) {
                roots.remove(later);
            }
        }
        scope = newScope;
        where = newWhere;
        open.clear();
        return layout(structure);
    }

    /// Makes a scope's root known again after others of the kind were compiled.
    void enter(Scope known, FieldLayout root) {
        roots.put(known, root);
    }

    private FieldLayout layout(FieldClass fieldClass) throws CtfException {
        return switch (fieldClass) {
            case IntegerClass integer -> integer(integer, integer);
            case EnumerationClass enumeration -> integer(enumeration.container(), enumeration);
            case FloatClass number -> {
                var layout = new FieldLayout(Kind.FLOAT, number);
                layout.sizeBits = number.exponentBits() + number.mantissaBits();
                layout.isBigEndian = number.byteOrder() == ByteOrder.BIG_ENDIAN;
                yield leaf(layout, layout.sizeBits);
            }
            case TextClass text -> {
                var layout = new FieldLayout(Kind.TEXT, text);
                leaf(layout, 8);
                layout.mostBits = Long.MAX_VALUE;
                yield layout;
            }
            case StructureClass structure -> structure(structure);
            case ArrayClass array -> array(array, array.element(), array.length(), "");
            case SequenceClass sequence ->
                    array(sequence, sequence.element(), -1, sequence.lengthField());
            case VariantClass variant -> variant(variant);
        };
    }

    private static FieldLayout integer(IntegerClass integer, FieldClass fieldClass) {
        var layout = new FieldLayout(Kind.INTEGER, fieldClass);
        layout.sizeBits = integer.sizeBits();
        layout.isBigEndian = integer.byteOrder() == ByteOrder.BIG_ENDIAN;
        layout.isSigned = integer.isSigned();
        layout.movesClock = !integer.clock().isEmpty() && !integer.isSigned();
        layout.isHidden = !integer.clock().isEmpty();
        return leaf(layout, layout.sizeBits);
    }

    private static FieldLayout leaf(FieldLayout layout, int bits) {
        layout.alignmentBits = layout.fieldClass.alignmentBits();
        layout.leastBits = bits;
        layout.mostBits = bits + layout.alignmentBits - 1;
        return layout;
    }

    private FieldLayout structure(StructureClass structure) throws CtfException {
        var layout = new FieldLayout(Kind.STRUCTURE, structure);
        if (open.isEmpty()) {
            roots.put(scope, layout);
        }
        layout.alignmentBits = Math.max(layout.alignmentBits, structure.minimumAlignmentBits());
        var byName = new HashMap<String, FieldLayout>();
        members.put(layout, byName);
        begin(layout);
        boolean isAllHidden = !structure.members().isEmpty();
        for (Member member : structure.members()) {
            FieldLayout child = layout(member.fieldClass());
            layout.children.add(child);
            layout.names.add(FieldNames.shown(member.name()));
            byName.put(member.name(), child);
            layout.alignmentBits = Math.max(layout.alignmentBits, child.alignmentBits);
            layout.leastBits += child.leastBits;
            layout.mostBits = saturated(layout.mostBits, child.mostBits);
            isAllHidden &= child.isHidden;
        }
        layout.mostBits = saturated(layout.mostBits, layout.alignmentBits - 1);
        layout.isHidden = isAllHidden;
        end(layout);
        return layout;
    }

    private FieldLayout array(
            FieldClass fieldClass, FieldClass element, int length, String lengthField)
            throws CtfException {
        boolean isText =
                element instanceof IntegerClass integer
                        && integer.isText()
                        && integer.sizeBits() == 8
                        && integer.alignmentBits() == 8;
        Kind kind = isText ? Kind.TEXT : length >= 0 ? Kind.ARRAY : Kind.SEQUENCE;
        var layout = new FieldLayout(kind, fieldClass);
        layout.length = length;
        if (length < 0) {
            layout.lengthRegister = lengthRegister(lengthField);
        }
        layout.alignmentBits = element.alignmentBits();
        if (isText) {
            layout.leastBits = length < 0 ? 0 : 8L * length;
            layout.mostBits = length < 0 ? Long.MAX_VALUE : 8L * length + 7;
            return layout;
        }
        begin(layout);
        FieldLayout child = layout(element);
        layout.children.add(child);
        layout.alignmentBits = child.alignmentBits;
        layout.isHidden = child.isHidden;
        layout.leastBits = length < 0 ? 0 : saturatedProduct(child.leastBits, length);
        layout.mostBits =
                length < 0
                        ? Long.MAX_VALUE
                        : saturated(saturatedProduct(child.mostBits, length), 63);
        end(layout);
        return layout;
    }

    private FieldLayout variant(VariantClass variant) throws CtfException {
        var layout = new FieldLayout(Kind.VARIANT, variant);
        FieldLayout tag = find(variant.tag(), "tag of a variant");
        if (!(tag.fieldClass instanceof EnumerationClass enumeration)) {
            throw error("tag `" + variant.tag() + "` of a variant is not an enumeration");
        }
        layout.lengthRegister = keep(tag);
        layout.selectBy(enumeration, variant.options());
        begin(layout);
        layout.leastBits = Long.MAX_VALUE;
        for (Member option : variant.options()) {
            FieldLayout child = layout(option.fieldClass());
            layout.children.add(child);
            layout.names.add(FieldNames.shown(option.name()));
            layout.leastBits = Math.min(layout.leastBits, child.leastBits);
            layout.mostBits = Math.max(layout.mostBits, child.mostBits);
        }
        end(layout);
        return layout;
    }

    private void begin(FieldLayout layout) {
        layout.isOpen = true;
        open.push(layout);
    }

    private void end(FieldLayout layout) {
        layout.isOpen = false;
        layout.parts = layout.children.toArray(FieldLayout[]::new);
        open.pop();
    }

    private int lengthRegister(String path) throws CtfException {
        FieldLayout length = find(path, "length of a sequence");
        if (length.kind != Kind.INTEGER || length.isSigned) {
            throw error("length `" + path + "` of a sequence is not an unsigned integer");
        }
        return keep(length);
    }

    private int keep(FieldLayout layout) {
        if (layout.register == FieldLayout.NO_REGISTER) {
            layout.register = nextRegister++;
        }
        return layout.register;
    }

    /// Finds a field by an absolute path, or by one that starts in a structure around the place.
    private FieldLayout find(String path, String what) throws CtfException {
        for (Scope candidate : Scope.values()) {
            if (path.startsWith(candidate.path() + ".")) {
                FieldLayout root = roots.get(candidate);
                String rest = path.substring(candidate.path().length() + 1);
                Optional<FieldLayout> found =
                        root == null ? Optional.empty() : walk(root, List.of(rest.split("\\.")));
                return found.orElseThrow(() -> unknown(path, what));
            }
        }
        List<String> names = List.of(path.split("\\."));
        for (FieldLayout around : open) {
            if (around.kind == Kind.STRUCTURE
                    && members.get(around).containsKey(names.getFirst())) {
                return walk(around, names).orElseThrow(() -> unknown(path, what));
            }
        }
        // the innermost names of what is being decoded may start with the structure itself
        throw unknown(path, what);
    }

    private CtfException unknown(String path, String what) {
        return error(what + " is `" + TsdlLexer.shortened(path) + "`, no field decoded before it");
    }

    private Optional<FieldLayout> walk(FieldLayout from, List<String> names) {
        FieldLayout at = from;
        for (String name : names) {
            while (at.isOpen && at.kind != Kind.STRUCTURE) {
                at = inside(at);
            }
            if (at.kind != Kind.STRUCTURE) {
                return Optional.empty();
            }
            FieldLayout next = members.get(at).get(name);
            if (next == null) {
                next = openMember(at, name);
            }
            if (next == null) {
                return Optional.empty();
            }
            at = next;
        }
        return Optional.of(at);
    }

    /// The part of an array or variant that is being compiled.
    private FieldLayout inside(FieldLayout container) {
        FieldLayout inner = container;
        for (FieldLayout layout : open) {
            if (layout == container) {
                break;
            }
            inner = layout;
        }
        return inner;
    }

    /// The member that is being compiled, when the path goes through it.
    private FieldLayout openMember(FieldLayout structure, String name) {
        var declared = ((StructureClass) structure.fieldClass).members();
        int index = structure.children.size();
        boolean isNext = index < declared.size() && declared.get(index).name().equals(name);
        FieldLayout inner = isNext ? inside(structure) : structure;
        return inner == structure ? null : inner;
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
