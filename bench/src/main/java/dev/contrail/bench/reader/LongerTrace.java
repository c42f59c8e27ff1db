// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.reader;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketStart;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes a trace some times as long out of one of LTTng's kernel tracer: each stream's packets
/// again and again, later each time, as if the machine had done the same once more. Nothing is lost
/// in between: sequence numbers and counters of discarded events go on.
///
/// Times move by a multiple of 2^32 ticks, so that the low bits, which is all that most event
/// headers carry, stay as they are; what is written is read again and its times compared.
final class LongerTrace {
    private static final long STEP = 1L << 32;

    /// A packet of the given trace.
    private record Packet(byte[] bytes, IndexEntry entry, List<Long> ticks) {}

    private final TracePlan plan;
    private final PacketDecoder decoder;

    private LongerTrace(TracePlan plan) {
        this.plan = plan;
        this.decoder = new PacketDecoder(plan);
    }

    /// @param args the trace, the folder to make, how many times as long
    public static void main(String[] args) throws IOException, CtfException {
        Path from = Path.of(args[0]);
        Path to = Files.createDirectories(Path.of(args[1]));
        int times = Integer.parseInt(args[2]);
        Path metadata = from.resolve("metadata");
        Files.copy(metadata, to.resolve("metadata"));
        var trace = new LongerTrace(TracePlan.of("m", MetadataFile.read("m", metadata)));
        List<Path> files;
        try (var listed = Files.list(from)) {
            files = listed.filter(Files::isRegularFile).filter(f -> !f.equals(metadata)).toList();
        }
        long first = Long.MAX_VALUE;
        long last = 0;
        for (Path file : files) {
            List<Packet> packets = trace.packets(file);
            first = Math.min(first, packets.getFirst().entry.beginTicks());
            last = Math.max(last, packets.getLast().entry.endTicks());
        }
        long shift = (last - first) / STEP * STEP + STEP;
        for (Path file : files) {
            try (OutputStream out = Files.newOutputStream(to.resolve(file.getFileName()))) {
                trace.repeat(trace.packets(file), shift, times, out);
            }
        }
    }

    private List<Packet> packets(Path file) throws IOException, CtfException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
        var packets = new ArrayList<Packet>();
        while (all.hasRemaining()) {
            IndexEntry entry = begin(all, packets.size());
            byte[] bytes = new byte[(int) (entry.packetBits() / 8)];
            all.get(bytes);
            packets.add(new Packet(bytes, entry, ticks()));
        }
        return packets;
    }

    private IndexEntry begin(ByteBuffer from, int number) throws CtfException {
        return decoder.begin(from, "packet", number, from.position(), from.remaining());
    }

    private List<Long> ticks() throws CtfException {
        var ticks = new ArrayList<Long>();
        while (decoder.next()) {
            ticks.add(decoder.ticks());
        }
        return ticks;
    }

    private void repeat(List<Packet> packets, long shift, int times, OutputStream out)
            throws IOException, CtfException {
        IndexEntry first = packets.getFirst().entry;
        IndexEntry last = packets.getLast().entry;
        long sequences = last.sequence() - first.sequence() + 1;
        long discarded = last.discardedEvents() - first.discardedEvents();
        for (int time = 0; time < times; time++) {
            for (Packet packet : packets) {
                ByteBuffer moved = ByteBuffer.wrap(packet.bytes.clone()).order(LITTLE_ENDIAN);
                moveFullTimes(moved, packet, shift * time);
                IndexEntry was = packet.entry;
                PacketStart.write(
                        moved,
                        plan.metadata().trace().uuid(),
                        new IndexEntry(
                                was.packetBits(),
                                was.contentBits(),
                                was.beginTicks() + shift * time,
                                was.endTicks() + shift * time,
                                was.recordCount(),
                                was.discardedEvents() + discarded * time,
                                was.streamClassId(),
                                was.streamInstanceId(),
                                was.sequence() + sequences * time));
                check(moved.rewind(), packet, shift * time);
                out.write(moved.array());
            }
        }
    }

    /// Moves the times of headers that carry all 64 bits: they stand after an event id of 32 bits.
    private void moveFullTimes(ByteBuffer moved, Packet packet, long shift) throws CtfException {
        begin(ByteBuffer.wrap(packet.bytes), 0);
        int at = LttngSchema.PACKET_HEADER_BYTES + LttngSchema.PACKET_CONTEXT_BYTES;
        while (decoder.next()) {
            if (!hasFullTime()) {
                continue;
            }
            long id = decoder.event().eventClass().id();
            while (moved.getInt(at) != id || moved.getLong(at + 4) != decoder.ticks()) {
                at++;
            }
            moved.putLong(at + 4, decoder.ticks() + shift);
            at += 12;
        }
    }

    private boolean hasFullTime() {
        FieldLayout header = decoder.layout(Scope.EVENT_HEADER).orElseThrow();
        int option = (int) decoder.slots()[decoder.firstSlot(Scope.EVENT_HEADER) + 1];
        return header.child(1).name(option).equals("extended");
    }

    private void check(ByteBuffer moved, Packet packet, long shift) throws CtfException {
        IndexEntry entry = begin(moved, 0);
        boolean isMoved =
                entry.beginTicks() == packet.entry.beginTicks() + shift
                        && entry.packetBits() == packet.entry.packetBits();
        List<Long> wanted = packet.ticks.stream().map(ticks -> ticks + shift).toList();
        if (!isMoved || !ticks().equals(wanted)) {
            throw new IllegalStateException("the packet's times are not where they should be");
        }
    }
}
