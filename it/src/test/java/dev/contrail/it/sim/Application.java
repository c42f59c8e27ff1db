// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.JvmSchema;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketStart;
import dev.contrail.ctf.tsdl.TsdlWriter;
import dev.contrail.it.sim.machine.Machine;
import dev.contrail.it.sim.machine.SimulatedProcess;
import dev.contrail.it.sim.machine.Simulation;
import dev.contrail.recorder.domain.Capture;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.recorder.domain.StreamKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;

/// A traced program: its ring, which outlives the session daemon, and all that it has ever
/// recorded.
final class Application implements Ring {
    private static final int MOST_IN_RING = 60;

    /// Nothing is overwritten.
    private static final int MOST_FILES = 64;

    private static final int PACKETS_A_PART = 40;

    private final Machine machine;
    private final Simulation simulation;
    private final boolean isSpilled;
    private final int number;
    private final List<Stream> streams = new ArrayList<>();
    private final Map<UUID, String> preambles = new HashMap<>();
    private boolean isRecording = true;

    /// What a stream has recorded.
    static final class Stream {
        private final StreamKey key;
        private final List<Recorded> packets = new ArrayList<>();
        private int taken;
        private int marked;
        private long discarded;
        private long untilTicks;

        Stream(StreamKey key) {
            this.key = key;
        }

        StreamKey key() {
            return key;
        }

        List<Recorded> packets() {
            return packets;
        }

        long discarded() {
            return discarded;
        }
    }

    /// A packet, as the ring has closed it.
    ///
    /// @param content of it, a number that no other has
    record Recorded(IndexEntry entry, long content) {}

    Application(Machine machine, Simulation simulation, int number, Plan plan) {
        this.machine = machine;
        this.simulation = simulation;
        this.number = number;
        this.isSpilled = plan.isSpilled() && number == 0;
        for (int i = 0; i < plan.streams(); i++) {
            this.streams.add(
                    new Stream(
                            new StreamKey(
                                    "ust/uid/" + number + "/64-bit",
                                    "channel0",
                                    Integer.toString(i),
                                    i + 1,
                                    plan.fileBytes(),
                                    plan.fileBytes() == 0 ? 0 : MOST_FILES)));
        }
    }

    List<Stream> streams() {
        return streams;
    }

    /// Records, at intervals of about so many nanoseconds, until it is told to stop.
    void record(long intervalNanos) {
        for (Stream each : streams) {
            each.untilTicks = machine.nanos();
            next(each, intervalNanos);
        }
    }

    void stop() {
        isRecording = false;
    }

    private void next(Stream stream, long interval) {
        boolean isBurst = simulation.chance(0.1);
        simulation.after(
                simulation.between(isBurst ? 1000 : interval / 4, isBurst ? 10_000 : interval * 2),
                () -> {
                    if (isRecording) {
                        close(stream);
                        next(stream, interval);
                    }
                });
    }

    private void close(Stream stream) {
        int records = (int) simulation.between(1, 60);
        if (stream.packets.size() - stream.taken >= MOST_IN_RING) {
            stream.discarded += records;
            return;
        }
        int bytes = JvmSchema.PACKET_START_BYTES + records * 24;
        long begin = stream.untilTicks;
        long end = machine.nanos();
        stream.untilTicks = end;
        long sequence = stream.packets.size();
        var entry =
                new IndexEntry(
                        bytes * 8L,
                        bytes * 8L,
                        begin,
                        end,
                        records,
                        stream.discarded,
                        0,
                        stream.key.instanceId(),
                        sequence);
        stream.packets.add(
                new Recorded(entry, number << 24 | stream.key.instanceId() << 48 | sequence));
    }

    /// The bytes of a packet after its header and context.
    static byte[] payload(Recorded packet) {
        int count = (int) (packet.entry().contentBits() / 8) - JvmSchema.PACKET_START_BYTES;
        ByteBuffer out = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(packet.content());
        var random = new SplittableRandom(packet.content());
        while (out.remaining() >= Long.BYTES) {
            out.putLong(random.nextInt(4) == 0 ? random.nextLong() : 42);
        }
        return out.array();
    }

    private static ByteBuffer bytes(Recorded packet, UUID trace) {
        int count = (int) (packet.entry().packetBits() / 8);
        ByteBuffer out = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        PacketStart.write(out, trace, packet.entry());
        JvmSchema.writeProcess(out, 1, JvmSchema.procname("app"));
        out.position(JvmSchema.PACKET_START_BYTES);
        out.put(payload(packet));
        return out.flip();
    }

    /// It grows.
    private String metadata(UUID trace) {
        String text = preambles.computeIfAbsent(trace, Application::preamble);
        var all = new StringBuilder(text);
        parts().forEach(all::append);
        return all.toString();
    }

    /// What has been added to the metadata by now, piece by piece.
    List<String> parts() {
        int count = streams.stream().mapToInt(each -> each.packets.size()).sum();
        return IntStream.range(0, count / PACKETS_A_PART)
                .mapToObj("/* part %d */ "::formatted)
                .toList();
    }

    private static String preamble(UUID trace) {
        var clock = new ClockClass("monotonic", "", "", 1_000_000_000, 1, 0, 0, false);
        var declared =
                new TraceClass(
                        trace,
                        ByteOrder.LITTLE_ENDIAN,
                        LttngSchema.packetHeader(),
                        JvmSchema.environment(),
                        List.of(clock));
        return TsdlWriter.preamble(declared, List.of(JvmSchema.stream(0, clock)));
    }

    @Override
    public int channelId() {
        return 0;
    }

    @Override
    public boolean isSpilled() {
        return isSpilled;
    }

    @Override
    public double fill() {
        return streams.stream()
                .mapToDouble(each -> (each.packets.size() - each.taken) / (double) MOST_IN_RING)
                .max()
                .orElse(0);
    }

    @Override
    public double drain(PacketSink sink, boolean isFinal) throws IOException {
        if (!isFinal && !sink.hasRoom()) {
            return 1;
        }
        double fill = fill();
        for (Stream each : streams) {
            drain(each, each.packets.size(), sink, isFinal);
        }
        return fill;
    }

    @Override
    public boolean mark() {
        streams.forEach(each -> each.marked = each.packets.size());
        return true;
    }

    @Override
    public boolean drainMarked(PacketSink sink) throws IOException {
        for (Stream each : streams) {
            drain(each, each.marked, sink, false);
        }
        return true;
    }

    private void drain(Stream stream, int until, PacketSink sink, boolean isFinal)
            throws IOException {
        if (until <= stream.taken) {
            return;
        }
        UUID trace = sink.traceUuid(stream.key.traceDirectory());
        sink.metadata(stream.key.traceDirectory(), metadata(trace));
        Optional<IndexEntry> last = sink.last(stream.key);
        int next = last.map(each -> (int) each.sequence() + 1).orElse(0);
        stream.taken = Math.max(stream.taken, next);
        while (stream.taken < until) {
            Recorded packet = stream.packets.get(stream.taken);
            SimulatedProcess.current().orElseThrow().step();
            if (isFinal || isSpilled) {
                sink.packet(stream.key, packet.entry(), bytes(packet, trace));
            } else {
                sink.store(stream.key, packet.entry(), bytes(packet, trace));
            }
            SimulatedProcess.current().orElseThrow().step();
            stream.taken++;
        }
    }

    @Override
    public Capture capture() {
        throw new UnsupportedOperationException();
    }

    @Override
    public RingAccount account() {
        return new RingAccount("", "app", 0, 0, 0, 0);
    }
}
