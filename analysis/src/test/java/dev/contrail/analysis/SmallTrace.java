// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import static dev.contrail.ctf.FieldClass.signed;
import static dev.contrail.ctf.FieldClass.unsigned;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketStart;
import dev.contrail.ctf.tsdl.TsdlWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/// Writes traces of one event class, `tick { n, text, values }`, packet by packet.
public final class SmallTrace {
    public static final UUID TRACE = UUID.fromString("10111213-1415-1617-1819-1a1b1c1d1e1f");
    public static final long EPOCH = 1_600_000_000_000_000_000L;

    private static final int EVENT_BYTES = 25;

    private final Path folder;

    public SmallTrace(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        ClockClass clock = ClockClass.monotonic("e5bfba5b-d66c-48b5-83b2-54b01fe2cf3c", EPOCH);
        var environment = new LinkedHashMap<String, Object>();
        environment.put("hostname", "host1");
        environment.put("vpid", 42L);
        var trace =
                new TraceClass(
                        TRACE,
                        ByteOrder.LITTLE_ENDIAN,
                        LttngSchema.packetHeader(),
                        environment,
                        List.of(clock));
        var stream =
                new StreamClass(
                        0,
                        LttngSchema.packetContext(clock),
                        LttngSchema.jvmEventHeader(clock),
                        StructureClass.ABSENT);
        Files.writeString(
                folder.resolve("metadata"),
                TsdlWriter.preamble(trace, List.of(stream))
                        + TsdlWriter.event(eventClass(0, "tick")));
    }

    private static EventClass eventClass(int id, String name) {
        var fields =
                new StructureClass(
                        List.of(
                                new Member("_n", signed(64)),
                                new Member("_text", new TextClass()),
                                new Member("__values_length", unsigned(8)),
                                new Member(
                                        "_values",
                                        new SequenceClass(unsigned(16), "__values_length"))),
                        1);
        return new EventClass(id, 0, name, 6, StructureClass.ABSENT, fields);
    }

    /// Times for the events of a packet: 1 to 12, many of them equal.
    ///
    /// @param after none is earlier
    public static long[] ticks(Random random, long after) {
        long[] ticks = new long[1 + random.nextInt(12)];
        long at = after;
        for (int i = 0; i < ticks.length; i++) {
            at += random.nextInt(4);
            ticks[i] = at;
        }
        return ticks;
    }

    /// Declares another event class with the same fields.
    public void declare(int id, String name) throws IOException {
        Files.writeString(
                folder.resolve("metadata"),
                TsdlWriter.event(eventClass(id, name)),
                StandardOpenOption.APPEND);
    }

    /// Makes an event of a packet one of another class.
    public static void reclass(byte[] packet, int event, int id) {
        packet[80 + event * EVENT_BYTES] = (byte) id;
    }

    /// A packet with one event for each of `ticks`; its end is the last of them.
    public static byte[] packet(long stream, long sequence, long discarded, long... ticks) {
        ByteBuffer out = ByteBuffer.allocate(80 + ticks.length * 32).order(ByteOrder.LITTLE_ENDIAN);
        out.position(80);
        for (long at : ticks) {
            out.putLong(at << 16).putLong(-at);
            out.put("é\n\0".getBytes(StandardCharsets.UTF_8));
            out.put((byte) 2).putShort((short) 1).putShort((short) -1);
        }
        int size = out.position();
        out.position(0);
        PacketStart.write(
                out,
                TRACE,
                new IndexEntry(
                        size * 8L,
                        size * 8L,
                        ticks[0],
                        ticks[ticks.length - 1],
                        ticks.length,
                        discarded,
                        0,
                        stream,
                        sequence));
        byte[] packet = new byte[size];
        out.get(0, packet);
        return packet;
    }

    public Path file(String name, byte[]... packets) throws IOException {
        var all = new ByteArrayOutputStream();
        for (byte[] packet : packets) {
            all.writeBytes(packet);
        }
        return Files.write(folder.resolve(name), all.toByteArray());
    }

    /// Writes the index of the first `count` packets.
    public void index(String name, int count, byte[]... packets) throws IOException {
        Files.createDirectories(folder.resolve("index"));
        var all = new ByteArrayOutputStream();
        all.writeBytes(IndexFile.header().array());
        long offset = 0;
        for (byte[] packet : List.of(packets).subList(0, count)) {
            ByteBuffer fields = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
            var entry =
                    new IndexEntry(
                            packet.length * 8L,
                            packet.length * 8L,
                            fields.getLong(32),
                            fields.getLong(40),
                            -1,
                            fields.getLong(72),
                            0,
                            fields.getLong(24),
                            fields.getLong(64));
            all.writeBytes(IndexFile.entry(offset, entry).array());
            offset += packet.length;
        }
        Files.write(folder.resolve("index").resolve(name + ".idx"), all.toByteArray());
    }
}
