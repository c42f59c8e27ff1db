// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import static dev.contrail.ctf.FieldClass.signed;
import static dev.contrail.ctf.FieldClass.unsigned;

import dev.contrail.ctf.FieldClass.FloatClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What the streams of our JVM tracer declare, whoever takes them out of a ring.
///
/// A packet context ends with `vpid` and `procname`; an event record is its header, the context
/// `vtid` with what else the tracer adds to each, and its payload.
public final class JvmSchema {
    /// Bytes of the process name in every packet context.
    public static final int PROCNAME_BYTES = 28;

    /// Bytes before the first record of a packet.
    public static final int PACKET_START_BYTES =
            LttngSchema.PACKET_HEADER_BYTES
                    + LttngSchema.PACKET_CONTEXT_BYTES
                    + Integer.BYTES
                    + PROCNAME_BYTES;

    private JvmSchema() {}

    /// What a trace's environment says of its tracer, for the caller to go on with.
    public static SequencedMap<String, Object> environment() {
        var environment = new LinkedHashMap<String, Object>();
        environment.put("domain", "ust");
        environment.put("tracer_name", "lttng-ust");
        environment.put("tracer_major", 2L);
        environment.put("tracer_minor", 13L);
        environment.put("tracer_patchlevel", 0L);
        return environment;
    }

    /// The stream class of a channel.
    ///
    /// @param contexts after `vtid` in every event record
    public static StreamClass stream(long id, ClockClass clock, Member... contexts) {
        var members = new ArrayList<Member>();
        members.add(new Member("_vtid", signed(32)));
        members.addAll(List.of(contexts));
        return new StreamClass(
                id,
                LttngSchema.packetContext(
                        clock,
                        new Member("vpid", signed(32)),
                        new Member("procname", FieldClass.text(PROCNAME_BYTES))),
                LttngSchema.jvmEventHeader(clock),
                new StructureClass(members, 1));
    }

    /// The field class of a payload field.
    ///
    /// @param type as the metadata of a ring names it, `u8` to `u64`, `f32`, `f64`, `string`
    /// @throws IllegalArgumentException when there is none of that name
    public static FieldClass field(String type) {
        return switch (type) {
            case "u8" -> unsigned(8);
            case "s8" -> signed(8);
            case "s16" -> signed(16);
            case "u16" -> unsigned(16);
            case "s32" -> signed(32);
            case "u32" -> unsigned(32);
            case "s64" -> signed(64);
            case "u64" -> unsigned(64);
            case "f32" -> new FloatClass(8, 24, 8, ByteOrder.LITTLE_ENDIAN);
            case "f64" -> new FloatClass(11, 53, 8, ByteOrder.LITTLE_ENDIAN);
            case "string" -> new TextClass();
            default -> throw new IllegalArgumentException("no type of a ring's field: " + type);
        };
    }

    /// As much of a process name as packets have room for, ending with a whole character, filled up
    /// with zeros.
    public static byte[] procname(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, PROCNAME_BYTES);
        while (length > 0 && length < bytes.length && (bytes[length] & 0xC0) == 0x80) {
            length--;
        }
        byte[] filled = new byte[PROCNAME_BYTES];
        System.arraycopy(bytes, 0, filled, 0, length);
        return filled;
    }

    /// Writes what packets have before their records, after header and context of
    /// `PacketStart.write`.
    ///
    /// @param procname made by [#procname]
    public static void writeProcess(ByteBuffer out, int vpid, byte[] procname) {
        out.order(ByteOrder.LITTLE_ENDIAN).putInt(vpid).put(procname);
    }
}
