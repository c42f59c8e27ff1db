// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.ctf2;

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
import dev.contrail.ctf.FieldClass.IntegerClass;
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
import dev.contrail.ctf.FieldClass.VariableIntegerClass;
import dev.contrail.ctf.FieldClass.VariantClass;
import dev.contrail.ctf.FieldLocation;
import dev.contrail.ctf.JsonValue;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.TextEncoding;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// Writes field classes as CTF 2 metadata has them (`ctf.md` section 13). Defaults are left out.
/// Locations are written from their scope's root on: babeltrace2 refuses some that go by parents.
final class Ctf2TypeWriter {
    private final JsonWriter json;
    private final Map<Object, JsonValue> attributes;
    private Scope scope = Scope.PACKET_HEADER;

    /// The names of members that lead to what is being written. Each is of a structure of its own.
    private final List<String> path = new ArrayList<>();

    /// @param attributes what classes, members and options have besides, by their identity
    Ctf2TypeWriter(JsonWriter json, Map<Object, JsonValue> attributes) {
        this.json = json;
        this.attributes = attributes;
    }

    /// Writes the attributes of whatever is being written, if it has any.
    void attributes(Object described) {
        JsonValue told = attributes.get(described);
        if (told != null) {
            json.name("attributes").value(told);
        }
    }

    void write(Scope newScope, StructureClass root) {
        scope = newScope;
        write(root);
    }

    private void write(FieldClass fieldClass) {
        json.open('{').name("type");
        switch (fieldClass) {
            case IntegerClass integer -> integer(integer, List.of());
            case VariableIntegerClass integer -> integer(integer, List.of());
            case EnumerationClass(AnyInteger integer, List<Mapping> mappings) ->
                    integer(integer, mappings);
            case BitArrayClass bits -> {
                json.value("fixed-length-bit-array");
                bits(bits, bits.sizeBits(), bits.byteOrder(), bits.isReversed());
            }
            case BitMapClass bits -> {
                json.value("fixed-length-bit-map");
                bits(bits, bits.sizeBits(), bits.byteOrder(), bits.isReversed());
                labels("flags", bits.flags(), false);
            }
            case BooleanClass bits -> {
                json.value("fixed-length-boolean");
                bits(bits, bits.sizeBits(), bits.byteOrder(), bits.isReversed());
            }
            case FloatClass number -> {
                json.value("fixed-length-floating-point-number");
                bits(number, number.sizeBits(), number.byteOrder(), number.isReversed());
            }
            case TextClass(TextEncoding encoding) -> {
                json.value("null-terminated-string");
                encoding(encoding);
            }
            case StaticTextClass(int length, TextEncoding encoding) -> {
                json.value("static-length-string").name("length").value(length);
                encoding(encoding);
            }
            case DynamicTextClass(FieldLocation length, TextEncoding encoding) -> {
                json.value("dynamic-length-string");
                location("length-field-location", length);
                encoding(encoding);
            }
            case StaticBlobClass(int length, String mediaType, Set<Role> roles) -> {
                json.value("static-length-blob").name("length").value(length);
                json.name("media-type").value(mediaType);
                roles(roles);
            }
            case DynamicBlobClass(FieldLocation length, String mediaType) -> {
                json.value("dynamic-length-blob");
                location("length-field-location", length);
                json.name("media-type").value(mediaType);
            }
            case StructureClass structure -> structure(structure);
            case ArrayClass(FieldClass element, int length, int alignment) -> {
                json.value("static-length-array").name("length").value(length);
                array(element, alignment);
            }
            case SequenceClass(FieldClass element, FieldLocation length, int alignment) -> {
                json.value("dynamic-length-array");
                location("length-field-location", length);
                array(element, alignment);
            }
            case OptionalClass(FieldClass inner, FieldLocation selector, List<Range> ranges) -> {
                json.value("optional");
                location("selector-field-location", selector);
                if (!ranges.isEmpty()) {
                    json.name("selector-field-ranges");
                    ranges(ranges);
                }
                json.name("field-class");
                write(inner);
            }
            case RangeVariantClass variant -> variant(variant);
            case VariantClass _ ->
                    throw new IllegalArgumentException(
                            "a variant of CTF 1.8, whose tag is an enumeration");
        }
        attributes(fieldClass);
        json.close('}');
    }

    private void integer(AnyInteger integer, List<Mapping> mappings) {
        String sign = integer.isSigned() ? "signed" : "unsigned";
        switch (integer) {
            case IntegerClass fixed -> {
                if (fixed.isText() || !fixed.clock().isEmpty()) {
                    throw new IllegalArgumentException(
                            "an integer of CTF 1.8 that is text or mapped to a clock");
                }
                json.value("fixed-length-" + sign + "-integer");
                bits(fixed, fixed.sizeBits(), fixed.byteOrder(), fixed.isReversed());
            }
            case VariableIntegerClass _ -> json.value("variable-length-" + sign + "-integer");
        }
        if (integer.base() != 10) {
            json.name("preferred-display-base").value(integer.base());
        }
        if (!mappings.isEmpty()) {
            labels("mappings", mappings, integer.isSigned());
        }
        roles(integer.roles());
    }

    private void bits(FieldClass fieldClass, int size, ByteOrder order, boolean isReversed) {
        boolean isBig = order == ByteOrder.BIG_ENDIAN;
        json.name("length").value(size);
        json.name("byte-order").value(isBig ? "big-endian" : "little-endian");
        if (isReversed) {
            json.name("bit-order").value(isBig ? "first-to-last" : "last-to-first");
        }
        alignment("alignment", fieldClass.alignmentBits());
    }

    private void alignment(String name, int bits) {
        if (bits != 1) {
            json.name(name).value(bits);
        }
    }

    /// A label's ranges stand together.
    private void labels(String name, List<Mapping> mappings, boolean isSigned) {
        SequencedMap<String, List<Mapping>> byLabel = new LinkedHashMap<>();
        for (Mapping mapping : mappings) {
            byLabel.computeIfAbsent(mapping.label(), _ -> new ArrayList<>()).add(mapping);
        }
        json.name(name).open('{');
        byLabel.forEach((label, ranges) -> {
            json.name(label).open('[');
            for (Mapping range : ranges) {
                range(number(range.lower(), isSigned), number(range.upper(), isSigned));
            }
            json.close(']');
        });
        json.close('}');
    }

    private static String number(long value, boolean isSigned) {
        return isSigned ? Long.toString(value) : Long.toUnsignedString(value);
    }

    private void range(Object lower, Object upper) {
        json.open('[').value(lower).value(upper).close(']');
    }

    private void ranges(List<Range> ranges) {
        json.open('[');
        for (Range range : ranges) {
            range(range.lower(), range.upper());
        }
        json.close(']');
    }

    private void roles(Set<Role> roles) {
        if (roles.isEmpty()) {
            return;
        }
        json.name("roles").open('[');
        roles.stream().sorted().forEach(role -> json.value(role.word()));
        json.close(']');
    }

    private void encoding(TextEncoding encoding) {
        if (encoding != TextEncoding.UTF_8) {
            json.name("encoding").value(encoding.word());
        }
    }

    private void location(String name, FieldLocation location) {
        json.name(name).open('{');
        FieldLocation.Absolute absolute = absolute(location);
        json.name("origin").value(absolute.origin().word());
        json.name("path").open('[');
        absolute.path().forEach(json::value);
        json.close(']').close('}');
    }

    private FieldLocation.Absolute absolute(FieldLocation location) {
        return switch (location) {
            case FieldLocation.Absolute absolute -> absolute;
            case FieldLocation.Relative(int parents, List<String> names) -> {
                int depth = path.size() - 1 - parents;
                if (depth < 0) {
                    throw new IllegalArgumentException(
                            "a location beyond the root of its scope: " + location);
                }
                var whole = new ArrayList<>(path.subList(0, depth));
                whole.addAll(names);
                yield new FieldLocation.Absolute(scope, whole);
            }
            case FieldLocation.TsdlPath(String tsdl) ->
                    throw new IllegalArgumentException("a location of CTF 1.8: " + tsdl);
        };
    }

    private void structure(StructureClass structure) {
        json.value("structure");
        if (!structure.members().isEmpty()) {
            json.name("member-classes").open('[');
            for (Member member : structure.members()) {
                json.open('{').name("name").value(member.name()).name("field-class");
                path.addLast(member.name());
                write(member.fieldClass());
                path.removeLast();
                attributes(member);
                json.close('}');
            }
            json.close(']');
        }
        alignment("minimum-alignment", structure.minimumAlignmentBits());
    }

    private void array(FieldClass element, int alignment) {
        alignment("minimum-alignment", alignment);
        json.name("element-field-class");
        write(element);
    }

    private void variant(RangeVariantClass variant) {
        json.value("variant");
        location("selector-field-location", variant.selector());
        json.name("options").open('[');
        for (Option option : variant.options()) {
            json.open('{');
            if (!option.name().isEmpty()) {
                json.name("name").value(option.name());
            }
            json.name("selector-field-ranges");
            ranges(option.ranges());
            json.name("field-class");
            write(option.fieldClass());
            attributes(option);
            json.close('}');
        }
        json.close(']');
    }
}
