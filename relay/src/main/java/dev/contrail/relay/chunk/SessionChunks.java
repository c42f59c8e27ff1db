// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.chunk;

import dev.contrail.relay.file.StoredFiles;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.request.RecordingSession;
import dev.contrail.relay.request.Refusal;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayRequest.CloseTraceChunk;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import dev.contrail.wire.relay.RelayRequest.CreateTraceChunk;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The trace chunks of a session: the one that is recorded into, during a rotation the one before
/// it, and where they lie. Guarded by the session's lock.
public final class SessionChunks {
    private final Chunks chunks;

    /// Which other consumer daemons may have sessions of, too.
    private final RecordingSession owner;

    private final RelayVersion version;
    private final Path directory;
    private @Nullable TraceChunk current;
    private @Nullable TraceChunk closing;
    private boolean hasRotated;

    /// @param directory of the session, below the output directory
    public SessionChunks(
            Chunks chunks, RecordingSession owner, RelayVersion version, Path directory) {
        this.chunks = chunks;
        this.owner = owner;
        this.version = version;
        this.directory = directory;
    }

    private Path root() {
        return chunks.layout().root().resolve(directory);
    }

    private Chunks.Key key(long chunkId) {
        return new Chunks.Key(owner, chunkId);
    }

    /// Joins the chunk that another consumer of the same recording session has made, or opens the
    /// only one of producers that know of none.
    public void begin(CreateSession request) throws Refusal, IOException {
        if (!version.isAtLeast(11)) {
            TraceChunk whole = TraceChunk.whole(chunks.layout(), root());
            whole.hold();
            current = whole;
        } else {
            StoredFiles.makeDirectories(chunks.layout().root(), root());
            if (request.hasChunk()) {
                current =
                        chunks.held(key(request.chunkId()))
                                .orElseThrow(
                                        () -> Refusal.of(ResultCode.FATAL, "unknown trace chunk"));
            }
        }
    }

    /// Opens a trace chunk; the streams go on in it one by one.
    public void create(CreateTraceChunk asked) throws Refusal, IOException {
        needEleven();
        String override = asked.overrideName().toString();
        if (override.contains("/") || override.contains(".")) {
            throw Refusal.ending(ResultCode.INVALID, "name of a chunk: " + override);
        }
        TraceChunk before = current;
        if (before != null && before.id() == asked.chunkId()) {
            return;
        }
        if (closing != null) {
            throw Refusal.ending(ResultCode.PROTOCOL, "three trace chunks at a time");
        }
        if (before != null && !before.isOverridden()) {
            before.moveTo(TraceChunk.OLD);
        }
        String place = before == null ? TraceChunk.IN_PLACE : TraceChunk.NEW;
        TraceChunk made =
                chunks.heldOrMade(
                        key(asked.chunkId()),
                        settled ->
                                new TraceChunk(
                                        chunks.layout(),
                                        root(),
                                        asked.chunkId(),
                                        asked.createdSeconds(),
                                        override,
                                        place,
                                        settled));
        if (before == null && hasRotated && !made.isOverridden()) {
            made.moveTo(made.name());
        }
        closing = before;
        current = made;
    }

    /// Closes a trace chunk.
    ///
    /// @return where it will be, below the output directory
    public Path close(CloseTraceChunk asked) throws Refusal, IOException {
        needEleven();
        TraceChunk chunk =
                isOf(closing, asked.chunkId())
                        ? closing
                        : isOf(current, asked.chunkId()) && closing == null ? current : null;
        if (chunk == null) {
            throw Refusal.ending(ResultCode.NO_MEMORY, "unknown trace chunk " + asked.chunkId());
        }
        TraceChunk.End end = end(asked);
        TraceChunk next = current;
        if (next != null && next != chunk && !next.isOverridden()) {
            boolean isFirstCleared = end == TraceChunk.End.DELETE && !hasRotated;
            next.moveTo(isFirstCleared ? TraceChunk.IN_PLACE : next.name());
        }
        if (end == TraceChunk.End.STAY && !chunk.isOverridden()) {
            chunk.moveTo(hasRotated ? chunk.name() : TraceChunk.IN_PLACE);
        }
        chunk.close(asked.closedSeconds(), end);
        Path path =
                chunk.isOverridden()
                        ? directory.resolve(chunk.name())
                        : hasRotated
                                ? directory.resolve(OutputLayout.ARCHIVES).resolve(chunk.name())
                                : directory;
        hasRotated |= end == TraceChunk.End.ARCHIVE;
        if (chunk == current) {
            current = null;
        }
        closing = null;
        chunk.release();
        return path;
    }

    private static boolean isOf(@Nullable TraceChunk chunk, long untrustedId) {
        return chunk != null && chunk.id() == untrustedId;
    }

    private TraceChunk.End end(CloseTraceChunk asked) throws Refusal {
        if (!asked.hasCommand()) {
            return TraceChunk.End.STAY;
        }
        return switch (asked.command()) {
            case CloseTraceChunk.MOVE_TO_ARCHIVES -> TraceChunk.End.ARCHIVE;
            case CloseTraceChunk.DO_NOTHING -> TraceChunk.End.STAY;
            case CloseTraceChunk.DELETE -> {
                if (!chunks.mayClear()) {
                    throw Refusal.of(ResultCode.PROTOCOL, "clear is not allowed");
                }
                yield TraceChunk.End.DELETE;
            }
            default ->
                    throw Refusal.ending(
                            ResultCode.INVALID, "command of a chunk: " + asked.command());
        };
    }

    /// The chunk that streams are added to.
    public @Nullable TraceChunk current() {
        return current;
    }

    /// The chunk of that number, which streams go on in.
    public TraceChunk current(long untrustedId) throws Refusal {
        TraceChunk chunk = current;
        if (chunk == null || chunk.id() != untrustedId) {
            throw Refusal.ending(ResultCode.PROTOCOL, "unknown trace chunk " + untrustedId);
        }
        return chunk;
    }

    /// Whether a chunk is still worked on.
    public boolean isKnown(long chunkId) {
        return chunks.isKnown(key(chunkId));
    }

    private void needEleven() throws Refusal {
        if (!version.isAtLeast(11)) {
            throw Refusal.ending(ResultCode.PROTOCOL, "trace chunks are of version 2.11");
        }
    }

    /// Nothing more comes.
    public void end() {
        TraceChunk old = closing;
        TraceChunk last = current;
        closing = null;
        current = null;
        try {
            if (old != null && last != null) { // It was in the middle of a rotation.
                old.moveTo(hasRotated ? old.name() : TraceChunk.IN_PLACE);
                last.moveTo(last.name());
            }
        } catch (IOException e) {
            RelayLog.failed("the chunks of " + directory + " stay where they are", e);
        }
        if (old != null) {
            old.release();
        }
        if (last != null) {
            last.release();
        }
    }
}
