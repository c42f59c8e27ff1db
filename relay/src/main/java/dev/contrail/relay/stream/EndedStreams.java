// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import dev.contrail.relay.chunk.OutputLayout;
import dev.contrail.relay.chunk.TraceChunk;
import dev.contrail.relay.label.SessionLabel;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The streams of a session that has ended, as a label remembers them. None of their files is open
/// until a viewer reads it.
public final class EndedStreams {
    private EndedStreams() {}

    /// What is to be remembered; empty where viewers could not see anything.
    public static Optional<SessionLabel> label(CreateSession request, PublishedStreams published) {
        var chunks = new LinkedHashMap<TraceChunk, Integer>();
        var traces = new LinkedHashMap<StreamGroup, SessionLabel.Trace>();
        var traceNumbers = new HashMap<StreamGroup, Integer>();
        var streams = new ArrayList<SessionLabel.Stream>();
        for (StoredStream each : published.after(0, Integer.MAX_VALUE).streams().values()) {
            StreamGroup group = each.group();
            if (each instanceof DataStream data
                    && group.metadata() instanceof MetadataStream metadata) {
                int trace = number(group, traceNumbers);
                traces.computeIfAbsent(
                        group,
                        _ ->
                                new SessionLabel.Trace(
                                        group.path(),
                                        group.generation(),
                                        metadata.label(chunk -> number(chunk, chunks))));
                SessionLabel.Stream its = data.label(trace, chunk -> number(chunk, chunks));
                if (data.elsewhere() >= 0) { // it has all that the one before it has, too
                    streams.removeIf(other ->
                            other.trace() == trace && other.channel().equals(its.channel()));
                }
                streams.add(its);
            }
        }
        return streams.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new SessionLabel(
                                request,
                                chunks.keySet().stream().map(TraceChunk::label).toList(),
                                List.copyOf(traces.values()),
                                streams));
    }

    /// What is met first has 0, the next one 1.
    private static <T> int number(T one, Map<T, Integer> numbers) {
        return numbers.computeIfAbsent(one, _ -> numbers.size());
    }

    /// Those that a label remembers.
    ///
    /// @param session absolute directory
    /// @throws NoSuchFileException when nothing of them is there
    public static PublishedStreams of(
            SessionLabel label, OutputLayout layout, Path session, LongSupplier groupIds)
            throws NoSuchFileException {
        List<TraceChunk> chunks =
                label.chunks().stream()
                        .map(each -> new TraceChunk(layout, session, place(session, each)))
                        .toList();
        var published = new PublishedStreams();
        var groups = new ArrayList<StreamGroup>();
        boolean isThere = false;
        for (SessionLabel.Trace each : label.traces()) {
            var metadata =
                    new LeftMetadata(
                            chunks.get(each.metadata().chunk()),
                            each.metadata().file(),
                            each.metadata().wholeBytes());
            isThere |= metadata.isThere();
            var group =
                    new StreamGroup(
                            groupIds.getAsLong(),
                            each.path(),
                            each.generation(),
                            published.changes());
            group.describedBy(metadata);
            groups.add(group);
        }
        if (!isThere) {
            throw new NoSuchFileException(session.toString());
        }
        var streams = new ArrayList<StoredStream>();
        for (SessionLabel.Stream each : label.streams()) {
            List<StreamPart> parts =
                    each.parts().stream()
                            .map(part -> new StreamPart(chunks.get(part.chunk()), part))
                            .toList();
            var files = new StreamFiles(Path.of(each.channel().toString()), parts);
            streams.add(new DataStream(groups.get(each.trace()), files, each));
        }
        published.add(streams);
        return published;
    }

    /// It may have been moved after it was labelled.
    private static String place(Path session, SessionLabel.Chunk chunk) {
        return Files.isDirectory(session.resolve(chunk.later()), LinkOption.NOFOLLOW_LINKS)
                ? chunk.later()
                : chunk.place();
    }

    private record LeftMetadata(TraceChunk chunk, Path file, long wholeBytes)
            implements ViewedMetadata {
        boolean isThere() {
            try (var _ = chunk.read(file)) {
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public ByteBuffer read(long from, int mostBytes) throws IOException {
            return chunk.read(file, from, wholeBytes, mostBytes);
        }

        @Override
        public boolean isClosed() {
            return true;
        }
    }
}
