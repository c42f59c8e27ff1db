// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.domain;

import dev.contrail.ctf.file.IndexEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.UUID;

/// Where packets go. Owned by one thread at a time.
public interface PacketSink extends AutoCloseable {
    /// The UUID of the trace in that directory; packet headers and metadata carry it.
    UUID traceUuid(String traceDirectory);

    /// The last packet of a stream that is safely stored, also by a daemon before this one.
    Optional<IndexEntry> last(StreamKey stream) throws IOException;

    /// Makes `text` the trace's metadata, before the first packet that needs it. Each text begins
    /// with the text of the call before; the same text again costs nothing.
    void metadata(String traceDirectory, String text) throws IOException;

    /// Little-endian memory for the next packet of a stream. Given on in that memory, as the sink's
    /// next packet, it may cost a copy less.
    ///
    /// @throws IOException when there is none
    default ByteBuffer room(StreamKey stream, int bytes) throws IOException {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Stores one packet, header included. `packet` is read from position to limit. What cannot be
    /// stored is lost: the sink counts its records.
    void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException;

    /// As [#packet], for a caller that keeps what could not be stored and comes again with it.
    ///
    /// @throws IOException when the packet was not stored; nothing is counted then
    default void store(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        packet(stream, entry, packet);
    }

    /// Whether a stream can be seen by who follows the trace: by packets that the sink has.
    default boolean shows(StreamKey stream) {
        return true;
    }

    /// Whether it takes packets faster than it can store them, for now. What can wait in its ring
    /// waits there otherwise.
    default boolean hasRoom() {
        return true;
    }

    /// Whether packet `sequence` of a stream is its last, and may be replaced by [#packet] or
    /// [#store] with one of that number that begins with the same records and is so many bytes
    /// longer. At every moment the one or the other is stored.
    default boolean mayGrow(StreamKey stream, long sequence, long moreBytes) throws IOException {
        return false;
    }

    /// Nothing will come in that stream any more: what it takes in this process may be given back.
    default void end(StreamKey stream) throws IOException {}

    @Override
    void close() throws IOException;
}
