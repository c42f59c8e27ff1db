// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.packed.Fields;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Replies as bytes (`relay-protocol.md` sections 4 and 5): written by a relay, read by a producer.
/// Buffers are big-endian, as they are when made.
public final class RelayReplyCodec {
    private static final int PATH_LENGTH_OF_SESSION = 12;
    private static final int PATH_LENGTH_OF_CHUNK = 4;

    private static final int RESUMED_BYTES = 16 + 9 * Long.BYTES + 2 * Long.BYTES;
    private static final int COMMITTED_BYTES = 20;
    private static final RelayReply.LastStored NOTHING_STORED =
            new RelayReply.LastStored(
                    new RelayRequest.SendIndex(0, RelayRequest.NONE, 0, 0, 0, 0, 0, 0, 0, 0),
                    StreamMark.NONE);

    private RelayReplyCodec() {}

    /// How many bytes are to be read at least before the reply to a command is whole: 0 when it is.
    /// Once a few have been read there may turn out to be more.
    ///
    /// @param untrusted its remaining bytes are what has been received; its position stays
    /// @throws IllegalArgumentException for a command that is not answered
    public static int missingBytes(RelayCommand command, RelayVersion version, ByteBuffer untrusted)
            throws ProtocolException {
        int bytes = structureBytes(command, version);
        int pathLength = pathLengthAt(command, version);
        if (pathLength >= 0 && untrusted.remaining() >= bytes) {
            int untrustedLength = untrusted.getInt(untrusted.position() + pathLength);
            Fields.boundLength(untrustedLength, Fields.MAX_PATH_BYTES, command + "'s reply, path");
            bytes += untrustedLength;
        }
        return Math.max(0, bytes - untrusted.remaining());
    }

    /// Takes the reply to a command out of a buffer.
    ///
    /// @throws ProtocolException when it is cut, or is none
    /// @throws IllegalArgumentException for a command that is not answered
    public static RelayReply decode(RelayCommand command, RelayVersion version, ByteBuffer in)
            throws ProtocolException {
        int missing = missingBytes(command, version, in);
        if (missing > 0) {
            Fields.need(in, in.remaining() + missing, command + "'s reply");
        }
        return switch (command) {
            case VERSION -> new RelayReply.Version(new RelayVersion(in.getInt(), in.getInt()));
            case GET_CONFIGURATION -> new RelayReply.Configuration(code(in), in.getLong());
            case CREATE_SESSION ->
                    new RelayReply.SessionCreated(
                            in.getLong(),
                            code(in),
                            Fields.counted(
                                    in,
                                    version.isAtLeast(11) ? in.getInt() : 0,
                                    Fields.MAX_PATH_BYTES,
                                    "CREATE_SESSION's reply, path"));
            case ADD_STREAM -> new RelayReply.StreamAdded(in.getLong(), code(in));
            case DATA_PENDING, END_DATA_PENDING -> new RelayReply.Pending(in.getInt());
            case CLOSE_TRACE_CHUNK ->
                    new RelayReply.ChunkClosed(
                            code(in),
                            Fields.counted(
                                    in,
                                    in.getInt(),
                                    Fields.MAX_PATH_BYTES,
                                    "CLOSE_TRACE_CHUNK's reply, path"));
            case TRACE_CHUNK_EXISTS -> new RelayReply.ChunkExists(code(in), in.get() != 0);
            case START_DATA,
                    CLOSE_STREAM,
                    QUIESCENT_CONTROL,
                    BEGIN_DATA_PENDING,
                    SEND_INDEX,
                    STREAMS_SENT,
                    RESET_METADATA,
                    ROTATE_STREAMS,
                    CREATE_TRACE_CHUNK ->
                    new RelayReply.Result(code(in));
            case RESUME_STREAM -> resumed(in);
            case COMMIT ->
                    new RelayReply.Committed(
                            code(in),
                            in.getLong(),
                            Fields.unsigned(in.getInt()),
                            Fields.counted(
                                    in,
                                    in.getInt(),
                                    Fields.MAX_PATH_BYTES,
                                    "COMMIT's reply, reason"));
            case SEND_METADATA, SEND_PACKET, SEND_MARKED_METADATA -> throw notAnswered(command);
        };
    }

    private static RelayReply resumed(ByteBuffer in) {
        long handle = in.getLong();
        ResultCode code = code(in);
        boolean isKnown = in.getInt() != 0;
        var index =
                new RelayRequest.SendIndex(
                        handle,
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong());
        var mark = new StreamMark(in.getLong(), in.getLong());
        return new RelayReply.StreamResumed(
                handle,
                code,
                isKnown ? Optional.of(new RelayReply.LastStored(index, mark)) : Optional.empty());
    }

    private static void put(RelayReply.StreamResumed resumed, ByteBuffer out) {
        out.putLong(resumed.handle()).putInt(resumed.code().number());
        out.putInt(resumed.last().isPresent() ? 1 : 0);
        RelayReply.LastStored last = resumed.last().orElse(NOTHING_STORED);
        RelayRequest.SendIndex index = last.index();
        out.putLong(index.netSeqNum());
        out.putLong(index.packetBits()).putLong(index.contentBits());
        out.putLong(index.beginTicks()).putLong(index.endTicks());
        out.putLong(index.discardedEvents()).putLong(index.streamClassId());
        out.putLong(index.streamInstanceId()).putLong(index.packetSequence());
        out.putLong(last.mark().position()).putLong(last.mark().lostRecords());
    }

    /// How many bytes [#encode] puts.
    public static int bytes(RelayReply reply, RelayVersion version) {
        return switch (reply) {
            case RelayReply.Result _, RelayReply.Pending _ -> 4;
            case RelayReply.Version _ -> 8;
            case RelayReply.Configuration _, RelayReply.StreamAdded _ -> 12;
            case RelayReply.SessionCreated session ->
                    version.isAtLeast(11) ? 16 + Fields.optionalBytes(session.outputPath()) : 12;
            case RelayReply.ChunkClosed chunk -> 8 + Fields.optionalBytes(chunk.path());
            case RelayReply.ChunkExists _ -> 5;
            case RelayReply.StreamResumed _ -> RESUMED_BYTES;
            case RelayReply.Committed committed ->
                    COMMITTED_BYTES + Fields.optionalBytes(committed.why());
        };
    }

    /// Puts a reply into a buffer.
    ///
    /// @throws java.nio.BufferOverflowException when it has less room than [#bytes]
    public static void encode(RelayReply reply, RelayVersion version, ByteBuffer out) {
        switch (reply) {
            case RelayReply.Result(ResultCode code) -> out.putInt(code.number());
            case RelayReply.Pending(int state) -> out.putInt(state);
            case RelayReply.Version(RelayVersion(int major, int minor)) ->
                    out.putInt(major).putInt(minor);
            case RelayReply.Configuration(ResultCode code, long flags) ->
                    out.putInt(code.number()).putLong(flags);
            case RelayReply.StreamAdded(long handle, ResultCode code) ->
                    out.putLong(handle).putInt(code.number());
            case RelayReply.SessionCreated session -> {
                out.putLong(session.sessionId()).putInt(session.code().number());
                if (version.isAtLeast(11)) {
                    out.putInt(Fields.optionalBytes(session.outputPath()));
                    Fields.putOptional(out, session.outputPath());
                }
            }
            case RelayReply.ChunkClosed chunk -> {
                out.putInt(chunk.code().number()).putInt(Fields.optionalBytes(chunk.path()));
                Fields.putOptional(out, chunk.path());
            }
            case RelayReply.ChunkExists(ResultCode code, boolean exists) ->
                    out.putInt(code.number()).put((byte) (exists ? 1 : 0));
            case RelayReply.StreamResumed resumed -> put(resumed, out);
            case RelayReply.Committed committed -> {
                out.putInt(committed.code().number()).putLong(committed.packets());
                out.putInt(Fields.word(committed.viewers()));
                out.putInt(Fields.optionalBytes(committed.why()));
                Fields.putOptional(out, committed.why());
            }
        }
    }

    private static ResultCode code(ByteBuffer in) {
        return ResultCode.of(in.getInt());
    }

    /// Without a path.
    private static int structureBytes(RelayCommand command, RelayVersion version) {
        return switch (command) {
            case VERSION, CLOSE_TRACE_CHUNK -> 8;
            case GET_CONFIGURATION, ADD_STREAM -> 12;
            case CREATE_SESSION -> version.isAtLeast(11) ? 16 : 12;
            case TRACE_CHUNK_EXISTS -> 5;
            case START_DATA,
                    CLOSE_STREAM,
                    DATA_PENDING,
                    QUIESCENT_CONTROL,
                    BEGIN_DATA_PENDING,
                    END_DATA_PENDING,
                    SEND_INDEX,
                    STREAMS_SENT,
                    RESET_METADATA,
                    ROTATE_STREAMS,
                    CREATE_TRACE_CHUNK ->
                    4;
            case RESUME_STREAM -> RESUMED_BYTES;
            case COMMIT -> COMMITTED_BYTES;
            case SEND_METADATA, SEND_PACKET, SEND_MARKED_METADATA -> throw notAnswered(command);
        };
    }

    /// Where the length of the reply's path is, or -1.
    private static int pathLengthAt(RelayCommand command, RelayVersion version) {
        if (command == RelayCommand.CREATE_SESSION && version.isAtLeast(11)) {
            return PATH_LENGTH_OF_SESSION;
        }
        if (command == RelayCommand.COMMIT) {
            return COMMITTED_BYTES - Integer.BYTES;
        }
        return command == RelayCommand.CLOSE_TRACE_CHUNK ? PATH_LENGTH_OF_CHUNK : -1;
    }

    private static IllegalArgumentException notAnswered(RelayCommand command) {
        return new IllegalArgumentException(command + " is not answered");
    }
}
