// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.details;

import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.AnyInteger;
import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.OptionalClass;
import dev.contrail.ctf.FieldClass.RangeVariantClass;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StaticBlobClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.VariantClass;
import dev.contrail.ctf.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A field class with its place among the others of its scope, for those who write the classes:
/// what is inside it, what is around it, and whether readers show it.
///
/// What is hidden is told by `ctf.md` sections 6.6 and 13.5: fields whose meaning is for the reader
/// itself.
final class FieldNode {
    /// Members of a packet context that have a meaning by their names (CTF 1.8).
    private static final Set<String> MEANINGS =
            Set.of(
                    "packet_size",
                    "content_size",
                    "timestamp_begin",
                    "timestamp_end",
                    "events_discarded",
                    "packet_seq_num");

    private final Optional<FieldNode> around;
    private final String name;
    private final FieldClass fieldClass;
    private final Scope scope;
    private final CtfVersion version;
    private final List<FieldNode> inside = new ArrayList<>();
    private final boolean isHidden;

    private FieldNode(
            Optional<FieldNode> around,
            String name,
            FieldClass fieldClass,
            Scope scope,
            CtfVersion version) {
        this.around = around;
        this.name = name;
        this.fieldClass = fieldClass;
        this.scope = scope;
        this.version = version;
        switch (fieldClass) {
            case StructureClass structure ->
                    structure.members().forEach(each -> add(each.name(), each.fieldClass()));
            case VariantClass variant ->
                    variant.options().forEach(each -> add(each.name(), each.fieldClass()));
            case RangeVariantClass variant ->
                    variant.options().forEach(each -> add(each.name(), each.fieldClass()));
            case OptionalClass optional -> add("", optional.fieldClass());
            case ArrayClass array when !array.element().isCharacter() -> add("", array.element());
            case SequenceClass array when !array.element().isCharacter() ->
                    add("", array.element());
            case FieldClass _ -> {}
        }
        isHidden = version == CtfVersion.CTF_2 ? hasRole() : hasMeaning();
    }

    /// The tree of a scope.
    static FieldNode of(Scope scope, StructureClass root, CtfVersion version) {
        return new FieldNode(Optional.empty(), "", root, scope, version);
    }

    private void add(String member, FieldClass of) {
        inside.add(new FieldNode(Optional.of(this), member, of, scope, version));
    }

    private boolean hasRole() {
        if (scope != Scope.PACKET_CONTEXT) {
            return false;
        }
        return switch (fieldClass) {
            case AnyInteger integer -> !integer.roles().isEmpty();
            case EnumerationClass enumeration -> !enumeration.container().roles().isEmpty();
            case StaticBlobClass blob -> !blob.roles().isEmpty();
            case StructureClass _ -> around.isEmpty() && (inside.isEmpty() || isAllHidden());
            case FieldClass _ -> false;
        };
    }

    private boolean hasMeaning() {
        return switch (fieldClass) {
            case IntegerClass integer -> !integer.clock().isEmpty() || isNamed(integer);
            case EnumerationClass(IntegerClass integer, var _) ->
                    !integer.clock().isEmpty() || isNamed(integer);
            case StructureClass _ -> isAllHidden();
            case ArrayClass _, SequenceClass _ -> isAllHidden();
            case FieldClass _ -> false;
        };
    }

    private boolean isNamed(IntegerClass integer) {
        boolean isOfContext =
                scope == Scope.PACKET_CONTEXT
                        && around.isPresent()
                        && around.get().around.isEmpty();
        return isOfContext && !integer.isSigned() && MEANINGS.contains(name);
    }

    private boolean isAllHidden() {
        return !inside.isEmpty() && inside.stream().allMatch(FieldNode::isHidden);
    }

    /// The structure, variant, array or optional that this is in; none of a scope's root.
    Optional<FieldNode> around() {
        return around;
    }

    /// As the metadata has it; empty for elements and the like.
    String name() {
        return name;
    }

    /// As readers show it: in CTF 1.8 without the underscore before it.
    String shownName() {
        return version == CtfVersion.CTF_1_8 && name.startsWith("_") ? name.substring(1) : name;
    }

    FieldClass fieldClass() {
        return fieldClass;
    }

    Scope scope() {
        return scope;
    }

    CtfVersion version() {
        return version;
    }

    /// Members, options, or the one element or field; also hidden ones.
    List<FieldNode> inside() {
        return inside;
    }

    List<FieldNode> shown() {
        return inside.stream().filter(each -> !each.isHidden).toList();
    }

    boolean isHidden() {
        return isHidden;
    }

    boolean isStructure() {
        return fieldClass instanceof StructureClass;
    }

    /// The integer that this is, with labels or without.
    Optional<AnyInteger> integer() {
        return switch (fieldClass) {
            case AnyInteger integer -> Optional.of(integer);
            case EnumerationClass enumeration -> Optional.of(enumeration.container());
            case FieldClass _ -> Optional.empty();
        };
    }
}
