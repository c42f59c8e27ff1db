// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.details;

import dev.contrail.analysis.details.DetailsText.Color;
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
import dev.contrail.ctf.FieldClass.OptionalClass;
import dev.contrail.ctf.FieldClass.RangeVariantClass;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StaticBlobClass;
import dev.contrail.ctf.FieldClass.StaticTextClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.FieldClass.VariableIntegerClass;
import dev.contrail.ctf.FieldClass.VariantClass;
import dev.contrail.ctf.FieldLocation;
import dev.contrail.ctf.JsonValue;
import dev.contrail.ctf.Scope;
import java.util.List;
import java.util.Optional;

/// Writes field classes: a line with what each is, then what is inside it, one level deeper.
final class DetailsTypes {
    private static final int SINGLE_PRECISION_BITS = 32;

    private final DetailsText text;
    private final DetailsAttributes attributes;
    private final DetailsRanges ranges;
    private final FieldFinder finder;
    private final CtfVersion version;

    DetailsTypes(
            DetailsText text,
            DetailsAttributes attributes,
            FieldFinder finder,
            CtfVersion version) {
        this.text = text;
        this.attributes = attributes;
        this.ranges = new DetailsRanges(text, version);
        this.finder = finder;
        this.version = version;
    }

    /// Writes a scope's class in a paragraph of its own, unless the scope is not shown.
    void scope(String name, Scope scope, StructureClass root) {
        if (root.isAbsent()) {
            finder.leave(scope);
            return;
        }
        FieldNode node = FieldNode.of(scope, root, version);
        finder.enter(node);
        if (!node.isHidden()) {
            text.property(name).add(' ');
            write(node);
            text.line();
        }
    }

    private void write(FieldNode node) {
        head(node);
        text.in();
        Optional<JsonValue.Members> told = attributes.of(node.fieldClass());
        told.ifPresent(value -> {
            text.add(":\n");
            attributes.write(value);
        });
        switch (node.fieldClass()) {
            case EnumerationClass enumeration ->
                    labels(
                            "Mappings",
                            enumeration.mappings(),
                            enumeration.container().isSigned(),
                            told.isPresent());
            case BitMapClass map -> labels("Flags", map.flags(), false, told.isPresent());
            case StructureClass _ -> parts("Members", node.shown(), told.isPresent());
            case VariantClass _, RangeVariantClass _ ->
                    parts("Options", node.shown(), told.isPresent());
            case ArrayClass _, SequenceClass _ when !node.inside().isEmpty() -> {
                text.add(told.isPresent() ? "\n" : ":\n");
                content("Element", node);
            }
            case OptionalClass optional -> {
                text.add(told.isPresent() ? "\n" : ":\n");
                selection(node, optional);
                content("Content", node);
            }
            case FieldClass _ -> {}
        }
        text.back(1);
    }

    private void head(FieldNode node) {
        switch (node.fieldClass()) {
            case AnyInteger integer -> {
                kind(integer.isSigned() ? "Signed integer" : "Unsigned integer");
                integer(integer);
                text.add(')');
            }
            case EnumerationClass enumeration -> {
                AnyInteger integer = enumeration.container();
                kind(integer.isSigned() ? "Signed enumeration" : "Unsigned enumeration");
                integer(integer);
                text.add(", ");
                count(DetailsRanges.labels(enumeration.mappings()), "mapping").add(')');
            }
            case BitArrayClass _ -> {
                kind("Bit array").add(' ');
                count(0, "flag").add(')');
            }
            case BitMapClass map -> {
                kind("Bit array").add(' ');
                count(DetailsRanges.labels(map.flags()), "flag").add(')');
            }
            case BooleanClass _ -> kind("Boolean");
            case FloatClass number ->
                    kind(
                            number.sizeBits() == SINGLE_PRECISION_BITS
                                    ? "Single-precision real"
                                    : "Double-precision real");
            case TextClass _, StaticTextClass _, DynamicTextClass _ -> kind("String");
            case StaticBlobClass blob -> {
                kind("Static BLOB").add(" (Length ").unsigned(blob.lengthBytes());
                text.add(", Media type ").quoted(blob.mediaType()).add(')');
            }
            case DynamicBlobClass blob ->
                    sized(node, "Dynamic BLOB", blob.length(), blob.mediaType());
            case StructureClass _ -> {
                kind("Structure").add(" (");
                count(node.shown().size(), "member").add(')');
            }
            case ArrayClass _ when node.inside().isEmpty() -> kind("String");
            case SequenceClass _ when node.inside().isEmpty() -> kind("String");
            case ArrayClass array ->
                    kind("Static array").add(" (Length ").unsigned(array.length()).add(')');
            case SequenceClass array -> sized(node, "Dynamic array", array.length(), "");
            case VariantClass variant -> variant(node, new FieldLocation.TsdlPath(variant.tag()));
            case RangeVariantClass variant -> variant(node, variant.selector());
            case OptionalClass optional -> optional(node, optional.selector());
        }
    }

    private DetailsText kind(String name) {
        return text.color(Color.BLUE).add(name).color(Color.RESET);
    }

    private DetailsText count(long number, String what) {
        return text.unsigned(number).add(' ').add(what).add(number == 1 ? "" : "s");
    }

    private void integer(AnyInteger integer) {
        text.add(" (").value(integer.sizeBits() + "-bit").add(", Base ");
        text.unsigned(integer.base());
        if (integer instanceof VariableIntegerClass) {
            text.add(", Expect small values");
        }
    }

    private void sized(FieldNode node, String kind, FieldLocation location, String media) {
        Optional<FieldNode> field = finder.find(node, location);
        kind(kind + (field.isPresent() ? " (with length field)" : " (no length field)"));
        if (field.isEmpty() && media.isEmpty()) {
            return;
        }
        text.add(" (");
        field.ifPresent(known -> {
            text.add("Length field ");
            location(node, known, location);
            text.add(media.isEmpty() ? "" : ", ");
        });
        if (!media.isEmpty()) {
            text.add("Media type ").quoted(media);
        }
        text.add(')');
    }

    private void variant(FieldNode node, FieldLocation location) {
        Optional<FieldNode> selector = finder.find(node, location);
        kind("Variant (" + selector.map(DetailsTypes::selector).orElse("no selector") + ")");
        text.add(" (");
        count(node.shown().size(), "option");
        selector.ifPresent(field -> {
            text.add(", Selector field ");
            location(node, field, location);
        });
        text.add(')');
    }

    private void optional(FieldNode node, FieldLocation location) {
        Optional<FieldNode> selector = finder.find(node, location);
        kind("Option (" + selector.map(DetailsTypes::selector).orElse("no selector") + ")");
        selector.ifPresent(field -> {
            text.add(" (Selector field ");
            location(node, field, location);
            text.add(')');
        });
    }

    private static String selector(FieldNode field) {
        return field.integer()
                .map(integer ->
                        integer.isSigned()
                                ? "signed integer selector"
                                : "unsigned integer selector")
                .orElse("boolean selector");
    }

    private void location(FieldNode node, FieldNode field, FieldLocation location) {
        boolean isCtf2 = version == CtfVersion.CTF_2;
        text.add(isCtf2 ? "location [" : "path [").value(shown(field.scope())).add(": ");
        String separator = "";
        if (isCtf2) {
            for (String name : FieldFinder.names(node, location)) {
                text.add(separator).value(name);
                separator = ", ";
            }
        } else {
            for (int index : FieldFinder.indexes(field)) {
                text.add(separator);
                if (index < 0) {
                    text.value("<current>");
                } else {
                    text.unsigned(index);
                }
                separator = ", ";
            }
        }
        text.add(']');
    }

    private static String shown(Scope scope) {
        return switch (scope) {
            case PACKET_HEADER -> "Packet header";
            case PACKET_CONTEXT -> "Packet context";
            case EVENT_HEADER -> "Event header";
            case COMMON_CONTEXT -> "Event common context";
            case SPECIFIC_CONTEXT -> "Event specific context";
            case PAYLOAD -> "Event payload";
        };
    }

    private void labels(String name, List<Mapping> labels, boolean isSigned, boolean isBelow) {
        if (!labels.isEmpty()) {
            begin(name, isBelow);
            ranges.mappings(labels, isSigned);
            text.back(isBelow ? 1 : 0);
        }
    }

    /// Each part begins with a line's end of its own.
    private void begin(String name, boolean isBelow) {
        if (isBelow) {
            text.line().property(name);
            text.in();
        } else {
            text.add(':');
        }
    }

    private void parts(String name, List<FieldNode> parts, boolean isBelow) {
        if (parts.isEmpty()) {
            return;
        }
        begin(name, isBelow);
        for (FieldNode part : parts) {
            text.line();
            if (part.around().orElseThrow().isStructure()) {
                text.member(part.shownName());
            } else {
                option(part);
            }
            described(part);
        }
        text.back(isBelow ? 1 : 0);
    }

    private void described(FieldNode part) {
        Optional<JsonValue.Members> told = attributes.of(declared(part));
        boolean isOption = !part.around().orElseThrow().isStructure();
        text.add(told.isEmpty() || isOption ? " " : "");
        if (told.isEmpty()) {
            write(part);
            return;
        }
        text.line();
        text.in();
        text.property("Field class").add(' ');
        write(part);
        text.line();
        attributes.write(told.get());
        text.back(1);
    }

    /// The member or option that the metadata declares, whose attributes are not its class's.
    private static Object declared(FieldNode part) {
        FieldNode around = part.around().orElseThrow();
        int index = around.inside().indexOf(part);
        return switch (around.fieldClass()) {
            case StructureClass structure -> structure.members().get(index);
            case VariantClass variant -> variant.options().get(index);
            case RangeVariantClass variant -> variant.options().get(index);
            case FieldClass _ -> part.fieldClass();
        };
    }

    private void option(FieldNode part) {
        FieldNode variant = part.around().orElseThrow();
        text.member(part.name().isEmpty() ? "Unnamed" : part.shownName());
        switch (variant.fieldClass()) {
            case VariantClass tagged -> {
                var location = new FieldLocation.TsdlPath(tagged.tag());
                Optional<FieldNode> tag = finder.find(variant, location);
                if (tag.isPresent()
                        && tag.get().fieldClass() instanceof EnumerationClass enumeration) {
                    ranges.of(part.name(), enumeration);
                    text.add(':');
                }
            }
            case RangeVariantClass selected -> {
                Optional<FieldNode> selector = finder.find(variant, selected.selector());
                if (selector.isPresent()) {
                    int index = variant.inside().indexOf(part);
                    ranges.of(selected.options().get(index).ranges(), isSigned(selector.get()));
                    text.add(':');
                }
            }
            case FieldClass other -> throw new IllegalStateException("no variant: " + other);
        }
    }

    private void selection(FieldNode node, OptionalClass optional) {
        Optional<FieldNode> selector = finder.find(node, optional.selector());
        if (selector.isEmpty()) {
            return;
        }
        if (optional.ranges().isEmpty()) {
            text.line("Selector is reversed", false);
        } else {
            text.property("Selector ranges");
            ranges.of(optional.ranges(), isSigned(selector.get()));
            text.line();
        }
    }

    private static boolean isSigned(FieldNode selector) {
        return selector.integer().map(AnyInteger::isSigned).orElse(false);
    }

    private void content(String name, FieldNode node) {
        text.property(name).add(' ');
        write(node.inside().getFirst());
    }
}
