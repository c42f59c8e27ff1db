// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.live;

import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.packed.Fields;
import java.nio.ByteBuffer;

/// Replies to viewers as bytes (`live-protocol.md` section 2): written by a relay, read by a
/// viewer. Buffers are big-endian, as they are when made.
public final class ViewerReplyCodec {
    /// What a viewer takes at once; a stream's packet may be fetched in pieces.
    public static final int MAX_REPLY_BYTES = Fields.MAX_MESSAGE_BYTES;

    private ViewerReplyCodec() {}

    /// How many bytes are to be read at least before the reply to a command is whole: 0 when it is.
    /// Once a few have been read there may turn out to be more, up to [#MAX_REPLY_BYTES].
    ///
    /// @param version that both ends agreed on
    /// @param untrusted its remaining bytes are what has been received; its position stays
    public static int missingBytes(
            ViewerCommand command, RelayVersion version, ByteBuffer untrusted)
            throws ProtocolException {
        int structure = structureBytes(command);
        if (untrusted.remaining() < structure) {
            return structure - untrusted.remaining();
        }
        int at = untrusted.position();
        long more =
                switch (command) {
                    case LIST_SESSIONS -> EntryCodec.sessionBytes(version, untrusted);
                    case ATTACH_SESSION, GET_NEW_STREAMS ->
                            isOk(untrusted.getInt(at))
                                    ? Fields.unsigned(untrusted.getInt(at + 4))
                                            * EntryCodec.STREAM_ENTRY
                                    : 0;
                    case GET_PACKET ->
                            isOk(untrusted.getInt(at))
                                    ? Fields.unsigned(untrusted.getInt(at + 4))
                                    : 0;
                    case GET_METADATA -> isOk(untrusted.getInt(at + 8)) ? untrusted.getLong(at) : 0;
                    case CONNECT, GET_NEXT_INDEX, CREATE_SESSION, DETACH_SESSION -> 0;
                };
        if (more < 0 || more > MAX_REPLY_BYTES - structure) {
            throw new ProtocolException(
                    "%s's reply: %s bytes, want at most %d"
                            .formatted(command, Long.toUnsignedString(more), MAX_REPLY_BYTES));
        }
        return (int) Math.max(0, structure + more - untrusted.remaining());
    }

    /// Takes the reply to a command out of a buffer.
    ///
    /// @param version that both ends agreed on
    /// @throws ProtocolException when it is cut, or is none
    public static ViewerReply decode(ViewerCommand command, RelayVersion version, ByteBuffer in)
            throws ProtocolException {
        int missing = missingBytes(command, version, in);
        if (missing > 0) {
            Fields.need(in, (long) in.remaining() + missing, command + "'s reply");
        }
        return switch (command) {
            case CONNECT ->
                    new ViewerReply.Connected(
                            in.getLong(), new RelayVersion(in.getInt(), in.getInt()), in.getInt());
            case LIST_SESSIONS -> new ViewerReply.SessionList(EntryCodec.sessions(version, in));
            case ATTACH_SESSION -> {
                var status = status(ViewerReply.AttachStatus.values(), command, in);
                yield new ViewerReply.Attached(status, EntryCodec.streams(count(status, in), in));
            }
            case GET_NEXT_INDEX ->
                    new ViewerReply.NextIndex(
                            in.getLong(),
                            in.getLong(),
                            in.getLong(),
                            in.getLong(),
                            in.getLong(),
                            in.getLong(),
                            in.getLong(),
                            status(ViewerReply.IndexStatus.values(), command, in),
                            in.getInt());
            case GET_PACKET -> {
                var status = status(ViewerReply.PacketStatus.values(), command, in);
                int bytes = in.getInt();
                yield new ViewerReply.Packet(status, in.getInt(), tail(status, bytes, in));
            }
            case GET_METADATA -> {
                long bytes = in.getLong();
                var status = status(ViewerReply.MetadataStatus.values(), command, in);
                yield new ViewerReply.Metadata(status, tail(status, (int) bytes, in));
            }
            case GET_NEW_STREAMS -> {
                var status = status(ViewerReply.NewStreamsStatus.values(), command, in);
                yield new ViewerReply.NewStreams(status, EntryCodec.streams(count(status, in), in));
            }
            case CREATE_SESSION ->
                    new ViewerReply.ViewerSessionCreated(
                            status(ViewerReply.CreateStatus.values(), command, in));
            case DETACH_SESSION ->
                    new ViewerReply.Detached(
                            status(ViewerReply.DetachStatus.values(), command, in));
        };
    }

    private static int count(Enum<?> status, ByteBuffer in) {
        int untrustedCount = in.getInt();
        return isOk(number(status)) ? untrustedCount : 0;
    }

    private static ByteBuffer tail(Enum<?> status, int bytes, ByteBuffer in) {
        int length = isOk(number(status)) ? bytes : 0;
        ByteBuffer tail = in.slice(in.position(), length);
        in.position(in.position() + length);
        return tail;
    }

    private static <E extends Enum<E>> E status(E[] values, ViewerCommand command, ByteBuffer in)
            throws ProtocolException {
        int untrusted = in.getInt();
        if (untrusted < 1 || untrusted > values.length) {
            throw new ProtocolException(
                    "%s's reply: status %s, want 1 to %d"
                            .formatted(
                                    command, Integer.toUnsignedString(untrusted), values.length));
        }
        return values[untrusted - 1];
    }

    private static int number(Enum<?> status) {
        return status.ordinal() + 1;
    }

    /// Only then something follows.
    private static boolean isOk(int status) {
        return status == 1;
    }

    /// How many bytes [#encode] puts.
    public static int bytes(ViewerReply reply, RelayVersion version) {
        return switch (reply) {
            case ViewerReply.UnknownCommand _,
                    ViewerReply.ViewerSessionCreated _,
                    ViewerReply.Detached _ ->
                    4;
            case ViewerReply.Connected _ -> 20;
            case ViewerReply.SessionList(var sessions) ->
                    4 + EntryCodec.sessionBytes(version, sessions);
            case ViewerReply.Attached(_, var streams) ->
                    8 + streams.size() * EntryCodec.STREAM_ENTRY;
            case ViewerReply.NewStreams(_, var streams) ->
                    8 + streams.size() * EntryCodec.STREAM_ENTRY;
            case ViewerReply.NextIndex _ -> 64;
            case ViewerReply.Packet packet -> 12 + packet.bytes().remaining();
            case ViewerReply.Metadata metadata -> 12 + metadata.bytes().remaining();
        };
    }

    private static int structureBytes(ViewerCommand command) {
        return switch (command) {
            case LIST_SESSIONS, CREATE_SESSION, DETACH_SESSION -> 4;
            case ATTACH_SESSION, GET_NEW_STREAMS -> 8;
            case GET_PACKET, GET_METADATA -> 12;
            case CONNECT -> 20;
            case GET_NEXT_INDEX -> 64;
        };
    }

    /// Puts a reply into a buffer. Names that the protocol has no room for are cut: one of them
    /// would otherwise keep a viewer from all other sessions.
    ///
    /// @param version that both ends agreed on
    /// @throws java.nio.BufferOverflowException when the buffer has less room than [#bytes]
    public static void encode(ViewerReply reply, RelayVersion version, ByteBuffer out) {
        switch (reply) {
            case ViewerReply.UnknownCommand _ -> out.putInt(ViewerReply.UnknownCommand.CODE);
            case ViewerReply.Connected(long id, RelayVersion(int major, int minor), int type) ->
                    out.putLong(id).putInt(major).putInt(minor).putInt(type);
            case ViewerReply.SessionList(var sessions) -> {
                out.putInt(sessions.size());
                EntryCodec.putSessions(version, sessions, out);
            }
            case ViewerReply.ViewerSessionCreated(var status) -> out.putInt(number(status));
            case ViewerReply.Attached(var status, var streams) -> {
                out.putInt(number(status)).putInt(streams.size());
                EntryCodec.putStreams(streams, out);
            }
            case ViewerReply.Detached(var status) -> out.putInt(number(status));
            case ViewerReply.NewStreams(var status, var streams) -> {
                out.putInt(number(status)).putInt(streams.size());
                EntryCodec.putStreams(streams, out);
            }
            case ViewerReply.NextIndex index -> {
                out.putLong(index.offset()).putLong(index.packetBits());
                out.putLong(index.contentBits());
                out.putLong(index.beginTicks()).putLong(index.endTicks());
                out.putLong(index.discardedEvents()).putLong(index.streamClassId());
                out.putInt(number(index.status())).putInt(index.flags());
            }
            case ViewerReply.Packet(var status, int flags, ByteBuffer bytes) -> {
                out.putInt(number(status)).putInt(bytes.remaining()).putInt(flags);
                out.put(bytes.duplicate());
            }
            case ViewerReply.Metadata(var status, ByteBuffer bytes) -> {
                out.putLong(bytes.remaining()).putInt(number(status));
                out.put(bytes.duplicate());
            }
        }
    }
}
