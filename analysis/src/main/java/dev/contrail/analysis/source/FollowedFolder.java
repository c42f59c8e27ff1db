// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.Trace;
import dev.contrail.analysis.folder.TraceFolder;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The folder of a trace of a session of ours while it is written.
final class FollowedFolder {
    private record StreamId(long classId, long id) {}

    private final Path folder;
    private final Path metadata;
    private final Map<Path, Object> seen = new HashMap<>();
    private final Map<StreamId, FollowedStream> streams = new HashMap<>();
    private long parsedBytes = -1;
    private @Nullable TracePlan plan;
    private @Nullable Trace trace;

    FollowedFolder(Path folder) {
        this.folder = folder;
        metadata = folder.resolve("metadata");
    }

    /// Finds new files.
    ///
    /// @return the streams that have begun since
    List<FollowedStream> look() throws IOException {
        var begun = new ArrayList<FollowedStream>();
        try (DirectoryStream<Path> indexes =
                Files.newDirectoryStream(folder.resolve("index"), "*.idx")) {
            for (Path each : indexes) {
                look(each, begun);
            }
        } catch (NoSuchFileException e) {
            return begun; // nothing is recorded yet
        }
        return begun;
    }

    private void look(Path index, List<FollowedStream> begun) throws IOException {
        try {
            Object identity = TraceFolder.identity(index);
            if (identity.equals(seen.get(index))) {
                return;
            }
            Optional<IndexEntry> first = FollowedStream.first(index);
            if (first.isEmpty()) {
                return;
            }
            String name = index.getFileName().toString().replaceFirst("\\.idx$", "");
            Path file = folder.resolve(name);
            var id = new StreamId(first.get().streamClassId(), first.get().streamInstanceId());
            FollowedStream stream = streams.get(id);
            if (stream == null) {
                stream = FollowedStream.of(first.get(), file);
                streams.put(id, stream);
                begun.add(stream);
            }
            stream.add(file, index, first.get());
            seen.put(index, identity);
        } catch (NoSuchFileException e) {
            seen.remove(index); // it has made way for the next one
        }
    }

    /// What declares its packets by now; null when nothing does yet.
    @Nullable TracePlan plan() throws IOException {
        long bytes;
        try {
            bytes = Files.size(metadata);
        } catch (NoSuchFileException e) {
            return plan;
        }
        if (bytes == parsedBytes) {
            return plan;
        }
        try {
            Metadata read =
                    MetadataFile.parse(metadata.toString(), TraceFolder.metadataBytes(metadata));
            if (read.damage().isEmpty()) {
                plan = TracePlan.of(metadata.toString(), read);
                parsedBytes = bytes;
                if (trace == null) {
                    trace = new Trace(name(read), read);
                }
            }
        } catch (CtfException e) {
            return plan; // what is being appended is not whole yet
        }
        return plan;
    }

    private static String name(Metadata metadata) {
        return metadata.trace().environment().get("hostname") instanceof String host ? host : "";
    }

    /// The trace; there is one as soon as there is a plan.
    Trace trace() {
        Trace known = trace;
        if (known == null) {
            throw new IllegalStateException("not declared yet: " + folder);
        }
        return known;
    }
}
