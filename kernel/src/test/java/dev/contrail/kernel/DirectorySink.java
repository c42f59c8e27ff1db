// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.ctf.IndexEntry;
import dev.contrail.recorder.PacketSink;
import dev.contrail.recorder.StreamKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Writes a trace into a directory that babeltrace2 reads, and keeps what tests ask for. It stays
/// usable for a second recording, as a daemon that takes over finds it.
final class DirectorySink implements PacketSink {
    private final Path output;
    private final UUID uuid = UUID.randomUUID();
    private final Map<StreamKey, List<IndexEntry>> packets = new LinkedHashMap<>();
    private String metadata = "";
    private int packetsUntilFailure = Integer.MAX_VALUE;

    DirectorySink(Path output) {
        this.output = output;
    }

    /// The disk is full after that many packets.
    void failAfter(int packetCount) {
        packetsUntilFailure = packetCount;
    }

    Path trace() {
        return output.resolve("kernel");
    }

    List<IndexEntry> packets(String suffix) {
        return packets.entrySet().stream()
                .filter(each -> each.getKey().suffix().equals(suffix))
                .flatMap(each -> each.getValue().stream())
                .toList();
    }

    /// Streams of CPUs.
    List<List<IndexEntry>> cpuStreams() {
        return packets.entrySet().stream()
                .filter(each -> !each.getKey().suffix().equals("statedump"))
                .map(each -> List.copyOf(each.getValue()))
                .toList();
    }

    /// Records in the streams of CPUs.
    long recordCount() {
        return cpuStreams().stream()
                .flatMap(List::stream)
                .mapToLong(IndexEntry::recordCount)
                .sum();
    }

    /// Records reported lost in the streams of CPUs.
    long discarded() {
        return cpuStreams().stream()
                .filter(stream -> !stream.isEmpty())
                .mapToLong(stream -> stream.getLast().discardedEvents())
                .sum();
    }

    @Override
    public UUID traceUuid(String traceDirectory) {
        return uuid;
    }

    @Override
    public Optional<IndexEntry> last(StreamKey stream) {
        List<IndexEntry> stored = packets.getOrDefault(stream, List.of());
        return stored.isEmpty() ? Optional.empty() : Optional.of(stored.getLast());
    }

    @Override
    public void metadata(String traceDirectory, String text) throws IOException {
        if (!text.startsWith(metadata)) {
            throw new AssertionError("metadata does not grow: " + metadata.length() + " bytes kept");
        }
        if (text.length() > metadata.length()) {
            metadata = text;
            Path directory = output.resolve(traceDirectory);
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("metadata"), text);
        }
    }

    @Override
    public void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        if (packetsUntilFailure-- <= 0) {
            throw new IOException("no space left on device");
        }
        List<IndexEntry> stored = packets.computeIfAbsent(stream, key -> new ArrayList<>());
        if (entry.sequence() != stored.size() || 8L * packet.remaining() != entry.packetBits()) {
            throw new AssertionError("entry " + entry + " of packet " + stored.size());
        }
        Path file =
                output.resolve(stream.traceDirectory())
                        .resolve(stream.channel() + "_" + stream.suffix());
        try (FileChannel out =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            out.write(packet);
        }
        stored.add(entry);
    }

    @Override
    public void close() {}
}
