// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.session.RelaySession;
import dev.contrail.relay.session.RelaySessions;
import dev.contrail.wire.CString;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.push.PushMessage;
import dev.contrail.wire.push.PushMessage.Status;
import dev.contrail.wire.push.PushMessage.Watching;
import dev.contrail.wire.push.PushRequest;
import dev.contrail.wire.push.PushRequest.StreamPlace;
import dev.contrail.wire.push.StreamPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One of our own viewers: what it has asked for, and what is to be sent to it next. It neither
/// waits nor sends. One thread tells it what the viewer says, another asks it what to send.
final class ViewerFeed implements AutoCloseable {
    /// Bytes of a packet or of metadata in a message.
    static final int MAX_PIECE_BYTES = 256 * 1024;

    /// Answers that a viewer may leave unread: one that asks on and on is none.
    static final int MAX_ANSWERS = 64;

    private static final int MAX_NAME_BYTES = 64;

    private final RelaySessions sessions;
    private final ViewedCounts counts;
    private final ReplyBudget budget;
    private final NamedViewers names;
    private final Runnable bell;
    private final Runnable leave;

    private final Queue<PushMessage> answers = new ArrayDeque<>();
    private final Map<RelaySession, SessionFeed> watched = new LinkedHashMap<>();
    private final Map<Path, ViewerPlace> places = new HashMap<>();
    private final List<NamedViewers.Key> held = new ArrayList<>();
    private Optional<WatchedSessions> wanted = Optional.empty();
    private long lastStream;
    private long remembered;
    private long rememberedTold;
    private boolean isOver;
    private boolean isClosed;

    /// Why nothing more is sent but this; any thread sets it, once.
    private final AtomicReference<PushMessage.@Nullable End> farewell = new AtomicReference<>();

    private volatile boolean isFarewellTold;

    /// Sessions have come or gone; any thread sets it.
    private volatile boolean haveSessionsChanged;

    private final Runnable sessionsChanged =
            () -> {
                haveSessionsChanged = true;
                ring();
            };

    /// @param bell to be rung when there may be something to send
    /// @param leave ends the connection
    ViewerFeed(
            RelaySessions sessions,
            ViewedCounts counts,
            ReplyBudget budget,
            NamedViewers names,
            Runnable bell,
            Runnable leave) {
        this.sessions = sessions;
        this.counts = counts;
        this.budget = budget;
        this.names = names;
        this.bell = bell;
        this.leave = leave;
    }

    /// Whether it watches sessions.
    synchronized boolean isWatching() {
        return wanted.isPresent();
    }

    private void ring() {
        bell.run();
    }

    /// The viewer has said something.
    ///
    /// @throws IOException when it is not to be believed
    void take(PushRequest request) throws IOException, InterruptedException {
        switch (request) {
            case PushRequest.ListSessions _ -> answer(ListedSessions.of(sessions, counts));
            case PushRequest.Watch asked -> watch(asked);
            case PushRequest.Credit(long stream, long bytes) -> {
                if (!credit(stream, bytes)) {
                    return; // nothing has waited for it
                }
            }
            case PushRequest.Shown(List<StreamPlace> shown, ByteBuffer mark) -> shown(shown, mark);
        }
        ring();
    }

    private synchronized void answer(PushMessage message) throws ProtocolException {
        if (answers.size() == MAX_ANSWERS) {
            throw new ProtocolException("it asks on and does not read the answers");
        }
        answers.add(message);
    }

    private void watch(PushRequest.Watch asked) throws IOException, InterruptedException {
        if (wanted.isPresent()) {
            refuse(Status.ALREADY_WATCHING);
            return;
        }
        String name = asked.name().toString();
        if (!name.isEmpty() && !isName(asked.name())) {
            refuse(Status.WRONG_NAME);
            return;
        }
        var wish = new WatchedSessions(sessions, asked.host(), asked.session());
        Predicate<RelaySession> isBegun =
                each -> !name.isEmpty() && ViewerPlace.isKnown(each.place(), name);
        List<RelaySession> found = wish.find(isBegun);
        if (found.isEmpty()) {
            refuse(Status.UNKNOWN_SESSION);
            return;
        }
        if (found.stream().anyMatch(each -> !each.isLive() && !each.isEnded())) {
            refuse(Status.NOT_LIVE);
            return;
        }
        if (!name.isEmpty()) {
            for (RelaySession each : found) {
                if (each.directory().toString().isEmpty()) {
                    refuse(Status.NO_PLACE); // of a producer before 2.11
                    return;
                }
                takeName(each.place(), name);
            }
        }
        // In what has ended there is no now.
        boolean isEnded = found.stream().allMatch(RelaySession::isEnded);
        begin(wish, found, isEnded ? PushRequest.Seek.BEGINNING : asked.seek(), name);
    }

    private void refuse(Status why) throws ProtocolException {
        answer(new Watching(why, false, ByteBuffer.allocate(0)));
    }

    /// Names become names of files.
    private static boolean isName(CString untrusted) {
        String name = untrusted.toString();
        return untrusted.length() <= MAX_NAME_BYTES
                && CString.of(name).equals(untrusted)
                && !name.startsWith(".")
                && name.chars().noneMatch(each -> each == '/' || Character.isISOControl(each));
    }

    private void takeName(Path session, String name) throws InterruptedException {
        var key = new NamedViewers.Key(session, name);
        if (!held.contains(key)) {
            names.take(key, this::displaced);
            held.add(key);
        }
    }

    /// The answer comes before the streams.
    private synchronized void begin(
            WatchedSessions wish, List<RelaySession> found, PushRequest.Seek seek, String name)
            throws IOException {
        if (isClosed) {
            return;
        }
        try {
            if (!name.isEmpty()) {
                for (RelaySession each : found) {
                    if (!places.containsKey(each.place())) {
                        places.put(each.place(), ViewerPlace.open(each.place(), name));
                    }
                }
            }
            for (RelaySession each : found) {
                add(each, seek).takeStreams(this::nextStream);
            }
            for (ViewerPlace each : places.values()) {
                each.store();
            }
        } catch (IOException e) {
            RelayLog.failed("the place of a viewer", e);
            forget();
            refuse(Status.NO_PLACE);
            return;
        }
        wanted = Optional.of(wish);
        sessions.changes().add(sessionsChanged);
        haveSessionsChanged = true;
        Optional<ViewerPlace> resumed =
                places.values().stream().filter(ViewerPlace::isResumed).findAny();
        byte[] mark = resumed.map(ViewerPlace::mark).orElse(new byte[0]);
        answer(new Watching(Status.OK, resumed.isPresent(), ByteBuffer.wrap(mark)));
    }

    private SessionFeed add(RelaySession session, PushRequest.Seek seek) {
        var added = new SessionFeed(session, seek, places.get(session.place()));
        watched.put(session, added);
        counts.add(session);
        session.changes().add(bell);
        return added;
    }

    private long nextStream() {
        return ++lastStream;
    }

    /// @return whether the stream had none
    private synchronized boolean credit(long untrustedStream, long bytes) throws ProtocolException {
        return stream(untrustedStream)
                .flatMap(session -> session.stream(untrustedStream))
                .orElseThrow(() -> new ProtocolException("credit for an unknown stream"))
                .credit(bytes);
    }

    private Optional<SessionFeed> stream(long untrustedId) {
        return watched.values().stream()
                .filter(each -> each.stream(untrustedId).isPresent())
                .findAny();
    }

    private void shown(List<StreamPlace> shown, ByteBuffer mark) throws IOException {
        byte[] bytes = new byte[mark.remaining()];
        mark.get(bytes);
        List<ViewerPlace> changed;
        synchronized (this) {
            var more = new HashMap<ViewerPlace, Map<PlaceKey, StreamPosition>>();
            places.values().forEach(each -> more.put(each, new HashMap<>()));
            for (StreamPlace each : shown) {
                SessionFeed session =
                        stream(each.stream())
                                .orElseThrow(() ->
                                        new ProtocolException("a place in an unknown stream"));
                PlaceKey key = session.key(each.stream()).orElseThrow();
                session.place()
                        .ifPresent(place ->
                                more.computeIfAbsent(place, _ -> new HashMap<>())
                                        .put(key, each.place()));
            }
            more.forEach((place, streams) -> place.shown(streams, bytes));
            changed = List.copyOf(more.keySet());
        }
        for (ViewerPlace each : changed) {
            each.store();
        }
        synchronized (this) {
            remembered++;
        }
    }

    /// Another viewer goes on as this one, which is told so; one that does not hear it is cut.
    private void displaced() {
        if (!farewell.compareAndSet(null, PushMessage.End.ANOTHER_VIEWER)) {
            leave.run();
        }
        ring();
    }

    /// The relay ends, which is the last that the viewer hears. Any thread calls it.
    void relayEnds() {
        farewell.compareAndSet(null, PushMessage.End.RELAY);
        ring();
    }

    /// Whether all is said: the connection is to be closed.
    boolean hasSaidFarewell() {
        return isFarewellTold;
    }

    /// What is to be sent now, if there is something.
    synchronized Optional<PushMessage> next() throws IOException {
        PushMessage.End why = farewell.get();
        if (why != null) {
            boolean isNew = !isFarewellTold;
            isFarewellTold = true;
            return isNew ? Optional.of(new PushMessage.Ended(why)) : Optional.empty();
        }
        if (!answers.isEmpty()) {
            return Optional.of(answers.remove());
        }
        if (isClosed || wanted.isEmpty()) {
            return Optional.empty();
        }
        if (remembered > rememberedTold) {
            rememberedTold = remembered;
            return Optional.of(new PushMessage.Remembered(remembered));
        }
        if (isOver) {
            return Optional.empty();
        }
        if (haveSessionsChanged) {
            haveSessionsChanged = false;
            for (RelaySession each : wanted.get().joining(List.copyOf(watched.keySet()))) {
                add(each, PushRequest.Seek.BEGINNING);
            }
        }
        int mostBytes = Math.min(MAX_PIECE_BYTES, budget.mostBytes());
        for (SessionFeed each : watched.values()) {
            Optional<PushMessage> next = each.next(this::nextStream, mostBytes);
            if (next.isPresent()) {
                return next;
            }
        }
        for (RelaySession each : watched.keySet()) {
            if (each.isGivenUp()) {
                throw new IOException(each.directory() + " was given up");
            }
        }
        if (watched.values().stream().allMatch(SessionFeed::isOver)) {
            isOver = true;
            return Optional.of(new PushMessage.Ended(PushMessage.End.SESSION));
        }
        return Optional.empty();
    }

    private void forget() throws IOException {
        for (SessionFeed each : watched.values()) {
            each.session().changes().remove(bell);
            counts.remove(each.session());
            each.close();
        }
        watched.clear();
        places.clear();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            isClosed = true;
            sessions.changes().remove(sessionsChanged);
            forget();
        }
        held.forEach(names::release);
        held.clear();
    }
}
