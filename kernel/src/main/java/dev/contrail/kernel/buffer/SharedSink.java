// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.StreamKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/// A sink for several threads, one at a time. Who has it has what it was given before: the lock
/// orders them.
final class SharedSink implements PacketSink {
    private final PacketSink sink;

    SharedSink(PacketSink sink) {
        this.sink = sink;
    }

    @Override
    public synchronized UUID traceUuid(String traceDirectory) {
        return sink.traceUuid(traceDirectory);
    }

    @Override
    public synchronized Optional<IndexEntry> last(StreamKey stream) throws IOException {
        return sink.last(stream);
    }

    @Override
    public synchronized void metadata(String traceDirectory, String text) throws IOException {
        sink.metadata(traceDirectory, text);
    }

    @Override
    public synchronized void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet)
            throws IOException {
        sink.packet(stream, entry, packet);
    }

    @Override
    public synchronized void store(StreamKey stream, IndexEntry entry, ByteBuffer packet)
            throws IOException {
        sink.store(stream, entry, packet);
    }

    @Override
    public synchronized boolean shows(StreamKey stream) {
        return sink.shows(stream);
    }

    @Override
    public synchronized boolean hasRoom() {
        return sink.hasRoom();
    }

    @Override
    public synchronized boolean mayGrow(StreamKey stream, long sequence, long moreBytes)
            throws IOException {
        return sink.mayGrow(stream, sequence, moreBytes);
    }

    @Override
    public synchronized void end(StreamKey stream) throws IOException {
        sink.end(stream);
    }

    /// The sink is somebody else's.
    @Override
    public void close() {}
}
