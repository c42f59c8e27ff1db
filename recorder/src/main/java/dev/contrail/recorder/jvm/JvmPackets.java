// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.ctf.IndexEntry;
import dev.contrail.ctf.JvmSchema;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.recorder.ChannelPlan;
import dev.contrail.recorder.PacketSink;
import dev.contrail.recorder.StreamKey;
import dev.contrail.tracer.ring.PacketReceiver;
import dev.contrail.tracer.ring.Pool;
import dev.contrail.tracer.ring.RingPacket;
import dev.contrail.tracer.ring.StoredPacket;
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
            public void packet(RingPacket packet) throws IOException {
                int size = size(packet);
                send(isFinal ? sink::packet : sink::store, sink, pool, packet, room(size));
            }
        };
    }

    private static StoredPacket stored(IndexEntry last) {
        long bytes = last.contentBits() / Byte.SIZE - JvmSchema.PACKET_START_BYTES;
        return new StoredPacket(last.sequence(), (int) Math.max(0, bytes));
    }

    /// Puts header and context before the records and hands the packet on. Any thread.
    void send(Delivery delivery, PacketSink sink, Pool pool, RingPacket packet) throws IOException {
        send(delivery, sink, pool, packet, ByteBuffer.allocate(size(packet)));
    }

    private void send(
            Delivery delivery, PacketSink sink, Pool pool, RingPacket packet, ByteBuffer out)
            throws IOException {
        var uuid = sink.traceUuid(trace.directory());
        sink.metadata(trace.directory(), trace.metadata(uuid));
        StreamKey stream = stream(pool, packet.cell());
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
        LttngSchema.writePacketStart(out, uuid, entry);
        JvmSchema.writeProcess(out, processId, processName);
        out.put(packet.records()).flip();
        delivery.deliver(stream, entry, out);
    }

    private static int size(RingPacket packet) {
        return JvmSchema.PACKET_START_BYTES + packet.records().remaining();
    }

    /// The consumer thread's own: outside the heap, where the disk's system call wants it, and used
    /// again for the next packet of whatever ring.
    private ByteBuffer room(int size) {
        return trace.drainRoom(size);
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
