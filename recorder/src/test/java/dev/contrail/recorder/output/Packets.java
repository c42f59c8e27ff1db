// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketStart;
import dev.contrail.recorder.domain.StreamKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/// Packets without records, of one stream.
public final class Packets {
    public static final String TRACE = "ust/uid/1/64-bit";

    private Packets() {}

    public static StreamKey key(long fileBytes, int fileCount) {
        return new StreamKey(TRACE, "c", "0", 0, fileBytes, fileCount);
    }

    public static IndexEntry entry(long sequence, int bytes, long records, long discarded) {
        return new IndexEntry(
                bytes * 8L,
                bytes * 8L,
                1_000 + sequence,
                1_000 + sequence,
                records,
                discarded,
                0,
                0,
                sequence);
    }

    public static ByteBuffer packet(UUID uuid, IndexEntry entry) {
        ByteBuffer packet = ByteBuffer.allocate((int) (entry.packetBits() / 8));
        PacketStart.write(packet, uuid, entry);
        return packet.position(packet.capacity()).flip();
    }

    public static void write(TraceOutput output, StreamKey key, long sequence, int bytes)
            throws IOException {
        IndexEntry entry = entry(sequence, bytes, 10, 0);
        output.store(key, entry, packet(output.traceUuid(TRACE), entry));
    }
}
