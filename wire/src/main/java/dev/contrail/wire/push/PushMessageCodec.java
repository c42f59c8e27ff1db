// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.push;

import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.packed.Fields;
import dev.contrail.wire.push.PushMessage.Alive;
import dev.contrail.wire.push.PushMessage.Ended;
import dev.contrail.wire.push.PushMessage.Lost;
import dev.contrail.wire.push.PushMessage.Metadata;
import dev.contrail.wire.push.PushMessage.PacketBegun;
import dev.contrail.wire.push.PushMessage.PacketGone;
import dev.contrail.wire.push.PushMessage.PacketPart;
import dev.contrail.wire.push.PushMessage.Previous;
import dev.contrail.wire.push.PushMessage.Quiet;
import dev.contrail.wire.push.PushMessage.Remembered;
import dev.contrail.wire.push.PushMessage.SessionLine;
import dev.contrail.wire.push.PushMessage.Sessions;
import dev.contrail.wire.push.PushMessage.StreamBegun;
import dev.contrail.wire.push.PushMessage.StreamEnded;
import dev.contrail.wire.push.PushMessage.Watching;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What relays say, as bytes (`viewer-push.md`): a [PushHeader], then the body.
public final class PushMessageCodec {
    static final int SESSIONS = 101;
    static final int WATCHING = 102;
    static final int STREAM_BEGUN = 103;
    static final int METADATA = 104;
    static final int PACKET_BEGUN = 105;
    static final int PACKET_PART = 106;
    static final int PACKET_GONE = 107;
    static final int QUIET = 108;
    static final int LOST = 109;
    static final int STREAM_ENDED = 110;
    static final int ENDED = 111;
    static final int REMEMBERED = 112;
    static final int ALIVE = 113;

    /// Of a [PacketBegun], without header and bytes.
    public static final int PACKET_BEGUN_BYTES = 10 * Long.BYTES;

    private static final int SESSION_LINE_BYTES = 3 * Integer.BYTES + 2 * Long.BYTES + 12;
    private static final int WATCHING_BYTES = 2 * Integer.BYTES;
    private static final int STREAM_BEGUN_BYTES = 7 * Long.BYTES + 3 * Integer.BYTES;

    private PushMessageCodec() {}

    /// How many bytes [#encode] puts, header included.
    public static int bytes(PushMessage message) {
        return PushHeader.BYTES
                + switch (message) {
                    case Sessions(List<SessionLine> sessions) ->
                            Integer.BYTES
                                    + sessions.stream()
                                            .mapToInt(each ->
                                                    SESSION_LINE_BYTES
                                                            + each.host().length()
                                                            + each.name().length())
                                            .sum();
                    case Watching(_, _, ByteBuffer mark) -> WATCHING_BYTES + mark.remaining();
                    case StreamBegun begun ->
                            STREAM_BEGUN_BYTES + begun.path().length() + begun.channel().length();
                    case Metadata(_, ByteBuffer bytes) -> Long.BYTES + bytes.remaining();
                    case PacketBegun begun -> PACKET_BEGUN_BYTES + begun.bytes().remaining();
                    case PacketPart(_, ByteBuffer bytes) -> Long.BYTES + bytes.remaining();
                    case PacketGone _, StreamEnded _, Remembered _ -> Long.BYTES;
                    case Quiet _ -> 3 * Long.BYTES;
                    case Lost _ -> 2 * Long.BYTES;
                    case Ended _ -> Integer.BYTES;
                    case Alive _ -> 0;
                };
    }

    /// Puts header and body into a buffer.
    ///
    /// @throws java.nio.BufferOverflowException when it has less room than [#bytes]
    public static void encode(PushMessage message, ByteBuffer out) {
        new PushHeader(kind(message), bytes(message) - PushHeader.BYTES).encode(out);
        switch (message) {
            case Sessions(List<SessionLine> sessions) -> {
                out.putInt(sessions.size());
                sessions.forEach(each -> put(each, out));
            }
            case Watching(var status, boolean isResumed, ByteBuffer mark) -> {
                out.putInt(status.ordinal() + 1).putInt(isResumed ? 1 : 0);
                out.put(mark.duplicate());
            }
            case StreamBegun begun -> put(begun, out);
            case Metadata(long trace, ByteBuffer bytes) ->
                    out.putLong(trace).put(bytes.duplicate());
            case PacketBegun begun -> put(begun, out);
            case PacketPart(long stream, ByteBuffer bytes) ->
                    out.putLong(stream).put(bytes.duplicate());
            case PacketGone(long stream) -> out.putLong(stream);
            case Quiet(long stream, long ticks, long classId) ->
                    out.putLong(stream).putLong(ticks).putLong(classId);
            case Lost(long stream, long packets) -> out.putLong(stream).putLong(packets);
            case StreamEnded(long stream) -> out.putLong(stream);
            case Ended(var why) -> out.putInt(why.ordinal() + 1);
            case Remembered(long count) -> out.putLong(count);
            case Alive _ -> {}
        }
    }

    private static int kind(PushMessage message) {
        return switch (message) {
            case Sessions _ -> SESSIONS;
            case Watching _ -> WATCHING;
            case StreamBegun _ -> STREAM_BEGUN;
            case Metadata _ -> METADATA;
            case PacketBegun _ -> PACKET_BEGUN;
            case PacketPart _ -> PACKET_PART;
            case PacketGone _ -> PACKET_GONE;
            case Quiet _ -> QUIET;
            case Lost _ -> LOST;
            case StreamEnded _ -> STREAM_ENDED;
            case Ended _ -> ENDED;
            case Remembered _ -> REMEMBERED;
            case Alive _ -> ALIVE;
        };
    }

    private static void put(SessionLine line, ByteBuffer out) {
        out.putInt(Fields.word(line.liveTimerMicros())).putInt(Fields.word(line.viewers()));
        out.putInt(Fields.word(line.streams())).putLong(line.createdSeconds());
        out.putLong(line.bytes()).putInt(line.state().ordinal() + 1);
        out.putInt(line.host().length()).putInt(line.name().length());
        line.host().putTo(out);
        line.name().putTo(out);
    }

    private static void put(StreamBegun begun, ByteBuffer out) {
        out.putLong(begun.id()).putLong(begun.trace());
        out.putLong(begun.place().packet()).putLong(begun.place().events());
        Previous previous = begun.previous().orElse(new Previous(0, 0, 0));
        out.putInt(begun.previous().isPresent() ? 1 : 0);
        out.putLong(previous.endTicks()).putLong(previous.discardedEvents());
        out.putLong(previous.sequence());
        out.putInt(begun.path().length()).putInt(begun.channel().length());
        begun.path().putTo(out);
        begun.channel().putTo(out);
    }

    private static void put(PacketBegun begun, ByteBuffer out) {
        out.putLong(begun.stream()).putLong(begun.number());
        out.putLong(begun.packetBits()).putLong(begun.contentBits());
        out.putLong(begun.beginTicks()).putLong(begun.endTicks());
        out.putLong(begun.discardedEvents()).putLong(begun.streamClassId());
        out.putLong(begun.streamInstanceId()).putLong(begun.sequence());
        out.put(begun.bytes().duplicate());
    }

    /// Takes a body out of a buffer that holds nothing else.
    ///
    /// @throws ProtocolException when it is cut, or is none
    public static PushMessage decode(PushHeader header, ByteBuffer in) throws ProtocolException {
        return switch (header.kind()) {
            case SESSIONS -> sessions(in);
            case WATCHING -> {
                Fields.need(in, WATCHING_BYTES, "watching");
                yield new Watching(
                        choice(PushMessage.Status.values(), in.getInt(), "status"),
                        in.getInt() != 0,
                        mark(in));
            }
            case STREAM_BEGUN -> streamBegun(in);
            case METADATA -> {
                Fields.need(in, Long.BYTES, "metadata");
                yield new Metadata(in.getLong(), rest(in));
            }
            case PACKET_BEGUN -> {
                Fields.need(in, PACKET_BEGUN_BYTES, "packet");
                yield new PacketBegun(
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        rest(in));
            }
            case PACKET_PART -> {
                Fields.need(in, Long.BYTES, "part of a packet");
                yield new PacketPart(in.getLong(), rest(in));
            }
            case PACKET_GONE -> {
                Fields.need(in, Long.BYTES, "packet that is gone");
                yield new PacketGone(in.getLong());
            }
            case QUIET -> {
                Fields.need(in, 3 * Long.BYTES, "beacon");
                yield new Quiet(in.getLong(), in.getLong(), in.getLong());
            }
            case LOST -> {
                Fields.need(in, 2 * Long.BYTES, "loss");
                yield new Lost(in.getLong(), in.getLong());
            }
            case STREAM_ENDED -> {
                Fields.need(in, Long.BYTES, "end of a stream");
                yield new StreamEnded(in.getLong());
            }
            case ENDED -> {
                Fields.need(in, Integer.BYTES, "end");
                yield new Ended(choice(PushMessage.End.values(), in.getInt(), "end"));
            }
            case REMEMBERED -> {
                Fields.need(in, Long.BYTES, "remembered");
                yield new Remembered(in.getLong());
            }
            case ALIVE -> new Alive();
            default ->
                    throw new ProtocolException(
                            "message of kind " + Integer.toUnsignedString(header.kind()));
        };
    }

    private static ByteBuffer mark(ByteBuffer in) throws ProtocolException {
        Fields.boundLength(in.remaining(), PushRequest.Shown.MAX_MARK_BYTES, "mark");
        return rest(in);
    }

    private static Sessions sessions(ByteBuffer in) throws ProtocolException {
        Fields.need(in, Integer.BYTES, "sessions");
        int count = in.getInt();
        Fields.boundLength(count, PushHeader.MAX_BODY_BYTES / SESSION_LINE_BYTES, "sessions");
        var sessions = new ArrayList<SessionLine>();
        for (int i = 0; i < count; i++) {
            Fields.need(in, SESSION_LINE_BYTES, "session");
            long timer = Fields.unsigned(in.getInt());
            long viewers = Fields.unsigned(in.getInt());
            long streams = Fields.unsigned(in.getInt());
            long created = in.getLong();
            long bytes = in.getLong();
            var state = choice(PushMessage.State.values(), in.getInt(), "state");
            int host = in.getInt();
            int name = in.getInt();
            sessions.add(
                    new SessionLine(
                            timer,
                            viewers,
                            streams,
                            created,
                            bytes,
                            state,
                            Fields.bare(in, host, Fields.MAX_PATH_BYTES, "session, host"),
                            Fields.bare(in, name, Fields.MAX_PATH_BYTES, "session, name")));
        }
        return new Sessions(sessions);
    }

    private static StreamBegun streamBegun(ByteBuffer in) throws ProtocolException {
        Fields.need(in, STREAM_BEGUN_BYTES, "stream");
        long id = in.getLong();
        long trace = in.getLong();
        var place = new StreamPosition(in.getLong(), in.getLong());
        boolean hasPrevious = in.getInt() != 0;
        var previous = new Previous(in.getLong(), in.getLong(), in.getLong());
        int path = in.getInt();
        int channel = in.getInt();
        return new StreamBegun(
                id,
                trace,
                Fields.bare(in, path, Fields.MAX_PATH_BYTES, "stream, path"),
                Fields.bare(in, channel, Fields.MAX_PATH_BYTES, "stream, channel"),
                place,
                hasPrevious ? Optional.of(previous) : Optional.empty());
    }

    /// The value of a number that counts from 1.
    static <E extends Enum<E>> E choice(E[] values, int untrusted, String field)
            throws ProtocolException {
        if (untrusted < 1 || untrusted > values.length) {
            throw new ProtocolException(
                    "%s %s, want 1 to %d"
                            .formatted(field, Integer.toUnsignedString(untrusted), values.length));
        }
        return values[untrusted - 1];
    }

    static ByteBuffer rest(ByteBuffer in) {
        ByteBuffer rest = in.slice();
        in.position(in.limit());
        return rest;
    }
}
