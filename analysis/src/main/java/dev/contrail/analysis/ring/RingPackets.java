// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.ring;

import dev.contrail.analysis.ListedPackets;
import dev.contrail.ctf.JvmSchema;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketStart;
import dev.contrail.tracer.ring.read.RingPacket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The packets of one cell of a ring: its records as they were copied, with header and context put
/// in front when they are asked for.
final class RingPackets implements ListedPackets {
    /// The ring that packets come from.
    ///
    /// @param uuid of the trace
    /// @param vpid of the process that wrote it, as that counts
    record Origin(String place, UUID uuid, int vpid, byte[] procname) {}

    private final Origin origin;
    private final List<RingPacket> packets;
    private final List<IndexEntry> entries;
    private int next;
    private ByteBuffer buffer = ByteBuffer.allocate(0);

    private RingPackets(Origin origin, List<RingPacket> packets, List<IndexEntry> entries) {
        this.origin = origin;
        this.packets = packets;
        this.entries = entries;
    }

    static RingPackets of(
            Origin origin, List<RingPacket> packets, long streamClassId, long instanceId) {
        List<IndexEntry> entries =
                packets.stream().map(each -> entry(each, streamClassId, instanceId)).toList();
        return new RingPackets(origin, List.copyOf(packets), entries);
    }

    private static IndexEntry entry(RingPacket packet, long streamClassId, long instanceId) {
        long bits = 8L * (JvmSchema.PACKET_START_BYTES + packet.records().remaining());
        return new IndexEntry(
                bits,
                bits,
                packet.beginTicks(),
                packet.endTicks(),
                packet.recordCount(),
                packet.lostTotal(),
                streamClassId,
                instanceId,
                packet.sequence());
    }

    @Override
    public List<IndexEntry> entries() {
        return entries;
    }

    @Override
    public ListedPackets part(int from, int to) {
        return new RingPackets(origin, packets.subList(from, to), entries.subList(from, to));
    }

    @Override
    public Arrival next() {
        if (next == packets.size()) {
            return new End();
        }
        IndexEntry entry = entries.get(next);
        RingPacket packet = packets.get(next++);
        int size = (int) (entry.packetBits() / 8);
        if (buffer.capacity() < size) {
            buffer = ByteBuffer.allocate(size);
        }
        buffer.clear();
        PacketStart.write(buffer, origin.uuid, entry);
        JvmSchema.writeProcess(buffer, origin.vpid, origin.procname);
        buffer.put(packet.records().duplicate()).flip();
        return new Packet(buffer, origin.place, packet.packetNumber(), 0, size, Optional.empty());
    }
}
