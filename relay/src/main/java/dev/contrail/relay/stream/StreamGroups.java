// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import dev.contrail.relay.chunk.TraceChunk;
import dev.contrail.relay.journal.JournalEntry;
import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayRequest.AddStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/// The groups of a session's streams, to which streams are added. Guarded by the session's lock.
public final class StreamGroups {
    private final Map<CString, StreamGroup> groups = new HashMap<>();
    private final LongSupplier ids;
    private final Changes changes;
    private final Set<Object> open;
    private final boolean isIndexed;
    private final int minor;

    /// @param ids unique in this relay
    /// @param changes the session's
    /// @param open identities of all files that streams record into; any thread's
    /// @param isIndexed whether an index entry comes for each packet
    /// @param minor version of the protocol
    public StreamGroups(
            LongSupplier ids, Changes changes, Set<Object> open, boolean isIndexed, int minor) {
        this.ids = ids;
        this.changes = changes;
        this.open = open;
        this.isIndexed = isIndexed;
        this.minor = minor;
    }

    /// Adds a stream to the group of its directory: begins it, or goes on with what is stored of it
    /// and still lies in the chunk.
    ///
    /// @param handle what its producer is to call it
    /// @param file below the chunk's directory
    /// @param stored what the journal says of it
    /// @param isSynced whether what is acknowledged survives a loss of power
    /// @throws IOException also when another stream records into that very file
    public StoredStream add(
            long handle,
            AddStream asked,
            Path file,
            TraceChunk chunk,
            Optional<JournalEntry> stored,
            boolean isSynced)
            throws IOException {
        StreamGroup group = group(asked.path());
        if (file.endsWith("metadata")) {
            MetadataStream stream = metadata(handle, asked, group, file, chunk, stored);
            group.describedBy(stream);
            return stream;
        }
        var shape =
                new StreamFiles.Shape(
                        file,
                        asked.tracefileBytes(),
                        asked.tracefileCount(),
                        isIndexed,
                        minor,
                        isSynced);
        return data(handle, asked, group, shape, chunk, stored);
    }

    private MetadataStream metadata(
            long handle,
            AddStream asked,
            StreamGroup group,
            Path file,
            TraceChunk chunk,
            Optional<JournalEntry> stored)
            throws IOException {
        CString name = asked.channelName();
        return stored.isPresent() && chunk.has(file)
                ? new MetadataStream(handle, group, name, file, chunk, open, stored.get())
                : new MetadataStream(handle, group, name, file, chunk, open);
    }

    private DataStream data(
            long handle,
            AddStream asked,
            StreamGroup group,
            StreamFiles.Shape shape,
            TraceChunk chunk,
            Optional<JournalEntry> stored)
            throws IOException {
        CString name = asked.channelName();
        if (stored.isPresent() && chunk.has(shape.file(stored.get().file()))) {
            var files = new StreamFiles(shape, chunk, open, stored.get());
            return new DataStream(handle, group, name, files, stored.get());
        }
        return new DataStream(handle, group, name, new StreamFiles(shape, chunk, open), isIndexed);
    }

    /// Streams of one directory are of one trace, until its metadata has been closed.
    private StreamGroup group(CString path) {
        StreamGroup group = groups.get(path);
        if (group != null) {
            ViewedMetadata metadata = group.metadata();
            if (metadata == null || !metadata.isClosed()) {
                return group;
            }
        }
        int generation = group == null ? 0 : group.generation() + 1;
        var made = new StreamGroup(ids.getAsLong(), path, generation, changes);
        groups.put(path, made);
        return made;
    }
}
