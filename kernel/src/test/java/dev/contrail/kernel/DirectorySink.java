// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.StreamKey;
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
public final class DirectorySink implements PacketSink {
    private final Path output;
    private final UUID uuid;
    private final Map<StreamKey, List<IndexEntry>> packets = new LinkedHashMap<>();
    private Path index;
    private String metadata = "";
    private int packetsUntilFailure = Integer.MAX_VALUE;

    public DirectorySink(Path output) {
        this(output, UUID.randomUUID());
    }

    private DirectorySink(Path output, UUID uuid) {
        this.output = output;
        this.uuid = uuid;
    }

    /// A sink whose packets a next process finds again: those that its index names. A packet of
    /// which the process died before that is cut off.
    static DirectorySink lasting(Path output, UUID uuid) throws IOException {
        var sink = new DirectorySink(output, uuid);
        sink.index = output.resolve("index");
        Path metadata = sink.trace().resolve("metadata");
        if (Files.exists(metadata)) {
            sink.metadata = Files.readString(metadata);
        }
        var bytes = new LinkedHashMap<StreamKey, Long>();
        List<String> lines = Files.exists(sink.index) ? Files.readAllLines(sink.index) : List.of();
        for (String line : lines) {
            String[] words = line.split(" ");
            if (!words[words.length - 1].equals(".")) {
                break;
            }
            var key = new StreamKey("kernel", words[0], words[1], Long.parseLong(words[2]), 0, 0);
            long[] n = new long[7];
            for (int i = 0; i < n.length; i++) {
                n[i] = Long.parseLong(words[3 + i]);
            }
            List<IndexEntry> stored = sink.packets.computeIfAbsent(key, each -> new ArrayList<>());
            stored.add(
                    new IndexEntry(n[0], n[0], n[1], n[2], n[3], n[4], n[5], n[6], stored.size()));
            bytes.merge(key, n[0] / 8, Long::sum);
        }
        for (Map.Entry<StreamKey, Long> each : bytes.entrySet()) {
            try (FileChannel file =
                    FileChannel.open(sink.file(each.getKey()), StandardOpenOption.WRITE)) {
                file.truncate(each.getValue());
            }
        }
        return sink;
    }

    /// The disk is full after that many packets.
    void failAfter(int packetCount) {
        packetsUntilFailure = packetCount;
    }

    Path trace() {
        return output.resolve("kernel");
    }

    public List<IndexEntry> packets(String suffix) {
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
        return cpuStreams().stream().flatMap(List::stream).mapToLong(IndexEntry::recordCount).sum();
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
            throw new AssertionError(
                    "metadata does not grow: " + metadata.length() + " bytes kept");
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
        try (FileChannel out =
                FileChannel.open(
                        file(stream), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            out.write(packet);
        }
        if (index != null) {
            String line =
                    "%s %s %d %d %d %d %d %d %d %d .\n"
                            .formatted(
                                    stream.channel(),
                                    stream.suffix(),
                                    stream.instanceId(),
                                    entry.packetBits(),
                                    entry.beginTicks(),
                                    entry.endTicks(),
                                    entry.recordCount(),
                                    entry.discardedEvents(),
                                    entry.streamClassId(),
                                    entry.streamInstanceId());
            Files.writeString(index, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        stored.add(entry);
    }

    private Path file(StreamKey stream) {
        return output.resolve(stream.traceDirectory())
                .resolve(stream.channel() + "_" + stream.suffix());
    }

    @Override
    public void close() {}
}
