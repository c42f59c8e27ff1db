// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import static dev.contrail.ctf.FieldClass.signed;
import static dev.contrail.ctf.FieldClass.unsigned;

import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.FloatClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.FieldClass.VariantClass;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketStart;
import dev.contrail.ctf.tsdl.TsdlWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;

/// A trace with every field class, for tests.
public final class Traces {
    public static final UUID UUID_OF_TRACE =
            UUID.fromString("10111213-1415-1617-1819-1a1b1c1d1e1f");
    public static final ClockClass CLOCK =
            ClockClass.monotonic(
                    "e5bfba5b-d66c-48b5-83b2-54b01fe2cf3c", 1_795_421_233_249_187_890L);

    private Traces() {}

    public static TraceClass trace() {
        var environment = new LinkedHashMap<String, Object>();
        environment.put("domain", "ust");
        environment.put("hostname", "h \"1\" \\ \n\t\u0001 é");
        environment.put("tracer_major", 2L);
        environment.put("low", Long.MIN_VALUE);
        return new TraceClass(
                UUID_OF_TRACE,
                ByteOrder.LITTLE_ENDIAN,
                LttngSchema.packetHeader(),
                environment,
                List.of(CLOCK));
    }

    public static StreamClass stream(long id, StructureClass eventHeader) {
        return new StreamClass(
                id,
                LttngSchema.packetContext(CLOCK, new Member("cpu_id", unsigned(32))),
                eventHeader,
                struct(new Member("_vtid", signed(32))));
    }

    public static StructureClass struct(Member... members) {
        return new StructureClass(List.of(members), 1);
    }

    public static EventClass allFieldClasses() {
        var labels =
                new EnumerationClass(
                        signed(8),
                        List.of(
                                new Mapping("a \"x\"; \\ }", -3, -1),
                                new Mapping("b", 0, 5),
                                new Mapping("overlap", 5, Byte.MAX_VALUE)));
        var tag =
                new EnumerationClass(
                        unsigned(8),
                        List.of(new Mapping("_int", 0, 0), new Mapping("_none", 1, -1)));
        return new EventClass(
                0,
                0,
                "my:\"event\"",
                13,
                "http://example.com/?a=\"b\"",
                struct(new Member("_n", unsigned(8)), new Member("_own", sequence("_n"))),
                struct(
                        new Member("_e", labels),
                        new Member("_a", new ArrayClass(new ArrayClass(unsigned(8), 2), 3)),
                        new Member("_be", unsigned(16).in(ByteOrder.BIG_ENDIAN).inBase(16)),
                        new Member("__s_length", unsigned(8)),
                        new Member("_s", new SequenceClass(signed(32), "__s_length")),
                        new Member("_t", FieldClass.text(4)),
                        new Member("_z", new TextClass()),
                        new Member("_d", new FloatClass(11, 53, 8, ByteOrder.LITTLE_ENDIAN)),
                        new Member("_f", new FloatClass(8, 24, 8, ByteOrder.BIG_ENDIAN)),
                        new Member(
                                "_st",
                                new StructureClass(List.of(new Member("_x", unsigned(8))), 8)),
                        new Member("_tag", tag),
                        new Member(
                                "_v",
                                new VariantClass(
                                        "_tag",
                                        List.of(
                                                new Member("_int", signed(8)),
                                                new Member(
                                                        "_none",
                                                        new StructureClass(List.of(), 1)))))));
    }

    private static SequenceClass sequence(String length) {
        return new SequenceClass(unsigned(8), length);
    }

    public static String metadata() {
        return TsdlWriter.preamble(trace(), List.of(stream(0, LttngSchema.jvmEventHeader(CLOCK))))
                + TsdlWriter.event(allFieldClasses());
    }

    /// A packet with `records` records of [#allFieldClasses], 1 tick apart, then 3 bytes of
    /// padding.
    public static byte[] packet(long sequence, long beginTicks, int records) {
        ByteBuffer out = ByteBuffer.allocate(100 + records * 100).order(ByteOrder.LITTLE_ENDIAN);
        out.position(LttngSchema.PACKET_HEADER_BYTES + LttngSchema.PACKET_CONTEXT_BYTES);
        out.putInt(3);
        for (int i = 0; i < records; i++) {
            out.putLong((beginTicks + i & 0xFFFF_FFFF_FFFFL) << 16);
            out.putInt(4242);
            out.put((byte) 2).put((byte) 0xA1).put((byte) 0xA2);
            out.put((byte) -2).put(new byte[] {1, 2, 3, 4, 5, 6}).put((byte) 0xAB).put((byte) 0xCD);
            out.put((byte) 2).putInt(7).putInt(-8);
            out.put("pro\0".getBytes(StandardCharsets.UTF_8));
            out.put("héllo\0".getBytes(StandardCharsets.UTF_8));
            out.putDouble(1.5);
            out.putInt(Integer.reverseBytes(Float.floatToRawIntBits(-0.25f)));
            out.put((byte) 9).put((byte) (i % 2));
            if (i % 2 == 0) {
                out.put((byte) -5);
            }
        }
        int content = out.position();
        out.putShort((short) -1).put((byte) -1);
        int size = out.position();
        out.position(0);
        PacketStart.write(
                out,
                UUID_OF_TRACE,
                new IndexEntry(
                        size * 8L,
                        content * 8L,
                        beginTicks,
                        beginTicks + records,
                        records,
                        0,
                        0,
                        5,
                        sequence));
        byte[] packet = new byte[size];
        out.get(0, packet);
        return packet;
    }

    public static byte[] concatenated(byte[]... parts) {
        int size = 0;
        for (byte[] part : parts) {
            size += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }
}
