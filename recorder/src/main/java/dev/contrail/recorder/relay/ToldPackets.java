// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.JvmSchema;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketStart;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.output.LostRecords;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What the packets of each stream have told the relay: how many records were discarded, and with
/// which number the next one goes out. Owned by one thread.
final class ToldPackets {
    private final Map<StreamKey, Told> told = new HashMap<>();

    /// @param entry of the last packet, as it was sent
    /// @param start the bytes of that packet before its records
    /// @param position of the last packet that came out of a ring: its number there
    /// @param lostRecords that are among those that it tells of
    record Told(IndexEntry entry, byte[] start, long position, long lostRecords) {
        /// By how much its number is more than that of the ring's packet.
        long shift() {
            return entry.sequence() - position;
        }
    }

    Optional<Told> of(StreamKey stream) {
        return Optional.ofNullable(told.get(stream));
    }

    void put(StreamKey stream, Told last) {
        told.put(stream, last);
    }

    void remove(StreamKey stream) {
        told.remove(stream);
    }

    List<StreamKey> streams() {
        return List.copyOf(told.keySet());
    }

    /// The relay has said what it has of a stream.
    ///
    /// @param last empty for nothing
    void resume(StreamKey stream, Optional<RelayReply.LastStored> last) {
        if (last.isEmpty()) {
            told.remove(stream);
            return;
        }
        RelayRequest.SendIndex index = last.get().index();
        var entry =
                new IndexEntry(
                        index.packetBits(),
                        index.contentBits(),
                        index.beginTicks(),
                        index.endTicks(),
                        0,
                        index.discardedEvents(),
                        index.streamClassId(),
                        index.streamInstanceId(),
                        index.packetSequence());
        byte[] start = of(stream).map(Told::start).orElseGet(() -> emptyStart(stream));
        told.put(
                stream,
                new Told(
                        entry,
                        start,
                        last.get().mark().position(),
                        last.get().mark().lostRecords()));
    }

    /// Whether the packet is there already.
    boolean has(StreamKey stream, IndexEntry given) {
        Told last = told.get(stream);
        return last != null && given.sequence() <= last.position;
    }

    /// An empty packet after the last one that tells of what was lost since; empty when nothing
    /// was.
    Optional<IndexEntry> ofLosses(StreamKey stream, LostRecords.Lost all) {
        Told last = told.get(stream);
        if (last == null || all.records() <= last.lostRecords) {
            return Optional.empty();
        }
        long known = last.entry.discardedEvents() - last.lostRecords;
        return Optional.of(
                empty(
                        last.entry,
                        last.start,
                        Math.max(last.entry.endTicks(), all.endTicks()),
                        Math.max(known, all.discarded()) + all.records(),
                        last.entry.sequence() + 1));
    }

    static IndexEntry empty(
            IndexEntry of, byte[] start, long ticks, long discarded, long sequence) {
        long bits = (long) start.length * Byte.SIZE;
        return new IndexEntry(
                bits,
                bits,
                ticks,
                ticks,
                0,
                discarded,
                of.streamClassId(),
                of.streamInstanceId(),
                sequence);
    }

    /// What comes before the records of a packet: header and context.
    static byte[] start(StreamKey stream, ByteBuffer packet) {
        byte[] start = new byte[Math.min(startBytes(stream), packet.remaining())];
        packet.get(packet.position(), start);
        return start;
    }

    private static int startBytes(StreamKey stream) {
        return isKernel(stream) ? PacketStart.BYTES + Integer.BYTES : JvmSchema.PACKET_START_BYTES;
    }

    private static boolean isKernel(StreamKey stream) {
        return stream.traceDirectory().equals("kernel");
    }

    /// That of a packet whose records say nothing of a process.
    private static byte[] emptyStart(StreamKey stream) {
        var start = ByteBuffer.allocate(startBytes(stream)).order(ByteOrder.LITTLE_ENDIAN);
        if (isKernel(stream)) {
            start.putInt(PacketStart.BYTES, (int) stream.instanceId());
        }
        return start.array();
    }

    /// A copy whose header says what the entry says.
    static ByteBuffer withStart(ByteBuffer packet, IndexEntry entry, UUID trace) {
        var copy = ByteBuffer.allocate(packet.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(packet.duplicate()).flip();
        PacketStart.write(copy, trace, entry);
        return copy.position(0);
    }
}
