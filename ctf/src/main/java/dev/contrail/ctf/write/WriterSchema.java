// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.write;

import static dev.contrail.ctf.FieldClass.unsigned;

import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.Option;
import dev.contrail.ctf.FieldClass.Range;
import dev.contrail.ctf.FieldClass.RangeVariantClass;
import dev.contrail.ctf.FieldClass.StaticBlobClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.VariantClass;
import dev.contrail.ctf.FieldLocation;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// The fields that [CtfWriter] puts before those of its user in packet header, packet context and
/// event header: all that a reader needs to seek, order, merge and account (`ctf.md` section 18).
/// Byte-aligned, little-endian, the same bytes in both versions of the format.
///
/// | scope | bytes |
/// |---|---|
/// | packet header | magic 4, UUID 16, stream class id 8, stream instance id 8 |
/// | packet context | with a clock: begin 8, end 8; then content size 8, packet size 8, sequence number 8, discarded events 8 |
/// | event header | without a clock: id 8; with one: id 2 and time 4, or 65535 in 2, id 8 and time 8 |
record WriterSchema(CtfVersion version) {
    static final int HEADER_MEMBERS = 4;
    static final int HEADER_BYTES = 36;

    /// The id that says that the whole one follows.
    static final int EXTENDED = 0xFFFF;

    static int contextMembers(boolean hasClock) {
        return hasClock ? 6 : 4;
    }

    static int eventHeaderMembers(boolean hasClock) {
        return hasClock ? 2 : 1;
    }

    TraceClass complete(TraceClass trace) {
        return new TraceClass(
                version,
                trace.identity(),
                trace.uuid(),
                trace.byteOrder(),
                joined(
                        trace.packetHeader(),
                        1,
                        integer("magic", 32, Role.MAGIC),
                        new Member(
                                "uuid",
                                version == CtfVersion.CTF_2
                                        ? new StaticBlobClass(
                                                16,
                                                "application/octet-stream",
                                                Set.of(Role.METADATA_UUID))
                                        : new ArrayClass(unsigned(8), 16)),
                        integer("stream_id", 64, Role.STREAM_CLASS_ID),
                        integer("stream_instance_id", 64, Role.STREAM_INSTANCE_ID)),
                trace.environment(),
                trace.clocks());
    }

    StreamClass complete(StreamClass stream) {
        String clock = stream.clock();
        var context = new ArrayList<Member>();
        if (!clock.isEmpty()) {
            context.add(time("timestamp_begin", 64, clock, Role.BEGIN));
            context.add(time("timestamp_end", 64, clock, Role.END));
        }
        context.add(integer("content_size", 64, Role.CONTENT_SIZE));
        context.add(integer("packet_size", 64, Role.PACKET_SIZE));
        context.add(integer("packet_seq_num", 64, Role.SEQUENCE));
        context.add(integer("events_discarded", 64, Role.DISCARDED));
        Member[] header =
                clock.isEmpty()
                        ? new Member[] {integer("id", 64, Role.EVENT_CLASS_ID)}
                        : header(clock);
        return new StreamClass(
                stream.id(),
                stream.identity(),
                clock,
                joined(stream.packetContext(), 1, context.toArray(Member[]::new)),
                joined(stream.eventHeader(), 8, header),
                stream.eventContext());
    }

    private Member[] header(String clock) {
        var compact = structure(time("timestamp", 32, clock, Role.BEGIN));
        var extended =
                structure(
                        integer("id", 64, Role.EVENT_CLASS_ID),
                        time("timestamp", 64, clock, Role.BEGIN));
        var id =
                new EnumerationClass(
                        role(unsigned(16), Role.EVENT_CLASS_ID),
                        List.of(
                                new Mapping("compact", 0, EXTENDED - 1),
                                new Mapping("extended", EXTENDED, EXTENDED)));
        FieldClass rest =
                version == CtfVersion.CTF_2
                        ? new RangeVariantClass(
                                new FieldLocation.Absolute(Scope.EVENT_HEADER, List.of("id")),
                                List.of(
                                        option("compact", compact, 0, EXTENDED - 1),
                                        option("extended", extended, EXTENDED, EXTENDED)))
                        : new VariantClass(
                                "id",
                                List.of(
                                        new Member("compact", compact),
                                        new Member("extended", extended)));
        return new Member[] {new Member("id", id), new Member("v", rest)};
    }

    private static Option option(String name, FieldClass fieldClass, long lower, long upper) {
        return new Option(
                name,
                fieldClass,
                List.of(new Range(BigInteger.valueOf(lower), BigInteger.valueOf(upper))));
    }

    private static StructureClass structure(Member... members) {
        return new StructureClass(List.of(members), 1);
    }

    private static StructureClass joined(StructureClass users, int alignment, Member... ours) {
        var members = new ArrayList<>(Arrays.asList(ours));
        members.addAll(users.members());
        return new StructureClass(members, Math.max(alignment, users.minimumAlignmentBits()));
    }

    private Member integer(String name, int bits, Role role) {
        return new Member(name, role(unsigned(bits), role));
    }

    private Member time(String name, int bits, String clock, Role role) {
        return new Member(
                name,
                version == CtfVersion.CTF_2
                        ? role(unsigned(bits), role)
                        : unsigned(bits).mappedTo(clock));
    }

    /// In CTF 1.8 names say what roles do.
    private IntegerClass role(IntegerClass integer, Role role) {
        return new IntegerClass(
                integer.sizeBits(),
                8,
                false,
                ByteOrder.LITTLE_ENDIAN,
                false,
                10,
                false,
                "",
                version == CtfVersion.CTF_2 ? Set.of(role) : Set.of());
    }
}
