// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.store;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.file.StoredFiles;
import dev.contrail.relay.label.LabelFile;
import dev.contrail.relay.label.LeftLabels;
import dev.contrail.relay.label.SessionLabel;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import dev.contrail.wire.relay.RelayRequest.CreateTraceChunk;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// All sessions of this relay, and the streams that packets come for. Used by all threads.
public final class RelaySessions {
    /// Sessions whose producers are connected.
    static final int MAX_SESSIONS = 4096;

    /// Sessions that have ended and that viewers can still begin to read: those before stay on the
    /// disk.
    static final int MAX_ENDED = 1024;

    /// Sessions that would be stored in one directory: each has one of its own.
    static final int MAX_OF_ONE_NAME = 1000;

    private final SharedState shared;
    private final int maxStreams;
    private final RandomGenerator random;
    private final AtomicLong lastGroup = new AtomicLong();
    private final Streams streams = new Streams();
    private final Map<Long, RelaySession> sessions = new ConcurrentHashMap<>();
    private final Map<Long, RelaySession> byHandle = new ConcurrentHashMap<>();

    /// Of producers that may go and come back.
    private final Map<SessionJournal.Owner, RelaySession> resumable = new ConcurrentHashMap<>();

    /// Those that have ended and can still be read, the oldest first. Guarded by itself.
    private final SequencedMap<Long, RelaySession> ended = new LinkedHashMap<>();

    /// Labels of sessions that have ended, unless their producers come back. Changed with the lock
    /// of `resumable` after the relay's start.
    private final Map<Long, Path> awaited = new ConcurrentHashMap<>();

    /// Held while a directory is chosen and made.
    private final Object places = new Object();

    private final Changes changes = new Changes();
    private final AtomicLong lastId = new AtomicLong();

    /// @param mayClear whether producers may have trace chunks deleted
    /// @param maxStreams that may be open at once
    /// @param random for handles that nobody can guess
    public RelaySessions(
            OutputLayout layout, boolean mayClear, int maxStreams, RandomGenerator random) {
        this.random = random;
        this.maxStreams = maxStreams;
        shared = new SharedState(layout, mayClear, new Chunks(), ConcurrentHashMap.newKeySet());
    }

    private final class Streams implements RelaySession.Registry {
        @Override
        public long newHandle() {
            long handle;
            do {
                handle = random.nextLong() >>> 1;
            } while (handle == 0 || byHandle.containsKey(handle));
            while (byHandle.size() >= maxStreams && giveWay()) {}
            return byHandle.size() < maxStreams ? handle : 0;
        }

        @Override
        public long newGroupId() {
            return lastGroup.incrementAndGet();
        }

        @Override
        public void added(long handle, RelaySession session) {
            byHandle.put(handle, session);
        }

        @Override
        public void removed(long handle) {
            byHandle.remove(handle);
        }

        @Override
        public void ended(RelaySession session) {
            if (session.published().last() > 0 && !session.isGivenUp()) {
                keep(session); // before it is not found among the others
            }
            sessions.remove(session.id());
            resumable.values().remove(session);
            changes.happened();
        }
    }

    /// The oldest session whose producer is gone leaves its streams' places to others: the journal
    /// says how far it had come.
    ///
    /// @return whether there was one
    private boolean giveWay() {
        Optional<RelaySession> oldest =
                resumable.values().stream()
                        .filter(each -> each.resumption().filter(Resumption::isAbsent).isPresent())
                        .filter(each -> !each.isEnded())
                        .min(Comparator.comparingLong(RelaySession::id));
        oldest.ifPresent(RelaySession::giveUp);
        return oldest.isPresent();
    }

    /// Opens a session, or goes on with one, whose producer may go and come back.
    ///
    /// @param isSynced whether what is acknowledged shall survive a loss of power
    /// @param cut ends the producer's connection
    public RelaySession resume(
            CreateSession request, RelayVersion version, boolean isSynced, Runnable cut)
            throws Refusal, IOException {
        var owner = new SessionJournal.Owner(request.daemonUuid(), request.sessionId());
        synchronized (resumable) {
            RelaySession session = resumable.get(owner);
            if (session != null && !isSame(session.request(), request)) {
                session.end();
                session = null;
            }
            if (session == null) {
                session =
                        open(
                                lastId.incrementAndGet(),
                                request,
                                version,
                                shared.layout()::sessionDirectory);
                try {
                    session.keepJournal();
                } catch (IOException | Refusal e) {
                    session.end();
                    throw e;
                }
                resumable.put(owner, session);
                goesOn(session);
            }
            if (!session.resumption().orElseThrow().attach(cut, isSynced)) {
                throw Refusal.of(
                        ResultCode.PROTOCOL,
                        "an earlier connection of its producer is being closed");
            }
            return session;
        }
    }

    private static boolean isSame(CreateSession first, CreateSession second) {
        return first.name().equals(second.name())
                && first.host().equals(second.host())
                && first.basePath().equals(second.basePath())
                && first.createdSeconds() == second.createdSeconds();
    }

    /// Opens a session.
    ///
    /// @param version that its producer speaks
    public RelaySession open(CreateSession request, RelayVersion version)
            throws Refusal, IOException {
        return open(lastId.incrementAndGet(), request, version, this::free);
    }

    /// Says where a session is stored.
    private interface Place {
        Path of(CreateSession request, RelayVersion version) throws Refusal, IOException;
    }

    /// Where nobody else has stored anything: sessions of one name and second, and those that say
    /// their directory themselves, would empty each other's files. The consumer daemons of one
    /// recording session have one directory; so have its snapshots, each in one of its own below.
    private Path free(CreateSession request, RelayVersion version) throws Refusal, IOException {
        Path wanted = shared.layout().sessionDirectory(request, version);
        if (!version.isAtLeast(11) || request.isSnapshot()) {
            return wanted;
        }
        for (int number = 2; number < MAX_OF_ONE_NAME; number++) {
            Path tried =
                    number == 2
                            ? wanted
                            : wanted.resolveSibling(wanted.getFileName() + "-" + (number - 1));
            if (isOwn(tried, request)) {
                return tried;
            }
            boolean isRecorded = false;
            for (RelaySession each : sessions.values()) {
                Path other = each.directory();
                if (tried.startsWith(other)
                        && !tried.equals(other)
                        && !other.toString().isEmpty()) {
                    throw Refusal.of(
                            ResultCode.FATAL, tried + " is in another session's directory");
                }
                isRecorded |= other.startsWith(tried);
            }
            if (!isRecorded && StoredFiles.isEmpty(shared.layout().root().resolve(tried))) {
                return tried;
            }
        }
        throw Refusal.of(ResultCode.FATAL, "too many sessions are stored as " + wanted);
    }

    private boolean isOwn(Path directory, CreateSession request) {
        return sessions.values().stream()
                .anyMatch(each ->
                        each.directory().equals(directory)
                                && each.request().daemonUuid().equals(request.daemonUuid())
                                && each.request().sessionId() == request.sessionId());
    }

    private RelaySession open(long id, CreateSession request, RelayVersion version, Place place)
            throws Refusal, IOException {
        if (sessions.size() >= MAX_SESSIONS) {
            throw Refusal.of(ResultCode.FATAL, "too many sessions");
        }
        if (version.isAtLeast(11) && request.daemonUuid().equals(CreateSession.NO_UUID)) {
            throw Refusal.of(ResultCode.FATAL, "a session daemon without a UUID");
        }
        int format = request.traceFormat();
        if (version.isAtLeast(15)
                && format != CreateSession.CTF_1_8
                && format != CreateSession.CTF_2) {
            throw Refusal.of(ResultCode.FATAL, "trace format " + format);
        }
        RelaySession session;
        synchronized (places) {
            session =
                    new RelaySession(
                            shared, streams, id, request, version, place.of(request, version));
            session.begin();
            tellOfNamesakes(session);
            sessions.put(session.id(), session);
        }
        changes.happened();
        return session;
    }

    /// Viewers call sessions by host and name.
    private void tellOfNamesakes(RelaySession session) {
        CreateSession request = session.request();
        for (RelaySession each : sessions.values()) {
            CreateSession other = each.request();
            if (other.name().equals(request.name())
                    && other.host().equals(request.host())
                    && !other.daemonUuid().equals(request.daemonUuid())) {
                RelayLog.warn(
                        ("session %s of host %s (%s) is not from the session daemon that sends %s:"
                                        + " perhaps two hosts have one name; viewers are shown both")
                                .formatted(
                                        request.name(),
                                        request.host(),
                                        session.directory(),
                                        each.directory()));
                return;
            }
        }
    }

    private void keep(RelaySession session) {
        synchronized (ended) {
            ended.put(session.id(), session);
            if (ended.size() > MAX_ENDED) {
                ended.pollFirstEntry();
            }
        }
    }

    /// What has ended of it is read as a part of it.
    private void goesOn(RelaySession session) {
        awaited.values().removeIf(each -> StoredFiles.parent(each).equals(session.place()));
        synchronized (ended) {
            ended.values()
                    .removeIf(each ->
                            each.place().equals(session.place()) && !each.request().isSnapshot());
        }
    }

    /// What relays before this one have left and viewers could read can be read again. A session
    /// whose producer may come back is not shown before [#showAbsent].
    ///
    /// @param labels files
    public void takeUp(List<Path> labels) {
        var directories = new HashMap<List<Object>, Path>();
        for (LeftLabels.Left each : LeftLabels.read(labels, MAX_ENDED)) {
            CreateSession its = each.label().request();
            Path directory = StoredFiles.parent(each.file());
            Path other =
                    directories.putIfAbsent(
                            List.of(its.daemonUuid(), its.sessionId(), its.createdSeconds()),
                            directory);
            if (other != null && !other.equals(directory)) {
                RelayLog.warn(
                        "viewers are not shown %s: it is a copy of %s".formatted(directory, other));
                continue;
            }
            long id = lastId.incrementAndGet();
            if (LeftSessions.mayGoOn(each.file())) {
                awaited.put(id, each.file());
            } else {
                show(id, each.file(), each.label());
            }
        }
    }

    /// Whether there are such sessions.
    public boolean awaitsProducers() {
        return !awaited.isEmpty();
    }

    /// Viewers need not wait for producers that have not come back to what they had.
    public void showAbsent() {
        awaited.forEach((id, file) -> {
            synchronized (resumable) { // or it goes on meanwhile, and is there twice
                if (awaited.remove(id, file)) {
                    showAbsent(id, file);
                }
            }
        });
        changes.happened();
    }

    private void showAbsent(long id, Path file) {
        try {
            SessionLabel label = LabelFile.read(file);
            if (label.isOfBeginning()) {
                complete(id, shared.layout().root().relativize(StoredFiles.parent(file)), label);
            } else {
                show(id, file, label);
            }
        } catch (NoSuchFileException e) {
            RelayLog.debug("it is gone: " + file);
        } catch (IOException | Refusal e) {
            RelayLog.failed("viewers cannot read a session whose producer is gone", e);
        }
    }

    /// Ends a session that a relay was killed in: the journal says how far it had come.
    private void complete(long id, Path directory, SessionLabel label) throws Refusal, IOException {
        CreateSession request = label.request();
        RelaySession left = open(id, request, RelayVersion.OURS, (_, _) -> directory);
        try {
            left.keepJournal();
            left.createChunk(new CreateTraceChunk(0, request.createdSeconds(), CString.EMPTY));
        } finally {
            left.end();
        }
    }

    private void show(long id, Path file, SessionLabel label) {
        Path directory = shared.layout().root().relativize(StoredFiles.parent(file));
        try {
            keep(new RelaySession(shared, streams, id, label, directory));
        } catch (NoSuchFileException e) {
            RelayLog.debug("the trace is gone: " + Reason.of(e));
            discard(file);
        } catch (IOException e) {
            RelayLog.failed("viewers cannot read " + directory, e);
        }
    }

    private static void discard(Path label) {
        try {
            Files.deleteIfExists(label);
        } catch (IOException e) {
            RelayLog.failed("the label of a trace that is gone", e);
        }
    }

    /// One that has ended can be read no more.
    public void forget(RelaySession session) {
        synchronized (ended) {
            ended.remove(session.id());
        }
        changes.happened();
    }

    /// Tells when sessions begin or end.
    public Changes changes() {
        return changes;
    }

    /// Those whose producers are there, and those that have ended and can still be read, the oldest
    /// first.
    public List<RelaySession> readable() {
        var readable = new TreeMap<>(sessions);
        synchronized (ended) {
            readable.putAll(ended);
        }
        return List.copyOf(readable.values());
    }

    /// The session that a stream belongs to.
    public Optional<RelaySession> ofStream(long untrustedHandle) {
        return Optional.ofNullable(byHandle.get(untrustedHandle));
    }

    /// The session of that number, if its producer is there.
    public Optional<RelaySession> find(long untrustedId) {
        return Optional.ofNullable(sessions.get(untrustedId));
    }

    /// Those whose producers are there, the oldest first.
    public List<RelaySession> all() {
        var all = new ArrayList<>(sessions.values());
        all.sort(Comparator.comparingLong(RelaySession::id));
        return all;
    }
}
