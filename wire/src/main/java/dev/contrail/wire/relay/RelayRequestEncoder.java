// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.packed.Fields;
import java.nio.ByteBuffer;

/// Writes requests in the form of each version (`relay-protocol.md` section 5), as a producer does.
/// Makes nothing but the bytes.
///
/// What a version has no room for is left out. Names and numbers that do not fit are a mistake of
/// the caller: they throw an `IllegalArgumentException`, and leave half a request in the buffer.
public final class RelayRequestEncoder {
    private RelayRequestEncoder() {}

    /// The command that a request is; who sends it needs it to read the reply.
    ///
    /// @throws IllegalArgumentException for [RelayRequest.Unknown]
    public static RelayCommand command(RelayRequest request) {
        return switch (request) {
            case RelayRequest.Unknown(int number) ->
                    throw new IllegalArgumentException("unknown command " + number);
            case RelayRequest.Version _ -> RelayCommand.VERSION;
            case RelayRequest.GetConfiguration _ -> RelayCommand.GET_CONFIGURATION;
            case RelayRequest.CreateSession _ -> RelayCommand.CREATE_SESSION;
            case RelayRequest.CreateTraceChunk _ -> RelayCommand.CREATE_TRACE_CHUNK;
            case RelayRequest.AddStream _ -> RelayCommand.ADD_STREAM;
            case RelayRequest.StreamsSent _ -> RelayCommand.STREAMS_SENT;
            case RelayRequest.DataStart _ -> RelayCommand.START_DATA;
            case RelayRequest.SendMetadata _ -> RelayCommand.SEND_METADATA;
            case RelayRequest.ResetMetadata _ -> RelayCommand.RESET_METADATA;
            case RelayRequest.SendIndex _ -> RelayCommand.SEND_INDEX;
            case RelayRequest.CloseStream _ -> RelayCommand.CLOSE_STREAM;
            case RelayRequest.DataPending _ -> RelayCommand.DATA_PENDING;
            case RelayRequest.QuiescentControl _ -> RelayCommand.QUIESCENT_CONTROL;
            case RelayRequest.BeginDataPending _ -> RelayCommand.BEGIN_DATA_PENDING;
            case RelayRequest.EndDataPending _ -> RelayCommand.END_DATA_PENDING;
            case RelayRequest.RotateStreams _ -> RelayCommand.ROTATE_STREAMS;
            case RelayRequest.CloseTraceChunk _ -> RelayCommand.CLOSE_TRACE_CHUNK;
            case RelayRequest.TraceChunkExists _ -> RelayCommand.TRACE_CHUNK_EXISTS;
            case RelayRequest.ResumeStream _ -> RelayCommand.RESUME_STREAM;
            case RelayRequest.SendPacket _ -> RelayCommand.SEND_PACKET;
            case RelayRequest.SendMarkedMetadata _ -> RelayCommand.SEND_MARKED_METADATA;
            case RelayRequest.Commit _ -> RelayCommand.COMMIT;
        };
    }

    /// How many bytes [#encode] puts, header included.
    public static int bytes(RelayRequest request, RelayVersion version) {
        return CommandHeader.BYTES + payloadBytes(request, command(request), version);
    }

    private static int payloadBytes(
            RelayRequest request, RelayCommand command, RelayVersion version) {
        return command.structureBytes(version) + countedBytes(request, version);
    }

    /// What follows the structure.
    private static int countedBytes(RelayRequest request, RelayVersion version) {
        return switch (request) {
            case RelayRequest.CreateSession session when version.isAtLeast(11) ->
                    Fields.countedBytes(session.name())
                            + Fields.countedBytes(session.host())
                            + Fields.countedBytes(session.basePath());
            case RelayRequest.AddStream stream when version.isAtLeast(11) ->
                    Fields.countedBytes(stream.channelName()) + Fields.countedBytes(stream.path());
            case RelayRequest.ResumeStream(RelayRequest.AddStream stream) ->
                    countedBytes(stream, RelayVersion.OURS);
            case RelayRequest.SendPacket packet -> packet.bytes().remaining();
            case RelayRequest.SendMarkedMetadata metadata -> metadata.bytes().remaining();
            case RelayRequest.CreateTraceChunk chunk -> Fields.optionalBytes(chunk.overrideName());
            case RelayRequest.SendMetadata metadata -> metadata.bytes().remaining();
            case RelayRequest.RotateStreams rotation ->
                    rotation.padding().bytes()
                            + rotation.positions().size() * RelayLayout.ROTATE_POSITION;
            default -> 0;
        };
    }

    /// Puts header and payload into a buffer, which is big-endian, as buffers are when made.
    ///
    /// @param version that both ends agreed on, [RelayVersion#UNSAID] before that
    /// @throws java.nio.BufferOverflowException when it has less room than [#bytes]
    public static void encode(RelayRequest request, RelayVersion version, ByteBuffer out) {
        RelayCommand command = command(request);
        CommandHeader.encode(out, command, payloadBytes(request, command, version));
        switch (request) {
            case RelayRequest.Unknown _,
                    RelayRequest.StreamsSent _,
                    RelayRequest.DataStart _,
                    RelayRequest.Commit _ -> {}
            case RelayRequest.ResumeStream(RelayRequest.AddStream stream) ->
                    putStream(stream, RelayVersion.OURS, out);
            case RelayRequest.SendPacket packet -> {
                putIndex(packet.index(), RelayVersion.OURS, out);
                putMark(packet.mark(), out);
                out.putInt(packet.encoding()).putInt(packet.checksum());
                out.put(packet.bytes().duplicate());
            }
            case RelayRequest.SendMarkedMetadata metadata -> {
                out.putLong(metadata.streamId()).putInt(Fields.word(metadata.paddingBytes()));
                putMark(metadata.mark(), out);
                out.put(metadata.bytes().duplicate());
            }
            case RelayRequest.Version(RelayVersion(int major, int minor)) ->
                    out.putInt(major).putInt(minor);
            case RelayRequest.GetConfiguration(long flags) -> out.putLong(flags);
            case RelayRequest.CreateSession session -> putSession(session, version, out);
            case RelayRequest.CreateTraceChunk chunk -> {
                out.putLong(chunk.chunkId()).putLong(chunk.createdSeconds());
                out.putInt(Fields.optionalBytes(chunk.overrideName()));
                Fields.putOptional(out, chunk.overrideName());
            }
            case RelayRequest.AddStream stream -> putStream(stream, version, out);
            case RelayRequest.SendMetadata(long stream, long padding, ByteBuffer bytes) ->
                    out.putLong(stream).putInt(Fields.word(padding)).put(bytes.duplicate());
            case RelayRequest.ResetMetadata(long stream, long number) ->
                    out.putLong(stream).putLong(number);
            case RelayRequest.SendIndex index -> putIndex(index, version, out);
            case RelayRequest.CloseStream(long stream, long last) ->
                    out.putLong(stream).putLong(last);
            case RelayRequest.DataPending(long stream, long last) ->
                    out.putLong(stream).putLong(last);
            case RelayRequest.QuiescentControl(long stream) -> out.putLong(stream);
            case RelayRequest.BeginDataPending(long session) -> out.putLong(session);
            case RelayRequest.EndDataPending(long session) -> out.putLong(session);
            case RelayRequest.RotateStreams rotation -> putRotation(rotation, out);
            case RelayRequest.CloseTraceChunk(long chunk, long closed, boolean has, int what) ->
                    out.putLong(chunk).putLong(closed).put(flag(has)).putInt(what);
            case RelayRequest.TraceChunkExists(long chunk) -> out.putLong(chunk);
        }
    }

    private static void putSession(
            RelayRequest.CreateSession session, RelayVersion version, ByteBuffer out) {
        if (!version.isAtLeast(4)) {
            return;
        }
        if (!version.isAtLeast(11)) {
            Fields.putFixed(out, session.name(), RelayLayout.SESSION_NAME);
            Fields.putFixed(out, session.host(), RelayLayout.HOST_NAME);
            out.putInt(Fields.word(session.liveTimerMicros()));
            out.putInt(flag(session.isSnapshot()));
            return;
        }
        out.putInt(Fields.countedBytes(session.name()));
        out.putInt(Fields.countedBytes(session.host()));
        out.putInt(Fields.countedBytes(session.basePath()));
        out.putInt(Fields.word(session.liveTimerMicros()));
        out.put(flag(session.isSnapshot())).put(flag(session.isNamedAfterTime()));
        out.putLong(session.daemonUuid().getMostSignificantBits());
        out.putLong(session.daemonUuid().getLeastSignificantBits());
        out.putLong(session.sessionId()).putLong(session.createdSeconds());
        out.put(flag(session.hasChunk())).putLong(session.chunkId());
        if (version.isAtLeast(15)) {
            out.putInt(session.traceFormat());
        }
        Fields.putCounted(out, session.name());
        Fields.putCounted(out, session.host());
        Fields.putCounted(out, session.basePath());
    }

    private static void putStream(
            RelayRequest.AddStream stream, RelayVersion version, ByteBuffer out) {
        if (!version.isAtLeast(11)) {
            Fields.putFixed(out, stream.channelName(), RelayLayout.CHANNEL_NAME);
            Fields.putFixed(out, stream.path(), Fields.MAX_PATH_BYTES);
            if (version.isAtLeast(2)) {
                out.putLong(stream.tracefileBytes()).putLong(stream.tracefileCount());
            }
            return;
        }
        out.putInt(Fields.countedBytes(stream.channelName()));
        out.putInt(Fields.countedBytes(stream.path()));
        out.putLong(stream.tracefileBytes()).putLong(stream.tracefileCount());
        out.putLong(stream.chunkId());
        Fields.putCounted(out, stream.channelName());
        Fields.putCounted(out, stream.path());
    }

    private static void putIndex(
            RelayRequest.SendIndex index, RelayVersion version, ByteBuffer out) {
        out.putLong(index.streamId()).putLong(index.netSeqNum());
        out.putLong(index.packetBits()).putLong(index.contentBits());
        out.putLong(index.beginTicks()).putLong(index.endTicks());
        out.putLong(index.discardedEvents()).putLong(index.streamClassId());
        if (version.isAtLeast(8)) {
            out.putLong(index.streamInstanceId()).putLong(index.packetSequence());
        }
    }

    private static void putMark(StreamMark mark, ByteBuffer out) {
        out.putLong(mark.position()).putLong(mark.lostRecords());
    }

    private static void putRotation(RelayRequest.RotateStreams rotation, ByteBuffer out) {
        out.putInt(rotation.positions().size()).put(flag(rotation.hasNewChunk()));
        for (int i = 0; i < rotation.padding().bytes(); i++) {
            out.put((byte) 0);
        }
        out.putLong(rotation.newChunkId());
        for (RelayRequest.RotateStreams.Position each : rotation.positions()) {
            out.putLong(each.streamId()).putLong(each.firstPacketSequence());
        }
    }

    private static byte flag(boolean value) {
        return (byte) (value ? 1 : 0);
    }
}
