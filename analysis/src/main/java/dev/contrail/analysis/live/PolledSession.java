// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.analysis.Message;
import dev.contrail.wire.RelayUrl.Watched;
import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerReply.SessionEntry;
import dev.contrail.wire.live.ViewerReply.StreamEntry;
import dev.contrail.wire.live.ViewerRequest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/// A session of a relay that knows nothing but LTTng's live protocol: it is asked again and again.
final class PolledSession implements LiveSession {
    /// More are not believed.
    private static final int MOST_STREAMS = 1 << 16;

    private record TraceKey(long session, long trace) {}

    private final Watched watched;
    private final Missing missing;
    private final LiveLink link;
    private final Queue<LivePackets> found = new ArrayDeque<>();
    private final Map<TraceKey, LiveTrace> traces = new LinkedHashMap<>();
    private final Map<Long, Set<Long>> streams = new HashMap<>();

    /// The relay's numbers of what is attached and has not ended.
    private final Set<Long> open = new LinkedHashSet<>();

    private boolean isAttached;

    private final boolean isFromBeginning;

    private PolledSession(LiveWish wish, LiveLink link) {
        watched = wish.watched();
        missing = wish.missing();
        isFromBeginning = wish.isFromBeginning();
        this.link = link;
    }

    /// Attaches the session if it is there.
    ///
    /// @throws IOException when it is not there and should be, or cannot be attached
    static PolledSession open(LiveWish wish, LiveLink link) throws IOException {
        var session = new PolledSession(wish, link);
        try {
            var made =
                    session.link.ask(
                            new ViewerRequest.CreateViewerSession(),
                            ViewerReply.ViewerSessionCreated.class);
            if (made.status() != ViewerReply.CreateStatus.OK) {
                throw new IOException(
                        "relay " + session.link.name() + ": it lets in no more viewers");
            }
            session.attach();
            return session;
        } catch (IOException e) {
            session.close();
            throw e;
        }
    }

    /// One recording session may show as several, one of each consumer daemon: all are attached.
    private void attach() throws IOException {
        List<SessionEntry> all =
                link.ask(new ViewerRequest.ListSessions(), ViewerReply.SessionList.class)
                        .sessions();
        for (SessionEntry each : all) {
            if (each.host().toString().equals(watched.host())
                    && each.name().toString().equals(watched.session())) {
                attach(each);
                isAttached = true;
            }
        }
        if (isAttached) {
            return;
        }
        List<String> names = all.stream().map(each -> each.host() + "/" + each.name()).toList();
        switch (missing) {
            case CONTINUE -> {}
            case FAIL -> throw new IOException(link.notFound(watched, names));
            case END -> {
                link.remarked(link.notFound(watched, names));
                isAttached = true;
            }
        }
    }

    private void attach(SessionEntry entry) throws IOException {
        var request =
                new ViewerRequest.AttachSession(
                        entry.id(),
                        0,
                        isFromBeginning
                                ? ViewerRequest.AttachSession.FROM_BEGINNING
                                : ViewerRequest.AttachSession.FROM_NOW);
        var attached = link.ask(request, ViewerReply.Attached.class);
        String why =
                switch (attached.status()) {
                    case OK -> "";
                    case ALREADY_ATTACHED ->
                            "another viewer reads it, and this relay lets in one at a time: end that one first";
                    case UNKNOWN_SESSION -> "it has ended";
                    case NOT_LIVE ->
                            "it is not live: make it with `create --live`, or read what the relay has stored";
                    case WRONG_SEEK -> "the relay does not read from now on";
                    case NO_VIEWER_SESSION -> "the relay has forgotten this viewer";
                };
        if (!why.isEmpty()) {
            throw new IOException(
                    "relay %s: session %s of host %s cannot be read: %s"
                            .formatted(link.name(), watched.session(), watched.host(), why));
        }
        open.add(entry.id());
        take(entry.id(), attached.streams());
    }

    /// Metadata streams first: the others are read by what they say.
    private void take(long session, List<StreamEntry> entries) throws IOException {
        Set<Long> known = streams.computeIfAbsent(session, _ -> new HashSet<>());
        for (StreamEntry each : entries) {
            LiveTrace trace =
                    traces.computeIfAbsent(
                            new TraceKey(session, each.traceId()),
                            _ -> LiveTrace.begin(watched, each.path(), link));
            if (each.isMetadata()) {
                trace.metadataIn(each.id());
            } else if (known.add(each.id())) {
                found.add(new PolledPackets(link, trace, each));
            }
        }
        if (known.size() > MOST_STREAMS || traces.size() > MOST_STREAMS) {
            throw new IOException(
                    "relay %s: more than %d streams".formatted(link.name(), MOST_STREAMS));
        }
    }

    /// Asks for streams when the relay has said that there are some.
    @Override
    public List<LivePackets> takeStreams() {
        if (link.takeNewStreams()) {
            look();
        }
        var taken = new ArrayList<>(found);
        found.clear();
        return taken;
    }

    @Override
    public void look() {
        if (link.hasFailed()) {
            return;
        }
        try {
            if (!isAttached) {
                attach();
            }
            for (Iterator<Long> each = open.iterator(); each.hasNext(); ) {
                long session = each.next();
                if (isOver(session)) {
                    each.remove();
                }
            }
        } catch (IOException e) {
            link.fail(e);
        }
    }

    private boolean isOver(long session) throws IOException {
        var more = link.ask(new ViewerRequest.GetNewStreams(session), ViewerReply.NewStreams.class);
        return switch (more.status()) {
            case OK -> {
                take(session, more.streams());
                yield false;
            }
            case NONE -> false;
            case HANG_UP -> true;
            case FAILED ->
                    throw new IOException(
                            "relay %s: it does not know session %s of host %s any more"
                                    .formatted(link.name(), watched.session(), watched.host()));
        };
    }

    @Override
    public boolean isOver() {
        return link.hasFailed() || isAttached && open.isEmpty();
    }

    @Override
    public Optional<Message> takeNote() {
        return Optional.ofNullable(link.notes().poll());
    }

    @Override
    public void check() throws IOException {
        if (link.failure().isPresent()) {
            throw link.failure().get();
        }
    }

    /// Detaches, so that another viewer can come at once.
    @Override
    public void close() throws IOException {
        try (link) {
            for (long session : link.hasFailed() ? Set.<Long>of() : open) {
                link.ask(new ViewerRequest.DetachSession(session), ViewerReply.Detached.class);
            }
        } catch (IOException e) {
            link.fail(e); // the relay finds out that nobody is there
        }
        open.clear();
    }
}
