// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.store;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.file.SafeNames;
import dev.contrail.relay.label.LabelFile;
import dev.contrail.relay.label.SessionLabel;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayRequest.AddStream;
import dev.contrail.wire.relay.RelayRequest.CloseTraceChunk;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import dev.contrail.wire.relay.RelayRequest.CreateTraceChunk;
import dev.contrail.wire.relay.RelayRequest.RotateStreams;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A session of a producer's: its trace chunks and streams.
///
/// Its lock is taken before those of streams and chunks. Handles of other sessions mean nothing to
/// it.
public final class RelaySession {
    private final SharedState shared;
    private final Registry registry;
    private final long id;
    private final CreateSession request;
    private final RelayVersion version;
    private final Path directory;
    private final PublishedStreams published;
    private final Changes changes;
    private final Map<Long, StoredStream> streams = new ConcurrentHashMap<>();
    private final Set<StoredStream> unpublished = new LinkedHashSet<>();
    private final Map<CString, StreamGroup> groups = new HashMap<>();
    private final Set<Long> asked = new HashSet<>();

    /// Those of the journal that are there again.
    private final Set<SessionJournal.Key> begun = new HashSet<>();

    private final SessionChunks chunks;
    private @Nullable Resumption resumption;
    private boolean isEnded;
    private volatile boolean isGivenUp;

    /// Knows all sessions.
    interface Registry {
        /// A handle that nobody can guess; 0 when there are too many streams.
        long newHandle();

        /// Unique in this relay.
        long newGroupId();

        void added(long handle, RelaySession session);

        void removed(long handle);

        void ended(RelaySession session);
    }

    /// @param directory below the output directory
    RelaySession(
            SharedState shared,
            Registry registry,
            long id,
            CreateSession request,
            RelayVersion version,
            Path directory) {
        this.shared = shared;
        this.registry = registry;
        this.id = id;
        this.request = request;
        this.version = version;
        this.directory = directory;
        published = new PublishedStreams();
        changes = new Changes();
        chunks =
                new SessionChunks(
                        shared,
                        new SessionChunks.Owner(request.daemonUuid(), request.sessionId()),
                        version,
                        directory);
    }

    /// One that a relay before this one has left: it has ended.
    ///
    /// @param directory below the output directory
    /// @throws java.nio.file.NoSuchFileException when its trace is gone
    RelaySession(SharedState shared, Registry registry, long id, SessionLabel label, Path directory)
            throws IOException {
        this.shared = shared;
        this.registry = registry;
        this.id = id;
        this.directory = directory;
        request = label.request();
        version = RelayVersion.OURS;
        changes = new Changes();
        published = EndedStreams.of(label, shared.layout(), place(), registry::newGroupId, changes);
        var owner = new SessionChunks.Owner(request.daemonUuid(), request.sessionId());
        chunks = new SessionChunks(shared, owner, version, directory);
        isEnded = true;
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
        return shared.layout().root().resolve(directory);
    }

    /// What viewers may see of it.
    public PublishedStreams published() {
        return published;
    }

    /// Tells when viewers may have something new of it.
    public Changes changes() {
        return changes;
    }

    public boolean isLive() {
        return request.liveTimerMicros() > 0;
    }

    /// The stream of that handle, if it is this session's.
    public Optional<StoredStream> stream(long untrustedHandle) {
        return Optional.ofNullable(streams.get(untrustedHandle));
    }

    /// Joins the chunk that another consumer of the same recording session has made, or opens the
    /// only one of producers that know of none.
    synchronized void begin() throws Refusal, IOException {
        chunks.begin(request);
    }

    /// Keeps a journal from now on, or goes on with the one that lies in its directory.
    synchronized void keepJournal() throws IOException, Refusal {
        Path absolute = shared.layout().root().resolve(directory);
        var owner = new SessionJournal.Owner(request.daemonUuid(), request.sessionId());
        resumption = new Resumption(SessionJournal.open(absolute, owner), shared.layout().root());
        try {
            LabelFile.write(absolute, SessionLabel.begun(request), true);
        } catch (IOException e) {
            RelayLog.failed(
                    "viewers cannot read %s after a kill of this relay".formatted(directory), e);
            LabelFile.remove(absolute); // what it says is over
        }
    }

    /// What makes it outlive its producer's connection, if it does.
    public Optional<Resumption> resumption() {
        return Optional.ofNullable(resumption);
    }

    /// Opens a trace chunk; the streams go on in it one by one.
    public synchronized void createChunk(CreateTraceChunk asked) throws Refusal, IOException {
        TraceChunk present = chunks.current();
        if (resumption != null && present != null && present.id() != asked.chunkId()) {
            throw Refusal.ending(
                    ResultCode.PROTOCOL, "another trace chunk in a session with a journal");
        }
        chunks.create(asked);
        takeUp(SessionJournal.Stored::isClosed);
    }

    /// Shows what the journal has of streams that their producer does not go on with: that of
    /// others is shown when it does, or at the end.
    private synchronized void takeUp(Predicate<SessionJournal.Stored> which) {
        if (resumption == null || chunks.current() == null) {
            return;
        }
        for (SessionJournal.Stored each : resumption.all()) {
            if (!which.test(each) || begun.contains(each.key()) || !each.isData()) {
                continue;
            }
            try {
                takeUp(each, chunks.current());
            } catch (IOException | Refusal | RuntimeException e) { // it says what cannot be
                RelayLog.warn(
                        "viewers cannot read %s of %s: %s"
                                .formatted(each.key(), directory, Reason.of(e)));
            }
        }
        publish();
    }

    private void takeUp(SessionJournal.Stored stored, TraceChunk chunk)
            throws IOException, Refusal {
        CString path = CString.of(stored.key().path());
        String name = SafeNames.file(CString.of(stored.key().channel())).orElseThrow();
        Path traces = shared.layout().streamDirectory(path, request.host(), version);
        long files = EndedStreams.files(chunk, traces.resolve(name));
        boolean hasData = files > 0 || isThere(traces.resolve(name), chunk);
        if (hasData && isThere(traces.resolve("metadata"), chunk)) {
            resumeStream(EndedStreams.asked(path, "metadata", 0));
            StoredStream ended = resumeStream(EndedStreams.asked(path, name, files));
            ended.end();
            forget(ended);
        } else {
            RelayLog.debug(
                    "a stream of %s, or what declares it, is gone: %s"
                            .formatted(directory, stored.key()));
        }
    }

    /// Closes a trace chunk.
    ///
    /// @return where it will be, below the output directory
    public synchronized Path closeChunk(CloseTraceChunk asked) throws Refusal, IOException {
        takeUp(_ -> true);
        Path closed = chunks.close(asked);
        if (resumption != null) {
            resumption.commit();
            label(); // before nobody goes on with it
            resumption.complete();
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
    public long addStream(AddStream asked) throws Refusal {
        return add(asked, Optional.empty()).handle();
    }

    /// Goes on with a stream of the present chunk, or adds it.
    public synchronized StoredStream resumeStream(AddStream asked) throws Refusal {
        for (StoredStream each : streams.values()) {
            if (each.channelName().equals(asked.channelName())
                    && each.group().path().equals(asked.path())
                    && !each.isClosed()) {
                return each;
            }
        }
        var key = new SessionJournal.Key(asked.path().toString(), asked.channelName().toString());
        boolean isShown = !begun.add(key);
        StoredStream added = add(asked, resumption().flatMap(its -> its.of(key)));
        if (isShown && added instanceof DataStream data) {
            data.goesOnFromHere();
        }
        return added;
    }

    private synchronized StoredStream add(AddStream asked, Optional<SessionJournal.Stored> stored)
            throws Refusal {
        TraceChunk chunk = chunks.current();
        if (chunk == null || isEnded) {
            throw Refusal.of(ResultCode.UNKNOWN, "a stream without a trace chunk");
        }
        if (asked.tracefileBytes() != 0 && asked.tracefileCount() == 0) {
            throw Refusal.of(ResultCode.UNKNOWN, "tracefiles of a size, but none of them");
        }
        String name =
                SafeNames.file(asked.channelName())
                        .orElseThrow(() ->
                                Refusal.of(
                                        ResultCode.UNKNOWN,
                                        "name of a channel: " + asked.channelName()));
        Path path = shared.layout().streamDirectory(asked.path(), request.host(), version);
        long handle = registry.newHandle();
        if (handle == 0) {
            throw Refusal.of(ResultCode.UNKNOWN, "too many streams");
        }
        StreamGroup group = group(asked.path());
        try {
            StoredStream added =
                    name.equals("metadata")
                            ? metadata(handle, asked, group, path.resolve(name), chunk, stored)
                            : data(handle, asked, group, path.resolve(name), chunk, stored);
            streams.put(handle, added);
            unpublished.add(added);
            registry.added(handle, this);
            return added;
        } catch (IOException e) {
            RelayLog.failed("a stream is refused", e);
            throw Refusal.of(ResultCode.UNKNOWN, "the file cannot be made");
        }
    }

    private MetadataStream metadata(
            long handle,
            AddStream asked,
            StreamGroup group,
            Path file,
            TraceChunk chunk,
            Optional<SessionJournal.Stored> stored)
            throws IOException {
        Set<Object> open = shared.openFiles();
        CString name = asked.channelName();
        MetadataStream stream;
        if (stored.isPresent() && isThere(file, chunk)) {
            stream = new MetadataStream(handle, group, name, file, chunk, open, stored.get());
        } else {
            stream = new MetadataStream(handle, group, name, file, chunk, open);
        }
        group.describedBy(stream);
        return stream;
    }

    private DataStream data(
            long handle,
            AddStream asked,
            StreamGroup group,
            Path file,
            TraceChunk chunk,
            Optional<SessionJournal.Stored> stored)
            throws IOException {
        boolean isIndexed = version.isAtLeast(4) && !request.isSnapshot();
        var shape =
                new StreamFiles.Shape(
                        file,
                        asked.tracefileBytes(),
                        asked.tracefileCount(),
                        isIndexed,
                        version.minor(),
                        resumption != null && resumption.isSynced());
        CString name = asked.channelName();
        Set<Object> open = shared.openFiles();
        if (stored.isPresent() && isThere(shape.file(stored.get().file()), chunk)) {
            return new DataStream(
                    handle,
                    group,
                    name,
                    new StreamFiles(shape, chunk, open, stored.get()),
                    stored.get());
        }
        return new DataStream(handle, group, name, new StreamFiles(shape, chunk, open), isIndexed);
    }

    /// Somebody may have moved it away.
    private static boolean isThere(Path file, TraceChunk chunk) throws IOException {
        return chunk.open(file, path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS));
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
        StreamGroup made = new StreamGroup(registry.newGroupId(), path, generation, changes);
        groups.put(path, made);
        return made;
    }

    /// Shows the streams added so far to viewers, those that have their metadata.
    public synchronized void publish() {
        List<StoredStream> ready =
                unpublished.stream().filter(each -> each.group().metadata() != null).toList();
        unpublished.removeAll(Set.copyOf(ready));
        published.add(ready);
        changes.happened();
    }

    /// The streams go on in another chunk, or in none.
    public synchronized void rotate(RotateStreams asked) throws Refusal, IOException {
        TraceChunk next = asked.hasNewChunk() ? chunks.current(asked.newChunkId()) : null;
        var rotated = new ArrayList<StoredStream>();
        for (RotateStreams.Position each : asked.positions()) {
            rotated.add(
                    stream(each.streamId())
                            .orElseThrow(() ->
                                    Refusal.ending(
                                            ResultCode.INVALID, "rotation of an unknown stream")));
        }
        for (int i = 0; i < rotated.size(); i++) {
            rotated.get(i).rotate(next, asked.positions().get(i).firstPacketSequence());
        }
    }

    /// Its producer has said all of a stream.
    public void close(StoredStream stream, long lastNetSeqNum) throws IOException {
        if (resumption().isPresent()) {
            resumption().get().finished(stream);
        }
        if (stream instanceof MetadataStream) {
            takeUp(_ -> true); // as long as that is not said to be all
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
        if (streams.remove(stream.handle()) != null) {
            registry.removed(stream.handle());
            resumption().ifPresent(its -> its.closed(stream));
        }
    }

    /// Whether packets up to that one are waited for.
    public synchronized boolean isPending(StoredStream stream, long lastNetSeqNum) {
        asked.add(stream.handle());
        return stream.isPending(lastNetSeqNum);
    }

    /// From now on is noted which streams are asked about.
    public synchronized void beginPending() {
        asked.clear();
    }

    /// Nothing of a metadata stream is ever waited for.
    public synchronized void quiescent(long untrustedHandle) {
        if (streams.containsKey(untrustedHandle)) {
            asked.add(untrustedHandle);
        }
    }

    /// Whether a stream that is open was not asked about.
    public synchronized boolean endPending() {
        return streams.values().stream()
                .anyMatch(each -> !asked.contains(each.handle()) && !each.isClosed());
    }

    /// Whether packets may still come.
    public boolean awaitsData() {
        return streams.values().stream().anyMatch(DataStream.class::isInstance);
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
            takeUp(_ -> true);
        }
        isEnded = true;
        closeJournal();
        for (StoredStream each : List.copyOf(streams.values())) {
            try {
                each.end();
            } catch (IOException e) {
                RelayLog.failed("close of a stream", e);
            }
            forget(each);
        }
        chunks.end();
        if (!isGivenUp) {
            label();
        }
        registry.ended(this);
        changes.happened();
    }

    /// Remembers it for the next relay. Producers before 2.11 have no directory of their own, and
    /// of a snapshot viewers see nothing.
    private void label() {
        if (request.isSnapshot() || !version.isAtLeast(11)) {
            return;
        }
        try {
            Optional<SessionLabel> label = EndedStreams.label(request, published);
            if (label.isPresent() && resumption != null) {
                LabelFile.write(place(), label.get(), resumption.isSynced());
            } else if (label.isPresent()) {
                LabelFile.writeBeside(place(), label.get());
            }
        } catch (IOException | IllegalArgumentException e) {
            RelayLog.failed(
                    "viewers cannot read %s after a restart of this relay".formatted(directory), e);
        }
    }

    private void closeJournal() {
        Resumption its = resumption;
        if (its == null || its.isComplete()) {
            return;
        }
        try (its) {
            its.commit();
        } catch (IOException e) {
            RelayLog.failed("journal of " + directory, e);
        }
    }
}
