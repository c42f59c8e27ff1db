// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.file;

import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.TraceClass;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The packets of a stream file that we wrote ourselves, found without metadata or index.
///
/// After a crash the recorder cuts the file to [#wholeBytes] and writes the index anew from
/// [#packets]: babeltrace2 refuses a trace whose last packet is torn.
///
/// @param traceUuid of every packet header, or [TraceClass#NO_UUID] when there is no packet
/// @param packets every whole packet, in file order; record counts are not known
/// @param wholeBytes where the torn tail begins; the file's size when nothing is torn
public record StreamFile(UUID traceUuid, List<PacketLocation> packets, long wholeBytes) {
    public StreamFile {
        packets = List.copyOf(packets);
    }

    /// Walks the packets of [LttngSchema]'s layout from the beginning of the file to the first that
    /// is not whole: wrong magic, another stream's identity, sizes that make no sense, or an end
    /// beyond the end of the file.
    ///
    /// @param untrusted open for reading; its position is not used
    public static StreamFile scan(FileChannel untrusted) throws IOException {
        return scan(untrusted, 0, Integer.MAX_VALUE);
    }

    /// As [#scan(FileChannel)], of so many packets at most from a packet's beginning on.
    public static StreamFile scan(FileChannel untrusted, long from, int maxPackets)
            throws IOException {
        var packets = new ArrayList<PacketLocation>();
        UUID traceUuid = TraceClass.NO_UUID;
        ByteBuffer start = ByteBuffer.allocate(PacketStart.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long size = untrusted.size();
        long at = from;
        while (packets.size() < maxPackets
                && size - at >= PacketStart.BYTES
                && readAt(untrusted, start.clear(), at)) {
            if (start.getInt() != LttngSchema.MAGIC) {
                break;
            }
            PacketStart told = PacketStart.take(start);
            UUID uuid = told.traceUuid();
            IndexEntry entry = told.entry();
            long bits = entry.packetBits();
            boolean isWhole =
                    bits % 8 == 0
                            && bits >= PacketStart.BYTES * 8L
                            && bits / 8 <= size - at
                            && entry.contentBits() >= PacketStart.BYTES * 8L
                            && entry.contentBits() <= bits;
            boolean isSameStream =
                    packets.isEmpty()
                            || uuid.equals(traceUuid)
                                    && isSameStream(packets.getFirst().entry(), entry);
            if (!isWhole || !isSameStream) {
                break;
            }
            traceUuid = uuid;
            packets.add(new PacketLocation(at, entry));
            at += bits / 8;
        }
        return new StreamFile(traceUuid, packets, at);
    }

    private static boolean isSameStream(IndexEntry one, IndexEntry other) {
        return one.streamClassId() == other.streamClassId()
                && one.streamInstanceId() == other.streamInstanceId();
    }

    private static boolean readAt(FileChannel channel, ByteBuffer buffer, long at)
            throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                return false; // the file became shorter under our hands
            }
        }
        buffer.flip();
        return true;
    }
}
