// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.translate;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.AnyInteger;
import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.DynamicTextClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.FloatClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.Option;
import dev.contrail.ctf.FieldClass.Range;
import dev.contrail.ctf.FieldClass.RangeVariantClass;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StaticBlobClass;
import dev.contrail.ctf.FieldClass.StaticTextClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.FieldLocation;
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
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Says in the words of CTF 2 what a trace of CTF 1.8 declares: the data streams stay as they are,
/// byte for byte (`ctf.md` sections 15 and 16).
///
/// Names lose the underscore before them, meanings become roles, tags become selectors with ranges,
/// arrays of characters become text, and every location is absolute.
public final class Ctf2Translation {
    private final String file;
    private final Metadata metadata;
    private final TracePlan plan;

    /// Where the fields are that hold lengths and tags, by register; later ones replace earlier.
    private final Map<Integer, FieldLocation> keys = new HashMap<>();

    private Scope scope = Scope.PACKET_HEADER;

    private Ctf2Translation(String file, Metadata metadata) throws CtfException {
        this.file = file;
        this.metadata = metadata;
        this.plan = TracePlan.of(file, metadata);
    }

    /// Translates metadata of CTF 1.8; of CTF 2 it is returned as it is.
    ///
    /// @param file how messages call the metadata
    /// @throws CtfException when CTF 2 cannot say it: time that runs on from packet to packet or by
    ///   fields of contexts and payloads
    public static Metadata of(String file, Metadata metadata) throws CtfException {
        return metadata.trace().version() == CtfVersion.CTF_2
                ? metadata
                : new Ctf2Translation(file, metadata).translated();
    }

    private Metadata translated() throws CtfException {
        TraceClass trace = metadata.trace();
        boolean hasUuid = !trace.uuid().equals(TraceClass.NO_UUID);
        StructureClass header = scope(Scope.PACKET_HEADER, plan.headerLayout());
        var streams = new ArrayList<StreamClass>();
        var events = new ArrayList<EventClass>();
        List<ClockClass> clocks = new ArrayList<>(trace.clocks());
        for (StreamClass stream : metadata.streams()) {
            StreamPlan known = plan.stream(stream.id()).orElseThrow();
            checkTime(known);
            Optional<ClockClass> clock = known.clock();
            if (clock.isPresent() && !clocks.contains(clock.get())) {
                clocks.add(clock.get()); // it was implied
            }
            streams.add(
                    new StreamClass(
                            stream.id(),
                            stream.identity(),
                            clock.map(ClockClass::id).orElse(""),
                            scope(Scope.PACKET_CONTEXT, known.packetContext()),
                            scope(Scope.EVENT_HEADER, known.eventHeader()),
                            scope(Scope.COMMON_CONTEXT, known.commonContext())));
            for (EventClass event : metadata.events()) {
                if (event.streamId() == stream.id()) {
                    events.add(event(event, known.event(event.id()).orElseThrow()));
                }
            }
        }
        var identity =
                new Identity(
                        Optional.empty(),
                        Optional.empty(),
                        hasUuid ? Optional.of(trace.uuid().toString()) : Optional.empty());
        return new Metadata(
                new TraceClass(
                        CtfVersion.CTF_2,
                        identity,
                        trace.uuid(),
                        ByteOrder.LITTLE_ENDIAN,
                        header,
                        trace.environment(),
                        clocks.stream().map(this::clock).toList()),
                streams,
                events,
                metadata.warnings(),
                metadata.damage());
    }

    /// Offsets of CTF 2 have fewer cycles than a second.
    private ClockClass clock(ClockClass clock) {
        long ticks = clock.offsetTicks();
        return new ClockClass(
                clock.id(),
                clock.identity(),
                clock.description(),
                clock.frequency(),
                clock.precision() == 0 ? -1 : clock.precision(),
                clock.accuracy(),
                clock.offsetSeconds() + Math.floorDiv(ticks, clock.frequency()),
                Math.floorMod(ticks, clock.frequency()),
                metadata.trace().origin(clock));
    }

    private EventClass event(EventClass event, EventPlan known) throws CtfException {
        return new EventClass(
                event.id(),
                event.streamId(),
                event.identity(),
                event.logLevel(),
                event.emfUri(),
                scope(Scope.SPECIFIC_CONTEXT, known.specificContext()),
                scope(Scope.PAYLOAD, known.payload()));
    }

    /// In CTF 2 the clock starts at 0 in each packet, so partial time stamps need the packet's
    /// begin.
    private void checkTime(StreamPlan stream) throws CtfException {
        boolean hasWhole =
                stream.field(Role.BEGIN)
                        .filter(begin -> begin.movesClock() && begin.sizeBits() == 64)
                        .isPresent();
        if (!hasWhole && hasPartialTime(stream.eventHeader())) {
            throw error(
                    "stream %s has partial time stamps, but no full `timestamp_begin`"
                            .formatted(Long.toUnsignedString(stream.streamClass().id())));
        }
    }

    private static boolean hasPartialTime(FieldLayout layout) {
        boolean isPartial = layout.movesClock() && layout.sizeBits() < 64;
        for (FieldLayout part : layout.parts()) {
            isPartial |= hasPartialTime(part);
        }
        return isPartial;
    }

    private StructureClass scope(Scope newScope, FieldLayout layout) throws CtfException {
        scope = newScope;
        return layout.isAbsent()
                ? StructureClass.ABSENT
                : (StructureClass) translated(layout, List.of());
    }

    /// @param path the names of members that lead here
    private FieldClass translated(FieldLayout layout, List<String> path) throws CtfException {
        for (int register : layout.registers()) {
            keys.put(register, new FieldLocation.Absolute(scope, path));
        }
        return switch (layout.fieldClass()) {
            case IntegerClass integer -> integer(integer, layout);
            case EnumerationClass(IntegerClass integer, var mappings) -> {
                AnyInteger container = integer(integer, layout);
                yield mappings.isEmpty() ? container : new EnumerationClass(container, mappings);
            }
            case FloatClass number -> number;
            case TextClass text -> text;
            case StructureClass structure -> structure(structure, layout, path);
            case ArrayClass array -> array(array, layout, path);
            case SequenceClass _ ->
                    layout.kind() == FieldLayout.Kind.TEXT
                            ? new DynamicTextClass(key(layout), TextEncoding.UTF_8)
                            : new SequenceClass(
                                    translated(layout.parts()[0], path), key(layout), 1);
            case FieldClass.VariantClass _ -> variant(layout, path);
            case FieldClass other -> throw error("no class of CTF 1.8: " + other);
        };
    }

    private FieldLocation key(FieldLayout layout) {
        return Objects.requireNonNull(keys.get(layout.lengthRegister()));
    }

    private IntegerClass integer(IntegerClass integer, FieldLayout layout) throws CtfException {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (int role : layout.roles()) {
            roles.add(Role.values()[role]);
        }
        if (scope == Scope.PACKET_HEADER
                && plan.hasMagic()
                && layout == plan.headerLayout().parts()[0]) {
            roles.add(Role.MAGIC);
        }
        boolean isOfHeader = scope == Scope.PACKET_CONTEXT || scope == Scope.EVENT_HEADER;
        if (layout.movesClock() && !isOfHeader) {
            throw error("a field of `" + scope.path() + "` moves the clock");
        }
        if (layout.movesClock()) {
            roles.add(Role.BEGIN);
        }
        return new IntegerClass(
                integer.sizeBits(),
                integer.alignmentBits(),
                integer.isSigned(),
                integer.byteOrder(),
                false,
                integer.base(),
                false,
                "",
                roles);
    }

    private StructureClass structure(
            StructureClass structure, FieldLayout layout, List<String> path) throws CtfException {
        var members = new ArrayList<Member>();
        var names = new HashSet<String>();
        for (int i = 0; i < layout.parts().length; i++) {
            String name = layout.name(i);
            if (!names.add(name)) {
                throw error("two fields are called `" + CtfException.shortened(name) + "`");
            }
            var inner = new ArrayList<>(path);
            inner.add(name);
            members.add(new Member(name, translated(layout.parts()[i], inner)));
        }
        return new StructureClass(members, structure.minimumAlignmentBits());
    }

    private FieldClass array(ArrayClass array, FieldLayout layout, List<String> path)
            throws CtfException {
        if (layout.kind() == FieldLayout.Kind.TEXT) {
            return new StaticTextClass(array.length(), TextEncoding.UTF_8);
        }
        if (plan.uuid().filter(uuid -> uuid == layout).isPresent() && layout.alignmentBits() == 8) {
            return new StaticBlobClass(16, "application/octet-stream", Set.of(Role.METADATA_UUID));
        }
        return new ArrayClass(translated(layout.parts()[0], path), array.length());
    }

    /// Options that no value selects are left out: an option of CTF 2 has ranges. Where ranges of
    /// several labels overlap, the first one holds, as in decoding.
    private RangeVariantClass variant(FieldLayout layout, List<String> path) throws CtfException {
        var options = new ArrayList<Option>();
        List<List<Range>> ranges = SelectorRanges.disjoint(layout);
        for (int i = 0; i < layout.parts().length; i++) {
            FieldClass fieldClass = translated(layout.parts()[i], path);
            if (!ranges.get(i).isEmpty()) {
                options.add(new Option(layout.name(i), fieldClass, ranges.get(i)));
            }
        }
        if (options.isEmpty()) {
            throw error("a variant of which no option can be selected");
        }
        return new RangeVariantClass(key(layout), options);
    }

    private CtfException error(String what) {
        return new CtfException(file, what + ", which CTF 2 cannot say");
    }

    /// The ranges of a variant's options, freed of overlaps.
    private static final class SelectorRanges {
        private SelectorRanges() {}

        static List<List<Range>> disjoint(FieldLayout variant) {
            var taken = new ArrayList<Range>();
            List<List<Range>> byOption = new ArrayList<>();
            for (int i = 0; i < variant.parts().length; i++) {
                byOption.add(new ArrayList<>());
            }
            for (int i = 0; i < variant.tagOption().length; i++) {
                var range =
                        new Range(
                                value(variant.tagLower()[i], variant.isTagSigned()),
                                value(variant.tagUpper()[i], variant.isTagSigned()));
                List<Range> left = List.of(range);
                for (Range other : taken) {
                    left = left.stream().flatMap(part -> without(part, other).stream()).toList();
                }
                taken.addAll(left);
                byOption.get(variant.tagOption()[i]).addAll(left);
            }
            return byOption;
        }

        private static List<Range> without(Range range, Range other) {
            if (other.upper().compareTo(range.lower()) < 0
                    || other.lower().compareTo(range.upper()) > 0) {
                return List.of(range);
            }
            var parts = new ArrayList<Range>();
            if (range.lower().compareTo(other.lower()) < 0) {
                parts.add(new Range(range.lower(), other.lower().subtract(BigInteger.ONE)));
            }
            if (range.upper().compareTo(other.upper()) > 0) {
                parts.add(new Range(other.upper().add(BigInteger.ONE), range.upper()));
            }
            return parts;
        }

        private static BigInteger value(long bits, boolean isSigned) {
            return isSigned
                    ? BigInteger.valueOf(bits)
                    : new BigInteger(Long.toUnsignedString(bits));
        }
    }
}
