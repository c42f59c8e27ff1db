// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.analysis.Message;
import dev.contrail.wire.RelayUrl;
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

/// A session of a relay's that is being recorded: its streams as they come, until it has ended.
/// Used by one thread.
public final class LiveSession implements AutoCloseable {
    /// What to do where there is no session of that name.
    enum Missing {
        /// Look again until there is one.
        CONTINUE,
        /// Fail.
        FAIL,
        /// End, as if it had ended.
        END
    }

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

    private LiveSession(Watched watched, Missing missing, LiveLink link) {
        this.watched = watched;
        this.missing = missing;
        this.link = link;
    }

    /// Connects, and attaches the session if it is there.
    ///
    /// @param silenceMillis how long the relay may say nothing
    /// @throws IOException when it is not there and should be, or cannot be attached
    static LiveSession open(RelayUrl url, Missing missing, int silenceMillis) throws IOException {
        Watched watched = url.watched().orElseThrow();
        var session = new LiveSession(watched, missing, LiveLink.open(url, silenceMillis));
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
        switch (missing) {
            case CONTINUE -> {}
            case FAIL -> throw new IOException(notFound(all));
            case END -> {
                link.remarked(notFound(all));
                isAttached = true;
            }
        }
    }

    private String notFound(List<SessionEntry> all) {
        Set<String> names = new LinkedHashSet<>();
        all.forEach(each -> names.add(each.host() + "/" + each.name()));
        return "relay %s: no session %s of host %s; %s"
                .formatted(
                        link.name(),
                        watched.session(),
                        watched.host(),
                        names.isEmpty()
                                ? "it has none"
                                : "there is "
                                        + String.join(", ", names.stream().limit(8).toList()));
    }

    private void attach(SessionEntry entry) throws IOException {
        var request =
                new ViewerRequest.AttachSession(
                        entry.id(), 0, ViewerRequest.AttachSession.FROM_NOW);
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
                            _ -> new LiveTrace(name(each), link));
            if (each.isMetadata()) {
                trace.metadataIn(each.id());
            } else if (known.add(each.id())) {
                found.add(new LivePackets(link, trace, each));
            }
        }
        if (known.size() > MOST_STREAMS || traces.size() > MOST_STREAMS) {
            throw new IOException(
                    "relay %s: more than %d streams".formatted(link.name(), MOST_STREAMS));
        }
    }

    private String name(StreamEntry entry) {
        String path = entry.path().toString();
        String below = path.startsWith("/") || path.isEmpty() ? path : "/" + path;
        return watched.host() + "/" + watched.session() + below;
    }

    /// Streams that were not yet taken. Asks for them when the relay has said that there are some.
    public List<LivePackets> takeStreams() {
        if (link.takeNewStreams()) {
            look();
        }
        var taken = new ArrayList<>(found);
        found.clear();
        return taken;
    }

    /// Asks what has come, where nobody knows of anything.
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

    /// Whether no stream will come any more.
    public boolean isOver() {
        return link.hasFailed() || isAttached && open.isEmpty();
    }

    /// What is to be told now, if there is something.
    public Optional<Message> takeNote() {
        return Optional.ofNullable(link.notes().poll());
    }

    /// Tells why it could not be read to its end.
    ///
    /// @throws IOException if it could not
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
