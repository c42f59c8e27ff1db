// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

import dev.contrail.wire.CString;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.packed.Fields;
import dev.contrail.wire.relay.RelayRequest.RotateStreams.Padding;
import dev.contrail.wire.relay.RelayRequest.RotateStreams.Position;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.UUID;

/// Reads requests in the form of each version (`relay-protocol.md` section 5), as a relay does. Of
/// a SEND_INDEX nothing is made but its record.
public final class RelayRequestDecoder {
    private RelayRequestDecoder() {}

    /// Takes a payload out of a buffer, which is big-endian, as buffers are when made:
    /// [CommandHeader#keptBytes] of it, whatever follows. A payload may be longer than its
    /// structure.
    ///
    /// @param version that both ends agreed on, [RelayVersion#UNSAID] before that
    /// @throws ProtocolException when the payload is cut, or is none of the command's: the
    ///   connection is of no more use, nor is the buffer's position
    public static RelayRequest decode(
            CommandHeader header, RelayVersion version, ByteBuffer untrusted)
            throws ProtocolException {
        int bytes = header.keptBytes();
        Fields.need(untrusted, bytes, header.name());
        int end = untrusted.position() + bytes;
        int limit = untrusted.limit();
        untrusted.limit(end);
        try {
            var command = header.command();
            return command.isEmpty()
                    ? new RelayRequest.Unknown(header.number())
                    : decode(command.get(), version, untrusted);
        } finally {
            untrusted.limit(limit).position(end);
        }
    }

    private static RelayRequest decode(RelayCommand command, RelayVersion version, ByteBuffer in)
            throws ProtocolException {
        Fields.need(in, command.structureBytes(version), command.name());
        return switch (command) {
            case VERSION -> new RelayRequest.Version(new RelayVersion(in.getInt(), in.getInt()));
            case GET_CONFIGURATION -> new RelayRequest.GetConfiguration(in.getLong());
            case CREATE_SESSION -> createSession(version, in);
            case CREATE_TRACE_CHUNK -> createTraceChunk(in);
            case ADD_STREAM -> addStream(version, in);
            case STREAMS_SENT -> new RelayRequest.StreamsSent();
            case START_DATA -> new RelayRequest.DataStart();
            case SEND_METADATA ->
                    new RelayRequest.SendMetadata(
                            in.getLong(), Fields.unsigned(in.getInt()), in.slice());
            case RESET_METADATA -> new RelayRequest.ResetMetadata(in.getLong(), in.getLong());
            case SEND_INDEX -> sendIndex(version, in);
            case CLOSE_STREAM -> new RelayRequest.CloseStream(in.getLong(), in.getLong());
            case DATA_PENDING -> new RelayRequest.DataPending(in.getLong(), in.getLong());
            case QUIESCENT_CONTROL -> new RelayRequest.QuiescentControl(in.getLong());
            case BEGIN_DATA_PENDING -> new RelayRequest.BeginDataPending(in.getLong());
            case END_DATA_PENDING -> new RelayRequest.EndDataPending(in.getLong());
            case ROTATE_STREAMS -> rotateStreams(in);
            case CLOSE_TRACE_CHUNK ->
                    new RelayRequest.CloseTraceChunk(
                            in.getLong(), in.getLong(), in.get() != 0, in.getInt());
            case TRACE_CHUNK_EXISTS -> new RelayRequest.TraceChunkExists(in.getLong());
            case RESUME_STREAM -> new RelayRequest.ResumeStream(addStream(RelayVersion.OURS, in));
            case SEND_PACKET ->
                    new RelayRequest.SendPacket(
                            sendIndex(RelayVersion.OURS, in),
                            mark(in),
                            in.getInt(),
                            in.getInt(),
                            in.slice());
            case SEND_MARKED_METADATA ->
                    new RelayRequest.SendMarkedMetadata(
                            in.getLong(), Fields.unsigned(in.getInt()), mark(in), in.slice());
            case COMMIT -> new RelayRequest.Commit();
        };
    }

    private static StreamMark mark(ByteBuffer in) {
        return new StreamMark(in.getLong(), in.getLong());
    }

    private static RelayRequest createSession(RelayVersion version, ByteBuffer in)
            throws ProtocolException {
        if (!version.isAtLeast(4)) {
            return RelayRequest.CreateSession.named(CString.EMPTY, CString.EMPTY, 0, false);
        }
        if (!version.isAtLeast(11)) {
            return RelayRequest.CreateSession.named(
                    Fields.fixed(in, RelayLayout.SESSION_NAME, "CREATE_SESSION, name"),
                    Fields.fixed(in, RelayLayout.HOST_NAME, "CREATE_SESSION, host"),
                    Fields.unsigned(in.getInt()),
                    in.getInt() != 0);
        }
        int nameBytes = in.getInt();
        int hostBytes = in.getInt();
        int pathBytes = in.getInt();
        long liveTimerMicros = Fields.unsigned(in.getInt());
        boolean isSnapshot = in.get() != 0;
        boolean isNamedAfterTime = in.get() != 0;
        var uuid = new UUID(in.getLong(), in.getLong());
        long sessionId = in.getLong();
        long createdSeconds = in.getLong();
        boolean hasChunk = in.get() != 0;
        long chunkId = in.getLong();
        int traceFormat = version.isAtLeast(15) ? in.getInt() : 0;
        return new RelayRequest.CreateSession(
                Fields.counted(in, nameBytes, Fields.MAX_PATH_BYTES, "CREATE_SESSION, name"),
                Fields.counted(in, hostBytes, Fields.MAX_PATH_BYTES, "CREATE_SESSION, host"),
                Fields.counted(in, pathBytes, Fields.MAX_PATH_BYTES, "CREATE_SESSION, base path"),
                liveTimerMicros,
                isSnapshot,
                isNamedAfterTime,
                uuid,
                sessionId,
                createdSeconds,
                hasChunk,
                chunkId,
                traceFormat);
    }

    private static RelayRequest.AddStream addStream(RelayVersion version, ByteBuffer in)
            throws ProtocolException {
        if (!version.isAtLeast(11)) {
            CString channel =
                    Fields.fixed(in, RelayLayout.CHANNEL_NAME, "ADD_STREAM, channel name");
            CString path = Fields.fixed(in, Fields.MAX_PATH_BYTES, "ADD_STREAM, path");
            boolean hasFiles = version.isAtLeast(2);
            return new RelayRequest.AddStream(
                    channel, path, hasFiles ? in.getLong() : 0, hasFiles ? in.getLong() : 0, 0);
        }
        int channelBytes = in.getInt();
        int pathBytes = in.getInt();
        long tracefileBytes = in.getLong();
        long tracefileCount = in.getLong();
        long chunkId = in.getLong();
        return new RelayRequest.AddStream(
                Fields.counted(
                        in, channelBytes, RelayLayout.CHANNEL_NAME, "ADD_STREAM, channel name"),
                Fields.counted(in, pathBytes, RelayLayout.STREAM_PATH_2_11, "ADD_STREAM, path"),
                tracefileBytes,
                tracefileCount,
                chunkId);
    }

    private static RelayRequest.SendIndex sendIndex(RelayVersion version, ByteBuffer in) {
        boolean hasInstance = version.isAtLeast(8);
        return new RelayRequest.SendIndex(
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                hasInstance ? in.getLong() : 0,
                hasInstance ? in.getLong() : 0);
    }

    private static RelayRequest createTraceChunk(ByteBuffer in) throws ProtocolException {
        return new RelayRequest.CreateTraceChunk(
                in.getLong(),
                in.getLong(),
                Fields.counted(in, in.getInt(), Fields.MAX_PATH_BYTES, "CREATE_TRACE_CHUNK, name"));
    }

    /// How the sender padded the structure shows in the size of the payload only.
    private static RelayRequest rotateStreams(ByteBuffer in) throws ProtocolException {
        int bytes = in.remaining();
        long count = Fields.unsigned(in.getInt());
        boolean hasNewChunk = in.get() != 0;
        Padding padding = null;
        for (Padding each : Padding.values()) {
            if (RelayLayout.ROTATE_STREAMS + each.bytes() + count * RelayLayout.ROTATE_POSITION
                    == bytes) {
                padding = each;
            }
        }
        if (padding == null) {
            throw new ProtocolException(
                    "ROTATE_STREAMS: %d bytes for %d streams, want 16 for each and 13, 16 or 20"
                            .formatted(bytes, count));
        }
        in.position(in.position() + padding.bytes());
        long newChunkId = in.getLong();
        var positions = new ArrayList<Position>((int) count);
        for (long i = 0; i < count; i++) {
            positions.add(new Position(in.getLong(), in.getLong()));
        }
        return new RelayRequest.RotateStreams(hasNewChunk, newChunkId, positions, padding);
    }
}
