// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import static dev.contrail.ctf.FieldClass.unsigned;

import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.VariantClass;
import java.util.ArrayList;
import java.util.List;

/// Packet header, packet context and event header as LTTng 2.13 lays them out on x86-64: packed,
/// byte-aligned, little-endian (`lttng-kernel-schema.md` sections 1, `ctf.md` section 11).
public final class LttngSchema {
    /// First 32 bits of every packet.
    public static final int MAGIC = 0xC1FC1FC1;

    /// Bytes of the packet header: magic, UUID, stream class id, stream instance id.
    public static final int PACKET_HEADER_BYTES = 32;

    /// Bytes of the packet context without the fields that a domain adds.
    public static final int PACKET_CONTEXT_BYTES = 48;

    private LttngSchema() {}

    /// The packet header's fields.
    public static StructureClass packetHeader() {
        return new StructureClass(
                List.of(
                        new Member("magic", unsigned(32)),
                        new Member("uuid", new ArrayClass(unsigned(8), 16)),
                        new Member("stream_id", unsigned(32)),
                        new Member("stream_instance_id", unsigned(64))),
                1);
    }

    /// The packet context's fields, then those of a domain (`cpu_id`; `vpid` and `procname`).
    public static StructureClass packetContext(ClockClass clock, Member... added) {
        var members = new ArrayList<Member>();
        members.add(new Member("timestamp_begin", unsigned(64).mappedTo(clock.name())));
        members.add(new Member("timestamp_end", unsigned(64).mappedTo(clock.name())));
        members.add(new Member("content_size", unsigned(64)));
        members.add(new Member("packet_size", unsigned(64)));
        members.add(new Member("packet_seq_num", unsigned(64)));
        members.add(new Member("events_discarded", unsigned(64)));
        members.addAll(List.of(added));
        return new StructureClass(members, 1);
    }

    /// `struct event_header_large`: a 16-bit id and 32 bits of time, or id 65535 followed by the
    /// full id and time.
    public static StructureClass largeEventHeader(ClockClass clock) {
        var compact =
                new StructureClass(
                        List.of(new Member("timestamp", unsigned(32).mappedTo(clock.name()))), 1);
        var extended =
                new StructureClass(
                        List.of(
                                new Member("id", unsigned(32)),
                                new Member("timestamp", unsigned(64).mappedTo(clock.name()))),
                        1);
        var id =
                new EnumerationClass(
                        unsigned(16),
                        List.of(
                                new Mapping("compact", 0, 65534),
                                new Mapping("extended", 65535, 65535)));
        return new StructureClass(
                List.of(
                        new Member("id", id),
                        new Member(
                                "v",
                                new VariantClass(
                                        "id",
                                        List.of(
                                                new Member("compact", compact),
                                                new Member("extended", extended))))),
                8);
    }

    /// Our JVM tracer's event header: one 64-bit store, a 16-bit id and 48 bits of time
    /// (`jvm-tracer.md` section 3.5).
    public static StructureClass jvmEventHeader(ClockClass clock) {
        return new StructureClass(
                List.of(
                        new Member("id", unsigned(16)),
                        new Member("timestamp", unsigned(48).mappedTo(clock.name()))),
                8);
    }
}
