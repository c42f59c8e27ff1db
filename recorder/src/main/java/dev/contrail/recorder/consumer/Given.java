// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.file.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What a consumer has given last: of each stream its packet, of each trace its metadata, which is
/// kept in a file, so that a next daemon can store what waits. Any thread, each item from one.
public final class Given {
    private final Path stateDirectory;
    private final Map<StreamKey, IndexEntry> packets = new ConcurrentHashMap<>();
    private final Map<String, String> metadata = new ConcurrentHashMap<>();

    /// @param stateDirectory of the session
    public Given(Path stateDirectory) {
        this.stateDirectory = stateDirectory;
    }

    Path stateDirectory() {
        return stateDirectory;
    }

    /// The last packet of the stream that was given and not lost, as far as it is known here.
    Optional<IndexEntry> packet(StreamKey stream) {
        return Optional.ofNullable(packets.get(stream));
    }

    /// @return what was the last one before
    Optional<IndexEntry> packet(StreamKey stream, IndexEntry entry) {
        return Optional.ofNullable(packets.put(stream, entry));
    }

    /// That packet was not given, or is lost.
    ///
    /// @param before the last one again, unless another was given meanwhile
    void withdraw(StreamKey stream, IndexEntry entry, Optional<IndexEntry> before) {
        packets.remove(stream, entry);
        before.ifPresent(last -> packets.putIfAbsent(stream, last));
    }

    /// Nothing more is given in that stream.
    void end(StreamKey stream) {
        packets.remove(stream);
    }

    void metadata(String traceDirectory, String text) throws IOException {
        String before = metadata.get(traceDirectory);
        if (text.equals(before)) {
            return;
        }
        PrivateFiles.directory(stateDirectory);
        if (before != null && text.startsWith(before)) {
            PrivateFiles.append(file(traceDirectory), text.substring(before.length()));
        } else {
            PrivateFiles.replace(file(traceDirectory), text);
        }
        metadata.put(traceDirectory, text);
    }

    /// The metadata for what waits of a trace, also from a daemon before this one.
    String metadata(String traceDirectory) throws IOException {
        String known = metadata.get(traceDirectory);
        return known != null
                ? known
                : new String(Files.readAllBytes(file(traceDirectory)), StandardCharsets.UTF_8);
    }

    private Path file(String traceDirectory) {
        return stateDirectory.resolve("metadata-" + traceDirectory.replace('/', '_'));
    }
}
