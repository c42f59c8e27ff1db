// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.ctf.IndexEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Keeps the newest packets of each stream, within a bound on the whole, and sends them on at the
/// end: `snapshot record --max-size`. Owned by one thread.
final class NewestPackets implements PacketSink {
    private record Kept(IndexEntry entry, byte[] bytes) {}

    private static final class Kin {
        private final ArrayDeque<Kept> packets = new ArrayDeque<>();
        private long bytes;
    }

    private final PacketSink target;
    private final long maxBytes;
    private final Map<StreamKey, Kin> streams = new LinkedHashMap<>();

    NewestPackets(PacketSink target, long maxBytes) {
        this.target = target;
        this.maxBytes = maxBytes;
    }

    @Override
    public UUID traceUuid(String traceDirectory) {
        return target.traceUuid(traceDirectory);
    }

    @Override
    public Optional<IndexEntry> last(StreamKey stream) throws IOException {
        return target.last(stream);
    }

    @Override
    public void metadata(String traceDirectory, String text) throws IOException {
        target.metadata(traceDirectory, text);
    }

    @Override
    public void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) {
        Kin kin = streams.computeIfAbsent(stream, _ -> new Kin());
        byte[] bytes = new byte[packet.remaining()];
        packet.get(bytes);
        kin.packets.add(new Kept(entry, bytes));
        kin.bytes += bytes.length;
        // No stream may ever have more than the whole; the fair share is known at the end.
        while (kin.bytes > maxBytes && kin.packets.size() > 1) {
            kin.bytes -= kin.packets.remove().bytes.length;
        }
    }

    /// Sends on what fits.
    ///
    /// @throws RefusedException when not even one packet of each stream fits, as LTTng refuses it
    void flush() throws IOException, RefusedException {
        long one = 0;
        for (Kin kin : streams.values()) {
            one += kin.packets.getLast().bytes.length;
        }
        if (one > maxBytes) {
            throw new RefusedException(
                    ("Snapshot max size %d is too small: one packet of each of %d streams needs %d"
                                    + " bytes")
                            .formatted(maxBytes, streams.size(), one));
        }
        long share = maxBytes / Math.max(1, streams.size());
        for (Map.Entry<StreamKey, Kin> stream : streams.entrySet()) {
            Kin kin = stream.getValue();
            while (kin.bytes > share && kin.packets.size() > 1) {
                kin.bytes -= kin.packets.remove().bytes.length;
            }
            for (Kept kept : kin.packets) {
                target.packet(stream.getKey(), kept.entry, ByteBuffer.wrap(kept.bytes));
            }
        }
    }

    @Override
    public void close() throws IOException {
        target.close();
    }
}
