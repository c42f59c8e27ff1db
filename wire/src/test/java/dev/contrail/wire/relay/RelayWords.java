// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

import static java.util.stream.Collectors.joining;

import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;

/// Messages in the words of the recorded conversations' index.
final class RelayWords {
    private RelayWords() {}

    static String of(CommandHeader header) {
        return "hdr(circuit=%d size=%d cmd=%d ver=%d)"
                .formatted(
                        header.circuitId(),
                        header.payloadBytes(),
                        header.number(),
                        header.commandVersion());
    }

    static String of(DataHeader header, ByteBuffer content) {
        return "circuit=%d stream=%d net_seq_num=%d data_size=%d padding=%d first=%s"
                .formatted(
                        header.circuitId(),
                        header.streamId(),
                        header.netSeqNum(),
                        header.contentBytes(),
                        header.paddingBytes(),
                        first(content));
    }

    static String of(RelayRequest request, RelayVersion version) {
        return switch (request) {
            case RelayRequest.Unknown _ -> "";
            case RelayRequest.Version(var said) -> "version " + said;
            case RelayRequest.GetConfiguration(long flags) -> "query_flags=" + flags;
            case RelayRequest.CreateSession session -> of(session, version);
            case RelayRequest.CreateTraceChunk(long id, long seconds, CString name) ->
                    "chunk_id=%d creation=%d override_name_len=%d name='%s'"
                            .formatted(id, seconds, name.isEmpty() ? 0 : name.length() + 1, name);
            case RelayRequest.AddStream stream -> of(stream, version);
            case RelayRequest.StreamsSent _, RelayRequest.DataStart _ -> "(no payload)";
            case RelayRequest.SendMetadata(long stream, long padding, ByteBuffer bytes) ->
                    "stream=%d padding=%d bytes=%d first=%s"
                            .formatted(stream, padding, bytes.remaining(), first(bytes));
            case RelayRequest.ResetMetadata(long stream, long number) ->
                    "stream=%d version=%d".formatted(stream, number);
            case RelayRequest.SendIndex index -> of(index, version);
            case RelayRequest.CloseStream(long stream, long last) ->
                    "stream=%d last_net_seq_num=%d".formatted(stream, last);
            case RelayRequest.DataPending(long stream, long last) ->
                    "stream=%d last_net_seq_num=%d".formatted(stream, last);
            case RelayRequest.QuiescentControl(long stream) -> "stream=" + stream;
            case RelayRequest.BeginDataPending(long session) -> "session=" + session;
            case RelayRequest.EndDataPending(long session) -> "session=" + session;
            case RelayRequest.RotateStreams rotation ->
                    "stream_count=%d header_len=%d padding=%d new_chunk(set=%d id=%d) %s"
                            .formatted(
                                    rotation.positions().size(),
                                    13 + rotation.padding().bytes(),
                                    rotation.padding().bytes(),
                                    flag(rotation.hasNewChunk()),
                                    rotation.newChunkId(),
                                    rotation.positions().stream()
                                            .map(each ->
                                                    "stream=%d@seq=%d"
                                                            .formatted(
                                                                    each.streamId(),
                                                                    each.firstPacketSequence()))
                                            .collect(joining(" ")));
            case RelayRequest.CloseTraceChunk(long id, long seconds, boolean has, int command) ->
                    "chunk_id=%d close_ts=%d close_command(set=%d value=%d)"
                            .formatted(id, seconds, flag(has), command);
            case RelayRequest.TraceChunkExists(long id) -> "chunk_id=" + id;
            case RelayRequest.Extended ours -> throw new IllegalStateException("ours: " + ours);
        };
    }

    private static String of(RelayRequest.CreateSession session, RelayVersion version) {
        if (!version.isAtLeast(4)) {
            return "(no payload: 2.1..2.3 form)";
        }
        if (!version.isAtLeast(11)) {
            return "[2.4 form] session_name='%s' hostname='%s' live_timer=%d snapshot=%d"
                    .formatted(
                            session.name(),
                            session.host(),
                            session.liveTimerMicros(),
                            flag(session.isSnapshot()));
        }
        return ("[2.11 form] session_name_len=%d hostname_len=%d base_path_len=%d live_timer=%d"
                        + " snapshot=%d name_has_creation_time=%d sessiond_uuid=%s session_id=%d"
                        + " creation_time=%d current_chunk(set=%d id=%d)%s"
                        + " names=['%s', '%s', '%s']")
                .formatted(
                        session.name().length() + 1,
                        session.host().length() + 1,
                        session.basePath().length() + 1,
                        session.liveTimerMicros(),
                        flag(session.isSnapshot()),
                        flag(session.isNamedAfterTime()),
                        session.daemonUuid().toString().replace("-", ""),
                        session.sessionId(),
                        session.createdSeconds(),
                        flag(session.hasChunk()),
                        session.chunkId(),
                        version.isAtLeast(15) ? " trace_format=" + session.traceFormat() : "",
                        session.name(),
                        session.host(),
                        session.basePath());
    }

    private static String of(RelayRequest.AddStream stream, RelayVersion version) {
        String names = "channel='%s' path='%s'".formatted(stream.channelName(), stream.path());
        if (!version.isAtLeast(2)) {
            return "[2.1 form] " + names;
        }
        String files =
                "tracefile_size=%d tracefile_count=%d"
                        .formatted(stream.tracefileBytes(), stream.tracefileCount());
        return version.isAtLeast(11)
                ? "[2.11 form] channel_len=%d path_len=%d %s chunk_id=%d %s"
                        .formatted(
                                stream.channelName().length() + 1,
                                stream.path().length() + 1,
                                files,
                                stream.chunkId(),
                                names)
                : "[2.2 form] " + names + " " + files;
    }

    private static String of(RelayRequest.SendIndex index, RelayVersion version) {
        String common =
                ("relay_stream_id=%d net_seq_num=%d packet_size=%d content_size=%d ts_begin=%d"
                                + " ts_end=%d events_discarded=%d stream_id=%d")
                        .formatted(
                                index.streamId(),
                                index.netSeqNum(),
                                index.packetBits(),
                                index.contentBits(),
                                index.beginTicks(),
                                index.endTicks(),
                                index.discardedEvents(),
                                index.streamClassId());
        String instance =
                " stream_instance_id=%d packet_seq_num=%d"
                        .formatted(index.streamInstanceId(), index.packetSequence());
        return (index.isBeacon() ? "BEACON " : "")
                + common
                + (version.isAtLeast(8) ? instance : "");
    }

    static String of(RelayReply reply, RelayVersion agreed) {
        return switch (reply) {
            case RelayReply.Result(var code) -> "ret=" + code.number();
            case RelayReply.Pending(int state) -> "ret=" + Integer.toUnsignedString(state);
            case RelayReply.Version(var version) ->
                    "version %s (=> protocol %s)".formatted(version, agreed);
            case RelayReply.Configuration(var code, long flags) ->
                    "ret=%d flags=0x%x".formatted(code.number(), flags);
            case RelayReply.SessionCreated(long id, var code, CString path) ->
                    "session_id=%d ret=%d".formatted(id, code.number())
                            + (agreed.isAtLeast(11)
                                    ? " output_path_len=%d output_path='%s'"
                                            .formatted(lengthOf(path), path)
                                    : "");
            case RelayReply.StreamAdded(long handle, var code) ->
                    "handle=%d ret=%d".formatted(handle, code.number());
            case RelayReply.ChunkClosed(var code, CString path) ->
                    "ret=%d path_len=%d path='%s'".formatted(code.number(), lengthOf(path), path);
            case RelayReply.ChunkExists(var code, boolean exists) ->
                    "ret=%d exists=%d".formatted(code.number(), flag(exists));
            case RelayReply.Extended ours -> throw new IllegalStateException("ours: " + ours);
        };
    }

    private static int lengthOf(CString path) {
        return path.isEmpty() ? 0 : path.length() + 1;
    }

    private static int flag(boolean value) {
        return value ? 1 : 0;
    }

    private static String first(ByteBuffer bytes) {
        byte[] first = new byte[Math.min(8, bytes.remaining())];
        bytes.duplicate().get(first);
        return HexFormat.of().formatHex(first).toLowerCase(Locale.ROOT);
    }
}
