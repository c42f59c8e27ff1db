// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.session;

import dev.contrail.relay.chunk.SessionChunks;
import dev.contrail.relay.chunk.TraceChunk;
import dev.contrail.relay.journal.JournalEntry;
import dev.contrail.relay.journal.Resumption;
import dev.contrail.relay.journal.SessionJournal;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.request.RecordingSession;
import dev.contrail.relay.request.Refusal;
import dev.contrail.relay.stream.Changes;
import dev.contrail.relay.stream.MetadataStream;
import dev.contrail.relay.stream.PublishedStreams;
import dev.contrail.relay.stream.StoredStream;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayRequest.AddStream;
import dev.contrail.wire.relay.RelayRequest.CloseTraceChunk;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import dev.contrail.wire.relay.RelayRequest.CreateTraceChunk;
import dev.contrail.wire.relay.RelayRequest.RotateStreams;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A session of a producer's: its trace chunks and streams.
///
/// Its lock is taken before those of streams and chunks. Handles of other sessions mean nothing to
/// it.
public final class RelaySession {
    private final Registry registry;
    private final long id;
    private final CreateSession request;
    private final Path root;
    private final Path directory;
    private final PublishedStreams published;
    private final SessionStreams streams;
    private final DataPending pending;
    private final SessionChunks chunks;
    private final LabelWriter labels;
    private @Nullable JournaledStreams journaled;
    private boolean isEnded;
    private volatile boolean isGivenUp;

    /// Knows all sessions.
    interface Registry {
        /// The handles of its streams.
        SessionStreams.Handles handlesOf(RelaySession session);

        void ended(RelaySession session);
    }

    /// @param directory below the output directory
    /// @param published what viewers may see of it
    RelaySession(
            SharedState shared,
            Registry registry,
            long id,
            CreateSession request,
            RelayVersion version,
            Path directory,
            PublishedStreams published) {
        this.registry = registry;
        this.id = id;
        this.request = request;
        this.directory = directory;
        this.published = published;
        root = shared.layout().root();
        streams = new SessionStreams(shared, registry.handlesOf(this), request, version, published);
        pending = new DataPending(streams);
        RecordingSession owner = RecordingSession.of(request);
        chunks = new SessionChunks(shared.chunks(), owner, version, directory);
        labels = new LabelWriter(request, version, root, directory);
    }

    /// One that has ended before this relay began.
    static RelaySession ended(
            SharedState shared,
            Registry registry,
            long id,
            CreateSession request,
            Path directory,
            PublishedStreams published) {
        RelayVersion version = RelayVersion.OURS;
        var ended = new RelaySession(shared, registry, id, request, version, directory, published);
        ended.isEnded = true;
        return ended;
    }

    /// The relay's number.
    public long id() {
        return id;
    }

    /// What its producer said when it opened it.
    public CreateSession request() {
        return request;
    }

    /// Below the output directory.
    public Path directory() {
        return directory;
    }

    /// Where its directory is.
    public Path place() {
        return root.resolve(directory);
    }

    /// What viewers may see of it.
    public PublishedStreams published() {
        return published;
    }

    /// Tells when viewers may have something new of it.
    public Changes changes() {
        return published.changes();
    }

    public boolean isLive() {
        return request.liveTimerMicros() > 0;
    }

    /// The stream of that handle, if it is this session's.
    public Optional<StoredStream> stream(long untrustedHandle) {
        return streams.find(untrustedHandle);
    }

    /// Joins the chunk that another consumer of the same recording session has made, or opens the
    /// only one of producers that know of none.
    synchronized void begin() throws Refusal, IOException {
        chunks.begin(request);
    }

    /// Keeps a journal from now on, or goes on with the one that lies in its directory.
    synchronized void keepJournal() throws IOException, Refusal {
        var journal = SessionJournal.open(place(), RecordingSession.of(request));
        journaled = new JournaledStreams(new Resumption(journal, root), streams, directory);
        labels.begun();
    }

    /// What makes it outlive its producer's connection, if it does.
    public Optional<Resumption> resumption() {
        return Optional.ofNullable(journaled).map(JournaledStreams::resumption);
    }

    /// Opens a trace chunk; the streams go on in it one by one.
    public synchronized void createChunk(CreateTraceChunk asked) throws Refusal, IOException {
        TraceChunk present = chunks.current();
        if (journaled != null && present != null && present.id() != asked.chunkId()) {
            throw Refusal.ending(
                    ResultCode.PROTOCOL, "another trace chunk in a session with a journal");
        }
        chunks.create(asked);
        showJournaled(JournalEntry::isClosed);
    }

    /// Shows what the journal has of streams that their producer does not go on with: that of
    /// others is shown when it does, or at the end.
    private synchronized void showJournaled(Predicate<JournalEntry> which) {
        TraceChunk chunk = present();
        if (journaled != null && chunk != null) {
            journaled.show(which, chunk);
        }
    }

    /// The chunk that streams are added in.
    private @Nullable TraceChunk present() {
        return isEnded ? null : chunks.current();
    }

    /// Closes a trace chunk.
    ///
    /// @return where it will be, below the output directory
    public synchronized Path closeChunk(CloseTraceChunk asked) throws Refusal, IOException {
        showJournaled(_ -> true);
        Path closed = chunks.close(asked);
        if (journaled != null) {
            Resumption its = journaled.resumption();
            its.commit();
            labels.ended(published, Optional.of(its)); // before nobody goes on with it
            its.complete();
        }
        return closed;
    }

    /// Whether a chunk is still worked on.
    public boolean hasChunk(long chunkId) {
        return chunks.isKnown(chunkId);
    }

    /// Adds a stream in the present chunk.
    ///
    /// @return its handle
    public synchronized long addStream(AddStream asked) throws Refusal {
        boolean isSynced = resumption().filter(Resumption::isSynced).isPresent();
        return streams.add(asked, present(), Optional.empty(), isSynced).handle();
    }

    /// Goes on with a stream of the present chunk, or adds it.
    public synchronized StoredStream resumeStream(AddStream asked) throws Refusal {
        if (journaled == null) {
            throw new IllegalStateException("a session without a journal");
        }
        return journaled.resume(asked, present());
    }

    /// Shows the streams added so far to viewers, those that have their metadata.
    public synchronized void publish() {
        streams.publish();
    }

    /// The streams go on in another chunk, or in none.
    public synchronized void rotate(RotateStreams asked) throws Refusal, IOException {
        TraceChunk next = asked.hasNewChunk() ? chunks.current(asked.newChunkId()) : null;
        streams.rotate(next, asked.positions());
    }

    /// Its producer has said all of a stream.
    public void close(StoredStream stream, long lastNetSeqNum) throws IOException {
        if (resumption().isPresent()) {
            resumption().get().finished(stream);
        }
        if (stream instanceof MetadataStream) {
            showJournaled(_ -> true); // as long as that is not said to be all
        }
        stream.close(lastNetSeqNum);
        settle(stream);
    }

    /// After something has come for a stream: the handle of one that is closed means nothing more.
    public void settle(StoredStream stream) {
        if (stream.isClosed()) {
            forget(stream);
        }
    }

    private void forget(StoredStream stream) {
        if (streams.remove(stream)) {
            resumption().ifPresent(its -> its.closed(stream));
        }
    }

    /// Whether packets up to that one are waited for.
    public synchronized boolean isPending(StoredStream stream, long lastNetSeqNum) {
        return pending.isPending(stream, lastNetSeqNum);
    }

    /// From now on is noted which streams are asked about.
    public synchronized void beginPending() {
        pending.begin();
    }

    /// Nothing of a metadata stream is ever waited for.
    public synchronized void quiescent(long untrustedHandle) {
        pending.quiescent(untrustedHandle);
    }

    /// Whether a stream that is open was not asked about.
    public synchronized boolean endPending() {
        return pending.end();
    }

    /// Whether packets may still come.
    public boolean awaitsData() {
        return streams.awaitsData();
    }

    public synchronized boolean isEnded() {
        return isEnded;
    }

    /// It cannot go on as it is, but its producer may come again with it: its viewers are to come
    /// again, too.
    public void giveUp() {
        isGivenUp = true;
        end();
    }

    public boolean isGivenUp() {
        return isGivenUp;
    }

    /// Its producer is gone: viewers of LTTng's that have it may read on, others of them do not see
    /// it.
    public synchronized void end() {
        if (isEnded) {
            return;
        }
        if (!isGivenUp) {
            showJournaled(_ -> true);
        }
        isEnded = true;
        if (journaled != null) {
            journaled.end();
        }
        for (StoredStream each : streams.all()) {
            try {
                each.end();
            } catch (IOException e) {
                RelayLog.failed("close of a stream", e);
            }
            forget(each);
        }
        chunks.end();
        if (!isGivenUp) {
            labels.ended(published, resumption());
        }
        registry.ended(this);
        published.changes().happened();
    }
}
