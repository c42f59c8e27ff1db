// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.write.CtfStream;
import dev.contrail.ctf.write.CtfWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Packets that are made of event records when they are asked for, so that memory holds one.
final class RecordPackets implements PacketSource {
    private final String place;
    private final RecordFeed feed;
    private final CtfStream stream;
    private final Deque<ByteBuffer> made = new ArrayDeque<>();
    private boolean isEnded;
    private long number;
    private long offsetBytes;

    RecordPackets(CtfWriter writer, StreamClass streamClass, long id, String place, RecordFeed feed)
            throws IOException {
        this.place = place;
        this.feed = feed;
        this.stream = writer.stream(streamClass, id, this::keep);
    }

    private void keep(ByteBuffer packet, IndexEntry entry) {
        made.add(ByteBuffer.allocate(packet.remaining()).put(packet).flip());
    }

    @Override
    public Arrival next() throws IOException {
        while (made.isEmpty()) {
            if (isEnded) {
                return new End();
            }
            if (!feed.appendTo(stream)) {
                isEnded = true;
                stream.flush();
            }
        }
        ByteBuffer bytes = made.remove();
        int size = bytes.remaining();
        var packet = new Packet(bytes, place, number++, offsetBytes, size, Optional.empty());
        offsetBytes += size;
        return packet;
    }

    @Override
    public void close() throws IOException {
        isEnded = true;
        made.clear();
        feed.close();
    }
}
