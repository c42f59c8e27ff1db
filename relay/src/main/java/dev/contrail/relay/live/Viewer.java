// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.relay.session.RelaySession;
import dev.contrail.relay.session.RelaySessions;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerReply.SessionEntry;
import dev.contrail.wire.live.ViewerReply.StreamEntry;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One viewer: the sessions that it has attached, and its place in each of their streams. Used by
/// its connection's thread.
final class Viewer implements AutoCloseable {
    /// Sessions that one viewer may attach.
    static final int MAX_ATTACHED = 256;

    private final RelaySessions sessions;
    private final RelayVersion version;
    private final ViewedCounts counts;
    private final ReplyBudget budget;
    private final Map<Long, ViewedSession> attached = new HashMap<>();
    private final ViewedStreams streams = new ViewedStreams();
    private boolean hasViewerSession;

    Viewer(RelaySessions sessions, RelayVersion version, ViewedCounts counts, ReplyBudget budget) {
        this.sessions = sessions;
        this.version = version;
        this.counts = counts;
        this.budget = budget;
    }

    /// Whether it has attached a session.
    boolean isAttached() {
        return !attached.isEmpty();
    }

    ViewerReply answer(ViewerRequest request) throws IOException {
        return switch (request) {
            case ViewerRequest.Unknown _, ViewerRequest.Connect _ ->
                    new ViewerReply.UnknownCommand();
            case ViewerRequest.ListSessions _ -> list();
            case ViewerRequest.CreateViewerSession _ -> {
                hasViewerSession = true;
                yield new ViewerReply.ViewerSessionCreated(ViewerReply.CreateStatus.OK);
            }
            case ViewerRequest.AttachSession(long id, long _, int seek) -> attach(id, seek);
            case ViewerRequest.DetachSession(long id) -> detach(id);
            case ViewerRequest.GetNewStreams(long id) -> newStreams(attached.get(id));
            case ViewerRequest.GetNewStreamsOfAttached _ ->
                    newStreams(attached.values().stream().findAny().orElse(null));
            case ViewerRequest.GetNextIndex(long id) -> {
                Optional<ViewedStream> stream = streams.find(id);
                yield stream.isPresent()
                        ? stream.get().nextIndex()
                        : ViewerReply.NextIndex.without(ViewerReply.IndexStatus.FAILED, 0);
            }
            case ViewerRequest.GetPacket(long id, long offset, long bytes) -> {
                Optional<ViewedStream> stream = streams.find(id);
                yield stream.isPresent()
                        ? stream.get().packet(offset, bytes, budget.mostBytes())
                        : new ViewerReply.Packet(
                                ViewerReply.PacketStatus.FAILED, 0, ByteBuffer.allocate(0));
            }
            case ViewerRequest.GetMetadata(long id) -> {
                Optional<ViewedStream> stream = streams.find(id);
                yield stream.isPresent()
                        ? stream.get().metadata(budget.mostBytes())
                        : new ViewerReply.Metadata(
                                ViewerReply.MetadataStatus.FAILED, ByteBuffer.allocate(0));
            }
        };
    }

    private ViewerReply list() {
        return new ViewerReply.SessionList(
                sessions.all().stream().filter(this::canRead).map(this::entry).toList());
    }

    /// CTF 2 came with 2.15.
    private boolean canRead(RelaySession session) {
        return version.isAtLeast(15) || session.request().traceFormat() != CreateSession.CTF_2;
    }

    private SessionEntry entry(RelaySession session) {
        CreateSession request = session.request();
        return new SessionEntry(
                session.id(),
                request.liveTimerMicros(),
                counts.of(session),
                session.published().openCount(),
                request.host(),
                request.name(),
                request.traceFormat() == CreateSession.CTF_2
                        ? SessionEntry.CTF_2
                        : SessionEntry.CTF_1_8);
    }

    private ViewerReply attach(long id, int seek) throws IOException {
        Optional<RelaySession> found = sessions.find(id).filter(this::canRead);
        ViewerReply.AttachStatus refusal =
                !hasViewerSession
                        ? ViewerReply.AttachStatus.NO_VIEWER_SESSION
                        : found.isEmpty()
                                ? ViewerReply.AttachStatus.UNKNOWN_SESSION
                                : !found.get().isLive()
                                        ? ViewerReply.AttachStatus.NOT_LIVE
                                        : attached.containsKey(id)
                                                        || attached.size() == MAX_ATTACHED
                                                ? ViewerReply.AttachStatus.ALREADY_ATTACHED
                                                : seek != ViewerRequest.AttachSession.FROM_BEGINNING
                                                                && seek
                                                                        != ViewerRequest
                                                                                .AttachSession
                                                                                .FROM_NOW
                                                        ? ViewerReply.AttachStatus.WRONG_SEEK
                                                        : ViewerReply.AttachStatus.OK;
        if (refusal != ViewerReply.AttachStatus.OK) {
            return new ViewerReply.Attached(refusal, List.of());
        }
        RelaySession session = found.orElseThrow();
        var viewed =
                new ViewedSession(session, streams, seek == ViewerRequest.AttachSession.FROM_NOW);
        attached.put(id, viewed);
        counts.add(session);
        return new ViewerReply.Attached(ViewerReply.AttachStatus.OK, viewed.newStreams());
    }

    private ViewerReply detach(long id) throws IOException {
        ViewedSession viewed = attached.remove(id);
        if (viewed == null) {
            return new ViewerReply.Detached(
                    sessions.find(id).isPresent()
                            ? ViewerReply.DetachStatus.NOT_ATTACHED
                            : ViewerReply.DetachStatus.UNKNOWN_SESSION);
        }
        counts.remove(viewed.session());
        viewed.close();
        return new ViewerReply.Detached(ViewerReply.DetachStatus.OK);
    }

    private static ViewerReply newStreams(@Nullable ViewedSession viewed) throws IOException {
        if (viewed == null) {
            return new ViewerReply.NewStreams(ViewerReply.NewStreamsStatus.FAILED, List.of());
        }
        boolean isEnded = viewed.session().isEnded(); // before the look at what it has
        List<StreamEntry> told = viewed.newStreams();
        return told.isEmpty() && isEnded && viewed.isRead()
                ? new ViewerReply.NewStreams(ViewerReply.NewStreamsStatus.HANG_UP, List.of())
                : new ViewerReply.NewStreams(ViewerReply.NewStreamsStatus.OK, told);
    }

    @Override
    public void close() throws IOException {
        for (ViewedSession each : attached.values()) {
            counts.remove(each.session());
            each.close();
        }
        attached.clear();
    }
}
