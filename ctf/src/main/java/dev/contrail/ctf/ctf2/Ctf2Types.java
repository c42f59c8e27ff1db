// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.ctf2;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.Option;
import dev.contrail.ctf.FieldClass.OptionalClass;
import dev.contrail.ctf.FieldClass.Range;
import dev.contrail.ctf.FieldClass.RangeVariantClass;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldLocation;
import dev.contrail.ctf.JsonValue;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.Role;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the field classes of CTF 2 metadata (`ctf.md` section 13).
///
/// Aliases may use each other, so a few lines can describe a tree of astronomic size or depth: each
/// class carries its measure, and both are bounded as in `TsdlTypes`.
final class Ctf2Types {

    /// What a class and all its parts amount to.
    ///
    /// @param magics how many of the parts are magic numbers
    record Measure(int fields, int depth, Set<Role> roles, int magics) {}

    private final Map<String, FieldClass> aliases = new HashMap<>();
    private final Map<FieldClass, Measure> measures = new IdentityHashMap<>();
    private final Map<Object, JsonValue> attributes;
    private String where = "";
    private int depth;

    /// @param attributes receives those of classes and members
    Ctf2Types(Map<Object, JsonValue> attributes) {
        this.attributes = attributes;
    }

    /// @param fragment begins messages from now on
    void enter(String fragment) {
        where = fragment;
        depth = 0;
    }

    void alias(JsonProperties fragment, String name) throws CtfException {
        FieldClass fieldClass = fieldClass(fragment.need("field-class"));
        if (aliases.putIfAbsent(name, fieldClass) != null) {
            throw fragment.error("alias `" + CtfException.shortened(name) + "` stands twice");
        }
    }

    Measure measure(FieldClass fieldClass) {
        Measure known = measures.get(fieldClass);
        if (known != null) {
            return known;
        }
        Set<Role> roles = Ctf2LeafTypes.roles(fieldClass);
        return new Measure(1, 1, roles, roles.contains(Role.MAGIC) ? 1 : 0);
    }

    /// Reads a class, or finds the alias that stands for it.
    FieldClass fieldClass(JsonValue untrusted) throws CtfException {
        if (untrusted instanceof JsonValue.Text(int _, String name)) {
            FieldClass known = aliases.get(name);
            if (known == null) {
                throw JsonProperties.error(
                        where,
                        untrusted,
                        "field class alias `%s` is not declared before"
                                .formatted(CtfException.shortened(name)));
            }
            return known;
        }
        if (++depth > Metadata.MAX_DEPTH) {
            throw JsonProperties.error(
                    where,
                    untrusted,
                    "field classes are nested more than " + Metadata.MAX_DEPTH + " deep");
        }
        var properties = new JsonProperties(where, untrusted, "a field class");
        String type = properties.needText("type");
        FieldClass fieldClass =
                switch (type) {
                    case "structure" -> structure(properties);
                    case "static-length-array", "dynamic-length-array" -> array(type, properties);
                    case "optional" -> optional(properties);
                    case "variant" -> variant(properties);
                    default -> new Ctf2LeafTypes(where, properties).fieldClass(type);
                };
        describe(fieldClass, properties.attributes());
        properties.end();
        depth--;
        return fieldClass;
    }

    private void describe(Object described, Optional<JsonValue> told) {
        told.ifPresent(value -> attributes.put(described, value));
    }

    private FieldClass structure(JsonProperties properties) throws CtfException {
        var members = new ArrayList<Member>();
        var names = new HashSet<String>();
        for (JsonValue element : properties.elements("member-classes")) {
            var told = new JsonProperties(where, element, "a member class");
            String name = told.needText("name");
            if (!names.add(name)) {
                throw told.error("member `" + CtfException.shortened(name) + "` stands twice");
            }
            var member = new Member(name, fieldClass(told.need("field-class")));
            describe(member, told.attributes());
            told.end();
            members.add(member);
        }
        int alignment = Ctf2LeafTypes.alignment(properties, "minimum-alignment");
        return measured(
                properties,
                new StructureClass(members, alignment),
                members.stream().map(Member::fieldClass).toList());
    }

    private FieldClass array(String type, JsonProperties properties) throws CtfException {
        FieldClass element = fieldClass(properties.need("element-field-class"));
        int alignment = Ctf2LeafTypes.alignment(properties, "minimum-alignment");
        FieldClass array =
                type.startsWith("static")
                        ? new ArrayClass(
                                element,
                                (int) properties.needBounded("length", 0, Integer.MAX_VALUE),
                                alignment)
                        : new SequenceClass(
                                element,
                                Ctf2LeafTypes.location(where, properties, "length-field-location"),
                                alignment);
        return measured(properties, array, List.of(element));
    }

    private FieldClass optional(JsonProperties properties) throws CtfException {
        FieldClass inner = fieldClass(properties.need("field-class"));
        var optional =
                new OptionalClass(
                        inner,
                        Ctf2LeafTypes.location(where, properties, "selector-field-location"),
                        ranges(properties.take("selector-field-ranges")));
        return measured(properties, optional, List.of(inner));
    }

    private FieldClass variant(JsonProperties properties) throws CtfException {
        var options = new ArrayList<Option>();
        var names = new HashSet<String>();
        for (JsonValue element :
                JsonProperties.elements(where, properties.need("options"), "options")) {
            var told = new JsonProperties(where, element, "an option");
            String name = told.text("name").orElse("");
            if (!name.isEmpty() && !names.add(name)) {
                throw told.error("option `" + CtfException.shortened(name) + "` stands twice");
            }
            var option =
                    new Option(
                            name,
                            fieldClass(told.need("field-class")),
                            ranges(Optional.of(told.need("selector-field-ranges"))));
            describe(option, told.attributes());
            told.end();
            options.add(option);
        }
        if (options.isEmpty()) {
            throw properties.error("variant without options");
        }
        checkOverlap(properties, options);
        FieldLocation selector =
                Ctf2LeafTypes.location(where, properties, "selector-field-location");
        return measured(
                properties,
                new RangeVariantClass(selector, options),
                options.stream().map(Option::fieldClass).toList());
    }

    private record OptionRange(Range range, int option) {}

    private static void checkOverlap(JsonProperties properties, List<Option> options)
            throws CtfException {
        var all = new ArrayList<OptionRange>();
        for (int i = 0; i < options.size(); i++) {
            for (Range range : options.get(i).ranges()) {
                all.add(new OptionRange(range, i));
            }
        }
        all.sort(Comparator.comparing(one -> one.range().lower()));
        OptionRange highest = null;
        for (OptionRange next : all) {
            if (highest != null
                    && highest.option() != next.option()
                    && next.range().lower().compareTo(highest.range().upper()) <= 0) {
                throw properties.error(
                        "selector ranges of the options %d and %d overlap"
                                .formatted(highest.option(), next.option()));
            }
            if (highest == null || next.range().upper().compareTo(highest.range().upper()) > 0) {
                highest = next;
            }
        }
    }

    private List<Range> ranges(Optional<JsonValue> value) throws CtfException {
        var ranges = new ArrayList<Range>();
        if (value.isPresent()) {
            for (BigInteger[] bounds : Ctf2LeafTypes.ranges(where, value.get())) {
                ranges.add(new Range(bounds[0], bounds[1]));
            }
        }
        return ranges;
    }

    private FieldClass measured(
            JsonProperties properties, FieldClass fieldClass, List<FieldClass> parts)
            throws CtfException {
        long fields = 1;
        int deepest = 0;
        int magics = 0;
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (FieldClass part : parts) {
            Measure measure = measure(part);
            fields += measure.fields();
            deepest = Math.max(deepest, measure.depth());
            roles.addAll(measure.roles());
            magics += measure.magics();
        }
        if (fields > Metadata.MAX_FIELDS || deepest >= Metadata.MAX_DEPTH) {
            throw properties.error(
                    "a field class of %d fields, nested %d deep; want at most %d and %d"
                            .formatted(
                                    fields, deepest + 1, Metadata.MAX_FIELDS, Metadata.MAX_DEPTH));
        }
        measures.put(fieldClass, new Measure((int) fields, deepest + 1, roles, magics));
        return fieldClass;
    }
}
