// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.translate;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.EventClass;
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
import dev.contrail.ctf.FieldClass.OptionalClass;
import dev.contrail.ctf.FieldClass.RangeVariantClass;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StaticBlobClass;
import dev.contrail.ctf.FieldClass.StaticTextClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.FieldClass.VariableIntegerClass;
import dev.contrail.ctf.FieldClass.VariantClass;
import dev.contrail.ctf.Identity;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TextEncoding;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.layout.EventPlan;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.tsdl.Identifiers;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Declares in CTF 1.8 what a trace of CTF 2 holds: every value keeps its place among the others,
/// but not its bytes (`ctf.md` section 16).
///
/// | CTF 2 | CTF 1.8 |
/// |---|---|
/// | boolean, bit array, bit map | unsigned integer of the same size |
/// | variable-length integer | integer of 64 bits |
/// | BLOB | array or sequence of bytes |
/// | text of UTF-16 or UTF-32 | text of UTF-8, ended by a zero |
/// | optional | variant of an empty structure and the field |
/// | selector | enumeration with a label for each option |
/// | bit order, minimum alignment of arrays | none |
///
/// Names of fields get an underscore before them and lose what no identifier can have. Identities
/// other than names of events and clocks are lost, and attributes.
public final class Ctf1Translation {
    private final TracePlan plan;
    private final Metadata metadata;
    private final SelectorLabels labels;
    private final Map<String, String> clocks = new HashMap<>();

    /// Where the fields are that hold lengths and selectors, by register: they are decoded, and so
    /// translated, before those that need them.
    private final Map<Integer, Place> keys = new HashMap<>();

    /// The names of the members so far of the structures around the place, the innermost first.
    private final Deque<Set<String>> around = new ArrayDeque<>();

    private Scope scope = Scope.PACKET_HEADER;
    private String clock = "";

    /// @param path names of members from the scope's structure on
    /// @param depth how many structures are around it
    private record Place(Scope scope, List<String> path, int depth) {}

    private Ctf1Translation(TracePlan plan) {
        this.plan = plan;
        this.metadata = plan.metadata();
        this.labels = new SelectorLabels(plan);
    }

    /// Translates metadata of CTF 2 whose fields with roles have the names of CTF 1.8.
    public static Metadata of(String file, Metadata metadata) throws CtfException {
        return new Ctf1Translation(TracePlan.of(file, metadata)).translated();
    }

    private Metadata translated() {
        TraceClass trace = metadata.trace();
        var environment = new LinkedHashMap<String, Object>();
        trace.environment()
                .forEach((name, value) ->
                        environment.put(Identifiers.unique(name, environment.keySet()), value));
        var renamed = new ArrayList<ClockClass>();
        for (ClockClass each : trace.clocks()) {
            String wanted = each.name().isEmpty() ? each.id() : each.name();
            clocks.put(each.id(), Identifiers.unique(wanted, clocks.values()));
            renamed.add(clock(each, clocks.get(each.id())));
        }
        StructureClass header = scope(Scope.PACKET_HEADER, plan.headerLayout());
        var streams = new ArrayList<StreamClass>();
        var events = new ArrayList<EventClass>();
        for (StreamClass stream : metadata.streams()) {
            StreamPlan known = plan.stream(stream.id()).orElseThrow();
            clock = clocks.getOrDefault(stream.clock(), "");
            streams.add(
                    new StreamClass(
                            stream.id(),
                            Identity.NONE,
                            clock,
                            scope(Scope.PACKET_CONTEXT, known.packetContext()),
                            scope(Scope.EVENT_HEADER, known.eventHeader()),
                            scope(Scope.COMMON_CONTEXT, known.commonContext())));
            for (EventClass event : metadata.events()) {
                if (event.streamId() == stream.id()) {
                    EventPlan own = known.event(event.id()).orElseThrow();
                    events.add(
                            new EventClass(
                                    event.id(),
                                    event.streamId(),
                                    event.name(),
                                    event.logLevel(),
                                    event.emfUri(),
                                    scope(Scope.SPECIFIC_CONTEXT, own.specificContext()),
                                    scope(Scope.PAYLOAD, own.payload())));
                }
            }
        }
        return new Metadata(
                new TraceClass(trace.uuid(), trace.byteOrder(), header, environment, renamed),
                streams,
                events,
                metadata.warnings(),
                metadata.damage());
    }

    private static ClockClass clock(ClockClass clock, String name) {
        return new ClockClass(
                name,
                Identifiers.isUuid(clock.uuid()) ? clock.uuid() : "",
                clock.description(),
                clock.frequency(),
                clock.precision(),
                clock.offsetSeconds(),
                clock.offsetTicks(),
                clock.isAbsolute());
    }

    private StructureClass scope(Scope newScope, FieldLayout layout) {
        scope = newScope;
        return layout.isAbsent()
                ? StructureClass.ABSENT
                : structure((StructureClass) layout.fieldClass(), layout, List.of());
    }

    private StructureClass structure(
            StructureClass structure, FieldLayout layout, List<String> path) {
        var members = new ArrayList<Member>();
        Set<String> names = new HashSet<>();
        around.push(names);
        for (int i = 0; i < layout.parts().length; i++) {
            FieldLayout part = layout.parts()[i];
            String wanted = isOurs(part) ? layout.name(i) : "_" + layout.name(i);
            String name = Identifiers.unique(wanted, names);
            var inner = new ArrayList<>(path);
            inner.add(name);
            members.add(new Member(name, translated(part, inner)));
            names.add(name);
        }
        around.pop();
        return new StructureClass(members, structure.minimumAlignmentBits());
    }

    /// Whether the name has a meaning in CTF 1.8.
    private boolean isOurs(FieldLayout part) {
        return part.roles().length > 0 || scope == Scope.PACKET_HEADER && isMagic(part);
    }

    private boolean isMagic(FieldLayout part) {
        return plan.hasMagic() && part == plan.headerLayout().parts()[0];
    }

    private FieldClass translated(FieldLayout layout, List<String> path) {
        for (int register : layout.registers()) {
            keys.put(register, new Place(scope, path, around.size()));
        }
        FieldClass plain =
                switch (layout.fieldClass()) {
                    case IntegerClass integer -> integer(integer, layout);
                    case VariableIntegerClass integer -> integer(integer);
                    case EnumerationClass(AnyInteger integer, var _) ->
                            switch (integer) {
                                case IntegerClass fixed -> integer(fixed, layout);
                                case VariableIntegerClass any -> integer(any);
                            };
                    case BitArrayClass bits ->
                            unsigned(bits.sizeBits(), bits.alignmentBits(), bits.byteOrder(), 16);
                    case BitMapClass bits ->
                            unsigned(bits.sizeBits(), bits.alignmentBits(), bits.byteOrder(), 16);
                    case BooleanClass bits ->
                            unsigned(bits.sizeBits(), bits.alignmentBits(), bits.byteOrder(), 10);
                    case FloatClass number ->
                            new FloatClass(
                                    number.exponentBits(),
                                    number.mantissaBits(),
                                    number.alignmentBits(),
                                    number.byteOrder());
                    case TextClass _ -> new TextClass();
                    case StaticTextClass(int length, TextEncoding encoding) ->
                            encoding == TextEncoding.UTF_8
                                    ? FieldClass.text(length)
                                    : new TextClass();
                    case DynamicTextClass(var _, TextEncoding encoding) ->
                            encoding == TextEncoding.UTF_8
                                    ? new SequenceClass(FieldClass.text(1).element(), key(layout))
                                    : new TextClass();
                    case StaticBlobClass blob ->
                            new ArrayClass(FieldClass.unsigned(8), blob.lengthBytes());
                    case DynamicBlobClass _ ->
                            new SequenceClass(FieldClass.unsigned(8), key(layout));
                    case StructureClass structure -> structure(structure, layout, path);
                    case ArrayClass array ->
                            new ArrayClass(translated(layout.parts()[0], path), array.length());
                    case SequenceClass _ ->
                            new SequenceClass(translated(layout.parts()[0], path), key(layout));
                    case RangeVariantClass _ -> variant(layout, path);
                    case OptionalClass _ -> variant(layout, path);
                    case VariantClass variant -> variant;
                };
        List<Mapping> mappings = labels.of(layout);
        return mappings.isEmpty() || !(plain instanceof IntegerClass container)
                ? plain
                : new EnumerationClass(container, mappings);
    }

    private IntegerClass integer(IntegerClass integer, FieldLayout layout) {
        boolean isTime = layout.movesClock() || isEnd(layout);
        return new IntegerClass(
                integer.sizeBits(),
                integer.alignmentBits(),
                integer.isSigned(),
                integer.byteOrder(),
                integer.base(),
                false,
                isTime ? clock : "");
    }

    private static boolean isEnd(FieldLayout layout) {
        for (int role : layout.roles()) {
            if (role == Role.END.ordinal()) {
                return true;
            }
        }
        return false;
    }

    private static IntegerClass integer(VariableIntegerClass integer) {
        IntegerClass fixed = integer.isSigned() ? FieldClass.signed(64) : FieldClass.unsigned(64);
        return fixed.inBase(integer.base());
    }

    private static IntegerClass unsigned(int bits, int alignment, ByteOrder order, int base) {
        return new IntegerClass(bits, alignment, false, order, base, false, "");
    }

    private VariantClass variant(FieldLayout layout, List<String> path) {
        List<String> names = labels.options(layout);
        var options = new ArrayList<Member>();
        if (layout.kind() == FieldLayout.Kind.OPTIONAL) {
            options.add(new Member(names.get(1), new StructureClass(List.of(), 1)));
        }
        for (int i = 0; i < layout.parts().length; i++) {
            options.add(new Member(names.get(i), translated(layout.parts()[i], path)));
        }
        return new VariantClass(key(layout), options);
    }

    /// One name where that finds the field, because babeltrace2 takes no path for a tag; otherwise
    /// the whole path.
    private String key(FieldLayout layout) {
        Place place = Objects.requireNonNull(keys.get(layout.lengthRegister()));
        String name = place.path().getLast();
        boolean isSeen = place.scope() == scope;
        int inside = around.size() - place.depth();
        for (Set<String> names : around) {
            if (inside-- <= 0) {
                return isSeen && names.contains(name) ? name : absolute(place);
            }
            isSeen &= !names.contains(name);
        }
        return absolute(place);
    }

    private static String absolute(Place place) {
        return place.scope().path() + "." + String.join(".", place.path());
    }
}
