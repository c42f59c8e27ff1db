// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.session;

import dev.contrail.relay.chunk.OutputLayout;
import dev.contrail.relay.journal.Resumption;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.request.RecordingSession;
import dev.contrail.relay.request.Refusal;
import dev.contrail.relay.stream.Changes;
import dev.contrail.relay.stream.PublishedStreams;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// All sessions of this relay, and the streams that packets come for. Used by all threads.
public final class RelaySessions {
    /// Sessions whose producers are connected.
    static final int MAX_SESSIONS = 4096;

    private final SharedState shared;
    private final StreamHandles handles;
    private final Map<Long, RelaySession> sessions = new ConcurrentHashMap<>();
    private final EndedSessions ended = new EndedSessions();
    private final EarlierSessions earlier;
    private final FreePlaces free;

    /// Of producers that may go and come back.
    private final Map<RecordingSession, RelaySession> resumable = new ConcurrentHashMap<>();

    /// Held while a directory is chosen and made.
    private final Object places = new Object();

    private final Changes changes = new Changes();

    private final RelaySession.Registry registry =
            new RelaySession.Registry() {
                @Override
                public SessionStreams.Handles handlesOf(RelaySession session) {
                    return handles.of(session);
                }

                @Override
                public void ended(RelaySession session) {
                    if (session.published().last() > 0 && !session.isGivenUp()) {
                        ended.keep(session); // before it is not found among the others
                    }
                    sessions.remove(session.id());
                    resumable.values().remove(session);
                    changes.happened();
                }
            };

    /// @param mayClear whether producers may have trace chunks deleted
    /// @param maxStreams that may be open at once
    /// @param random for handles that nobody can guess
    public RelaySessions(
            OutputLayout layout, boolean mayClear, int maxStreams, RandomGenerator random) {
        shared = new SharedState(layout, mayClear);
        handles = new StreamHandles(maxStreams, random, this::giveWay);
        earlier = new EarlierSessions(shared, registry, ended);
        free = new FreePlaces(layout, sessions.values());
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
        RecordingSession owner = RecordingSession.of(request);
        synchronized (resumable) {
            RelaySession session = resumable.get(owner);
            if (session != null && !isSame(session.request(), request)) {
                session.end();
                session = null;
            }
            if (session == null) {
                session =
                        open(
                                shared.newSessionId(),
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
        return open(shared.newSessionId(), request, version, free::of);
    }

    /// Says where a session is stored.
    private interface Place {
        Path of(CreateSession request, RelayVersion version) throws Refusal, IOException;
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
                            shared,
                            registry,
                            id,
                            request,
                            version,
                            place.of(request, version),
                            new PublishedStreams());
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

    /// What has ended of it is read as a part of it.
    private void goesOn(RelaySession session) {
        earlier.goesOn(session.place());
        ended.forget(session.place());
    }

    /// What relays before this one have left and viewers could read can be read again. A session
    /// whose producer may come back is not shown before [#showAbsent].
    ///
    /// @param labels files
    public void takeUp(List<Path> labels) {
        earlier.takeUp(labels);
    }

    /// Whether there are such sessions.
    public boolean awaitsProducers() {
        return earlier.awaitsProducers();
    }

    /// Viewers need not wait for producers that have not come back to what they had.
    public void showAbsent() {
        for (long each : earlier.awaited()) {
            synchronized (resumable) { // or it goes on meanwhile, and is there twice
                earlier.showAwaited(each, this::reopen);
            }
        }
        changes.happened();
    }

    private RelaySession reopen(long id, CreateSession request, Path directory)
            throws Refusal, IOException {
        return open(id, request, RelayVersion.OURS, (_, _) -> directory);
    }

    /// One that has ended can be read no more.
    public void forget(RelaySession session) {
        ended.forget(session);
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
        ended.addTo(readable);
        return List.copyOf(readable.values());
    }

    /// The session that a stream belongs to.
    public Optional<RelaySession> ofStream(long untrustedHandle) {
        return handles.session(untrustedHandle);
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
