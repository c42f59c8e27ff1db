// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.output.SessionOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// A session's output, with the position that it has acknowledged for each stream: numbering goes
/// on from there also where the files have gone. Owned by the sender thread, as the output is.
final class AcknowledgedOutput implements PacketSink {
    private final SessionOutput output;
    private final StreamPositions positions;

    /// Of streams whose files have a limit.
    private final Map<StreamKey, Long> roomLeft = new ConcurrentHashMap<>();

    AcknowledgedOutput(SessionOutput output, StreamPositions positions) {
        this.output = output;
        this.positions = positions;
    }

    @Override
    public UUID traceUuid(String traceDirectory) {
        return output.traceUuid(traceDirectory);
    }

    /// What the files say is newer when a daemon was killed between the two.
    @Override
    public Optional<IndexEntry> last(StreamKey stream) throws IOException {
        Optional<IndexEntry> written = output.last(stream);
        Optional<IndexEntry> acknowledged = positions.of(stream);
        boolean isNewer =
                written.isPresent()
                        && acknowledged.isPresent()
                        && written.get().sequence() >= acknowledged.get().sequence();
        return isNewer ? written : acknowledged.or(() -> written);
    }

    @Override
    public void metadata(String traceDirectory, String text) {
        output.metadata(traceDirectory, text);
    }

    @Override
    public void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) {
        try {
            store(stream, entry, packet);
        } catch (IOException e) {
            output.lose(stream, entry);
        }
    }

    @Override
    public void store(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        output.store(stream, entry, packet);
        stored(stream, entry);
    }

    /// The output has said that it has stored that packet.
    void stored(StreamKey stream, IndexEntry entry) {
        if (stream.fileBytes() > 0) { // before anybody sees that the packet is acknowledged
            roomLeft.put(stream, output.roomLeft(stream));
        }
        positions.stored(stream, entry);
    }

    /// Whether a packet that was given is acknowledged, and its file has room for so many bytes
    /// more. Any thread.
    boolean hasRoomBehind(StreamKey stream, IndexEntry given, long moreBytes) {
        return positions.of(stream).filter(given::equals).isPresent()
                && roomLeft.getOrDefault(stream, 0L) >= moreBytes;
    }

    @Override
    public boolean mayGrow(StreamKey stream, long sequence, long moreBytes) throws IOException {
        return output.mayGrow(stream, sequence, moreBytes);
    }

    @Override
    public void end(StreamKey stream) throws IOException {
        roomLeft.remove(stream);
        positions.end(stream);
        output.end(stream);
    }

    @Override
    public void close() throws IOException {
        try (positions) {
            output.close();
        }
    }
}
