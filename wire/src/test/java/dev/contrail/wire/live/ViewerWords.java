// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.live;

import static java.util.stream.Collectors.joining;

import dev.contrail.wire.RelayVersion;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/// Messages in the words of the recorded conversations' index.
final class ViewerWords {
    private static final List<String> INDEX_STATUS =
            List.of("OK", "RETRY", "HUP", "ERR", "INACTIVE", "EOF");

    private ViewerWords() {}

    static String of(ViewerHeader header) {
        boolean isFalse = header.untrustedBodyBytes() != header.bodyBytes();
        return "hdr(size=%d cmd=%d ver=%d)%s"
                .formatted(
                        header.untrustedBodyBytes(),
                        header.number(),
                        header.commandVersion(),
                        isFalse
                                ? " [announced size %d, body %d]"
                                        .formatted(header.untrustedBodyBytes(), header.bodyBytes())
                                : "");
    }

    static String of(ViewerRequest request) {
        return switch (request) {
            case ViewerRequest.Unknown _,
                    ViewerRequest.ListSessions _,
                    ViewerRequest.CreateViewerSession _,
                    ViewerRequest.GetNewStreamsOfAttached _ ->
                    "";
            case ViewerRequest.Connect(long id, var version, int type) ->
                    "viewer_session_id=%d version=%s type=%d".formatted(id, version, type);
            case ViewerRequest.AttachSession(long session, long offset, int seek) ->
                    "session=%d offset=%d seek=%d".formatted(session, offset, seek);
            case ViewerRequest.DetachSession(long session) -> "session=" + session;
            case ViewerRequest.GetNewStreams(long session) -> "session=" + session;
            case ViewerRequest.GetNextIndex(long stream) -> "stream=" + stream;
            case ViewerRequest.GetPacket(long stream, long offset, long bytes) ->
                    "stream=%d offset=%d len=%d".formatted(stream, offset, bytes);
            case ViewerRequest.GetMetadata(long stream) -> "stream=" + stream;
        };
    }

    static String of(ViewerReply reply, RelayVersion agreed) {
        return switch (reply) {
            case ViewerReply.UnknownCommand _ -> "status=11";
            case ViewerReply.Connected(long id, var version, int type) ->
                    "viewer_session_id=%d version=%s type=%d (=> %s)"
                            .formatted(id, version, type, agreed);
            case ViewerReply.SessionList(var sessions) ->
                    "sessions=%d %s"
                            .formatted(
                                    sessions.size(),
                                    sessions.stream()
                                            .map(each -> of(each, agreed))
                                            .collect(joining("; ")));
            case ViewerReply.ViewerSessionCreated(var status) -> status(status);
            case ViewerReply.Attached(var status, var streams) -> of(status, streams);
            case ViewerReply.Detached(var status) -> status(status);
            case ViewerReply.NewStreams(var status, var streams) -> of(status, streams);
            case ViewerReply.NextIndex index ->
                    ("%s(%s) flags=%d offset=%d packet_size=%d content_size=%d ts_begin=%d"
                                    + " ts_end=%d events_discarded=%d stream_id=%d")
                            .formatted(
                                    status(index.status()),
                                    INDEX_STATUS.get(index.status().ordinal()),
                                    index.flags(),
                                    index.offset(),
                                    index.packetBits(),
                                    index.contentBits(),
                                    index.beginTicks(),
                                    index.endTicks(),
                                    index.discardedEvents(),
                                    index.streamClassId());
            case ViewerReply.Packet(var status, int flags, ByteBuffer bytes) ->
                    "%s len=%d flags=%d first=%s"
                            .formatted(status(status), bytes.remaining(), flags, first(bytes));
            case ViewerReply.Metadata(var status, ByteBuffer bytes) ->
                    "len=%d %s first=%s".formatted(bytes.remaining(), status(status), first(bytes));
        };
    }

    private static String of(ViewerReply.SessionEntry session, RelayVersion agreed) {
        return "id=%d live_timer=%d clients=%d streams=%d hostname='%s' session='%s'%s"
                .formatted(
                        session.id(),
                        session.liveTimerMicros(),
                        session.viewers(),
                        session.streams(),
                        session.host(),
                        session.name(),
                        agreed.isAtLeast(15) ? " format=" + session.traceFormat() : "");
    }

    private static String of(Enum<?> status, List<ViewerReply.StreamEntry> streams) {
        return "%s streams=%d %s"
                .formatted(
                        status(status),
                        streams.size(),
                        streams.stream().map(ViewerWords::of).collect(joining("; ")));
    }

    private static String of(ViewerReply.StreamEntry stream) {
        return "id=%d trace=%d metadata=%d path='%s' channel='%s'"
                .formatted(
                        stream.id(),
                        stream.traceId(),
                        stream.isMetadata() ? 1 : 0,
                        stream.path(),
                        stream.channelName());
    }

    private static String status(Enum<?> status) {
        return "status=" + (status.ordinal() + 1);
    }

    private static String first(ByteBuffer bytes) {
        byte[] first = new byte[Math.min(8, bytes.remaining())];
        bytes.duplicate().get(first);
        return HexFormat.of().formatHex(first);
    }
}
