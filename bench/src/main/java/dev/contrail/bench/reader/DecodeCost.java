// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.reader;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketStart;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import dev.contrail.ctf.tsdl.TsdlWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;

/// Decodes every field of a trace of one event class (u64, s32, text: 27 bytes a record), without
/// merging or showing: by generated code or by the interpreter, from a mapped file or from a heap
/// buffer. One of each in a JVM, since they would spoil each other's profiles.
///
/// Makes the trace when the folder has none, so that other readers can be measured on it, too: with
/// `-Devents=`, in `-Dstreams=` and packets of `-Dpacket=` bytes.
final class DecodeCost {
    private static final int STREAMS = Integer.getInteger("streams", 2);
    private static final int EVENTS = Integer.getInteger("events", 5_000_000);
    private static final int ROUNDS = Integer.getInteger("rounds", 7);
    private static final int PACKET_BYTES = Integer.getInteger("packet", 256 << 10);
    private static final int RECORD_BYTES = 27;
    private static final byte[] TEXT = "shipment\0".getBytes(US_ASCII);
    private static final UUID TRACE = UUID.fromString("5b6d7b3e-3f1e-4c8b-9d67-7a51a9c0d1e2");
    private static final int START_BYTES =
            LttngSchema.PACKET_HEADER_BYTES + LttngSchema.PACKET_CONTEXT_BYTES;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static volatile long sink;

    private DecodeCost() {}

    /// Prints a line a round: million events per second of CPU time.
    ///
    /// @param args the trace's folder, `generated` or `interpreter`, `mapped` or `heap`; only the
    ///   folder to make the trace and print nothing
    public static void main(String[] args) throws IOException, CtfException {
        Path folder = Path.of(args[0]);
        if (!Files.exists(folder.resolve("metadata"))) {
            make(folder);
        }
        var plan =
                TracePlan.of("metadata", MetadataFile.read("metadata", folder.resolve("metadata")));
        for (int round = 0; round < ROUNDS && args.length > 1; round++) {
            measure(plan, folder, args[1].equals("generated"), args[2].equals("mapped"));
        }
    }

    private static void measure(TracePlan plan, Path folder, boolean isGenerated, boolean isMapped)
            throws IOException, CtfException {
        long sum = 0;
        long nanos = 0;
        long events = 0;
        for (int stream = 0; stream < STREAMS; stream++) {
            ByteBuffer bytes = bytes(folder.resolve("ch_" + stream), isMapped);
            var decoder = isGenerated ? new PacketDecoder(plan) : PacketDecoder.interpreter(plan);
            long begin = THREADS.getCurrentThreadCpuTime();
            for (int at = 0; at < bytes.limit(); at += PACKET_BYTES) {
                int size = Math.min(PACKET_BYTES, bytes.limit() - at);
                decoder.begin(bytes.slice(at, size), "ch", at / PACKET_BYTES, at, size);
                while (decoder.next()) {
                    sum += decoder.ticks() + decoder.slots()[decoder.firstSlot(Scope.PAYLOAD) + 1];
                    events++;
                }
            }
            nanos += THREADS.getCurrentThreadCpuTime() - begin;
        }
        if (events != EVENTS / STREAMS * STREAMS) {
            throw new IllegalStateException(events + " events instead of " + EVENTS);
        }
        sink = sum;
        System.out.printf("%.2f%n", events * 1e3 / nanos);
    }

    private static ByteBuffer bytes(Path file, boolean isMapped) throws IOException {
        if (!isMapped) {
            return ByteBuffer.wrap(Files.readAllBytes(file));
        }
        try (FileChannel channel = FileChannel.open(file)) {
            MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            map.load(); // page faults are not what is measured
            return map;
        }
    }

    private static void make(Path folder) throws IOException {
        Files.createDirectories(folder);
        ClockClass clock = ClockClass.monotonic("e5bfba5b-d66c-48b5-83b2-54b01fe2cf3c", 0);
        var trace =
                new TraceClass(
                        TRACE,
                        LITTLE_ENDIAN,
                        LttngSchema.packetHeader(),
                        new LinkedHashMap<>(),
                        List.of(clock));
        var stream =
                new StreamClass(
                        0,
                        LttngSchema.packetContext(clock),
                        LttngSchema.largeEventHeader(clock),
                        StructureClass.ABSENT);
        var fields =
                new StructureClass(
                        List.of(
                                new Member("_order", FieldClass.unsigned(64)),
                                new Member("_cents", FieldClass.signed(32)),
                                new Member("_what", new TextClass())),
                        1);
        var event =
                new EventClass(
                        0, 0, "bench:paid", EventClass.NO_LOG_LEVEL, StructureClass.ABSENT, fields);
        Files.writeString(
                folder.resolve("metadata"),
                TsdlWriter.preamble(trace, List.of(stream)) + TsdlWriter.event(event));
        for (int id = 0; id < STREAMS; id++) {
            write(folder.resolve("ch_" + id), id);
        }
    }

    private static void write(Path file, int id) throws IOException {
        int most = (PACKET_BYTES - START_BYTES) / RECORD_BYTES;
        ByteBuffer packet = ByteBuffer.allocate(PACKET_BYTES).order(LITTLE_ENDIAN);
        try (FileChannel out =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            int written = 0;
            for (int number = 0; written < EVENTS / STREAMS; number++) {
                int count = Math.min(most, EVENTS / STREAMS - written);
                packet.clear();
                PacketStart.write(
                        packet, TRACE, entry(packet, count, ticks(written, id), id, number));
                packet.position(START_BYTES);
                for (int i = 0; i < count; i++) {
                    long order = written + i;
                    packet.putShort((short) 0).putInt((int) ticks(order, id));
                    packet.putLong(order * 0x9E37_79B9_7F4A_7C15L).putInt((int) order).put(TEXT);
                }
                packet.position(0);
                while (packet.hasRemaining()) {
                    out.write(packet);
                }
                written += count;
            }
        }
    }

    private static IndexEntry entry(ByteBuffer packet, int count, long begin, int id, int number) {
        long content = (START_BYTES + (long) count * RECORD_BYTES) * 8;
        return new IndexEntry(
                packet.capacity() * 8L,
                content,
                begin,
                begin + 100L * count,
                count,
                0,
                0,
                id,
                number);
    }

    /// A record of each stream every 100 ns; the streams take turns.
    private static long ticks(long order, int id) {
        return 1_000_000 + order * 100 + 100L * id / STREAMS;
    }
}
