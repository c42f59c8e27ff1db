// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import dev.contrail.ctf.JvmSchema;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketStart;
import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.tracer.ring.read.PacketReceiver;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.RingPacket;
import dev.contrail.tracer.ring.read.StoredPacket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Makes the packets of one channel in one process into those of a trace. Owned by the session's
/// consumer thread.
final class JvmPackets {
    private final JvmTrace trace;
    private final ChannelPlan channel;
    private final byte[] processName;
    private final UUID ring;
    private final int processId;
    private final Map<PoolCell, StreamKey> streams = new ConcurrentHashMap<>();

    /// Where a packet's records come from.
    private record PoolCell(int pool, int generation, int cell) {}

    /// @param ring identity of the ring
    /// @param processId as the process counts
    JvmPackets(JvmTrace trace, ChannelPlan channel, String processName, UUID ring, long processId) {
        this.trace = trace;
        this.channel = channel;
        this.processName = JvmSchema.procname(processName);
        this.ring = ring;
        this.processId = (int) processId;
    }

    /// How a packet is handed on.
    @FunctionalInterface
    interface Delivery {
        void deliver(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException;
    }

    /// @param isFinal whether nobody comes again: what cannot be stored is then lost, and counted;
    ///   otherwise it stays in the ring
    PacketReceiver receiver(PacketSink sink, Pool pool, boolean isFinal) {
        return new PacketReceiver() {
            private OptionalLong untilTicks = OptionalLong.empty();

            @Override
            public StoredPacket lastStored(int cell) {
                try {
                    OptionalLong instance =
                            trace.knownInstance(
                                    channel.id(), ring, pool.index(), pool.generation(), cell);
                    if (instance.isEmpty()) {
                        return StoredPacket.NONE;
                    }
                    return sink.last(key(instance.getAsLong()))
                            .map(JvmPackets::stored)
                            .orElse(StoredPacket.NONE);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public boolean mayGrow(int cell, long sequence, int moreBytes) {
                try {
                    return sink.mayGrow(stream(pool, cell), sequence, moreBytes);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void packet(RingPacket drained) throws IOException {
                RingPacket packet = drained.isAccounting() ? drained.until(end()) : drained;
                StreamKey stream = stream(pool, packet.cell());
                int size = size(packet);
                if (isFinal) {
                    send(sink::packet, sink, stream, packet, ByteBuffer.allocate(size));
                } else {
                    send(sink::store, sink, stream, packet, sink.room(stream, size));
                }
            }

            /// Until when the process may have recorded: whether it lives is looked up once.
            private long end() throws IOException {
                if (untilTicks.isEmpty()) {
                    untilTicks = OptionalLong.of(pool.untilTicks());
                }
                return untilTicks.getAsLong();
            }
        };
    }

    private static StoredPacket stored(IndexEntry last) {
        long bytes = last.contentBits() / Byte.SIZE - JvmSchema.PACKET_START_BYTES;
        return new StoredPacket(last.sequence(), (int) Math.max(0, bytes));
    }

    /// Puts header and context before the records and hands the packet on. Any thread.
    void send(Delivery delivery, PacketSink sink, Pool pool, RingPacket packet) throws IOException {
        StreamKey stream = stream(pool, packet.cell());
        send(delivery, sink, stream, packet, ByteBuffer.allocate(size(packet)));
    }

    private void send(
            Delivery delivery, PacketSink sink, StreamKey stream, RingPacket packet, ByteBuffer out)
            throws IOException {
        var uuid = sink.traceUuid(trace.directory());
        sink.metadata(trace.directory(), trace.metadata(uuid));
        int size = out.remaining();
        var entry =
                new IndexEntry(
                        size * 8L,
                        size * 8L,
                        packet.beginTicks(),
                        packet.endTicks(),
                        packet.recordCount(),
                        packet.lostTotal(),
                        channel.id(),
                        stream.instanceId(),
                        packet.sequence());
        PacketStart.write(out, uuid, entry);
        JvmSchema.writeProcess(out, processId, processName);
        out.put(packet.records()).flip();
        delivery.deliver(stream, entry, out);
    }

    private static int size(RingPacket packet) {
        return JvmSchema.PACKET_START_BYTES + packet.records().remaining();
    }

    /// Nothing more will come.
    void end(PacketSink sink) throws IOException {
        for (StreamKey stream : streams.values()) {
            sink.end(stream);
        }
        streams.clear();
    }

    private StreamKey key(long instance) {
        return new StreamKey(
                trace.directory(),
                channel.name(),
                Long.toString(instance),
                instance,
                channel.attributes().traceFileBytes(),
                channel.attributes().traceFileCount());
    }

    private StreamKey stream(Pool pool, int cell) throws IOException {
        var from = new PoolCell(pool.index(), pool.generation(), cell);
        StreamKey known = streams.get(from);
        if (known == null) {
            known = key(trace.instance(channel.id(), ring, from.pool, from.generation, cell));
            streams.put(from, known);
        }
        return known;
    }
}
