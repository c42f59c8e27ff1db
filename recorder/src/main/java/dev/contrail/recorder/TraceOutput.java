// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.ctf.IndexEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Writes traces below one directory as LTTng lays them out: `kernel/`, `ust/uid/UID/64-bit/`, in
/// each `metadata`, stream files, and `index/`.
///
/// What cannot be written is counted, never thrown at the ring: the trace stays whole up to there, and
/// [#problem] says what happened. Goes on with the files of a daemon that was killed: a torn packet
/// is cut off, the index mended. Owned by one thread.
public final class TraceOutput implements PacketSink {
    private final Path directory;
    private final UUID seed;
    private final Map<StreamKey, StreamOutput> streams = new HashMap<>();
    private final Map<String, String> metadata = new HashMap<>();
    private String problem = "";
    private long lostRecords;

    /// @param directory made when the first packet or metadata comes
    /// @param seed the traces' UUIDs follow from it and their directories' names, so that a restarted
    ///     daemon goes on with the same
    public TraceOutput(Path directory, UUID seed) {
        this.directory = directory;
        this.seed = seed;
    }

    @Override
    public UUID traceUuid(String traceDirectory) {
        return UUID.nameUUIDFromBytes(
                (seed + "/" + traceDirectory).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<IndexEntry> last(StreamKey stream) throws IOException {
        return stream(stream).last();
    }

    @Override
    public void metadata(String traceDirectory, String text) throws IOException {
        String before = metadata.get(traceDirectory);
        if (text.equals(before)) {
            return;
        }
        try {
            Path file = PrivateFiles.directory(directory.resolve(traceDirectory)).resolve("metadata");
            if (before == null && Files.exists(file)) {
                before = Files.readString(file);
            }
            if (before != null && text.startsWith(before)) {
                PrivateFiles.append(file, text.substring(before.length()));
            } else {
                Path next = file.resolveSibling(".metadata.new");
                Files.deleteIfExists(next);
                PrivateFiles.append(next, text);
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            }
            metadata.put(traceDirectory, text);
        } catch (IOException e) {
            fail(e);
            throw e;
        }
    }

    @Override
    public void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        StreamOutput output = null;
        try {
            output = stream(stream);
            output.write(entry, packet);
        } catch (IOException e) {
            fail(e);
            if (output == null) {
                throw e;
            }
            lostRecords += Math.max(0, entry.recordCount());
        }
    }

    /// What went wrong, such as a full disk; empty for nothing.
    public String problem() {
        return problem;
    }

    /// Records of packets that could not be written.
    public long lostRecords() {
        return lostRecords;
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        for (StreamOutput stream : streams.values()) {
            try {
                stream.close();
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        streams.clear();
        metadata.clear();
        if (first != null) {
            fail(first);
            throw first;
        }
    }

    private StreamOutput stream(StreamKey key) throws IOException {
        StreamOutput known = streams.get(key);
        if (known == null) {
            Path trace = PrivateFiles.directory(directory.resolve(key.traceDirectory()));
            PrivateFiles.directory(trace.resolve("index"));
            known = StreamOutput.open(trace, key);
            streams.put(key, known);
        }
        return known;
    }

    private void fail(IOException e) {
        if (problem.isEmpty()) {
            problem = "Cannot write below %s: %s".formatted(directory, e.getMessage());
        }
    }
}
