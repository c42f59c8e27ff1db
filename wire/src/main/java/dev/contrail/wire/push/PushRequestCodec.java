// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.push;

import dev.contrail.wire.CString;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.packed.Fields;
import dev.contrail.wire.push.PushRequest.Credit;
import dev.contrail.wire.push.PushRequest.ListSessions;
import dev.contrail.wire.push.PushRequest.Shown;
import dev.contrail.wire.push.PushRequest.StreamPlace;
import dev.contrail.wire.push.PushRequest.Watch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What viewers say, as bytes (`viewer-push.md`): a [PushHeader], then the body.
public final class PushRequestCodec {
    /// Longest name of a viewer, host or session.
    public static final int MAX_NAME_BYTES = 255;

    static final int LIST = 1;
    static final int WATCH = 2;
    static final int CREDIT = 3;
    static final int SHOWN = 4;

    private static final int PLACE_BYTES = 3 * Long.BYTES;
    private static final int WATCH_BYTES = 4 * Integer.BYTES;

    private PushRequestCodec() {}

    /// How many bytes [#encode] puts, header included.
    public static int bytes(PushRequest request) {
        return PushHeader.BYTES
                + switch (request) {
                    case ListSessions _ -> 0;
                    case Watch(_, CString host, CString session, CString name) ->
                            WATCH_BYTES + host.length() + session.length() + name.length();
                    case Credit _ -> Long.BYTES + Integer.BYTES;
                    case Shown(List<StreamPlace> shown, ByteBuffer mark) ->
                            2 * Integer.BYTES + shown.size() * PLACE_BYTES + mark.remaining();
                };
    }

    /// Puts header and body into a buffer.
    ///
    /// @throws java.nio.BufferOverflowException when it has less room than [#bytes]
    public static void encode(PushRequest request, ByteBuffer out) {
        new PushHeader(kind(request), bytes(request) - PushHeader.BYTES).encode(out);
        switch (request) {
            case ListSessions _ -> {}
            case Watch(var seek, CString host, CString session, CString name) -> {
                out.putInt(seek.ordinal() + 1).putInt(host.length()).putInt(session.length());
                out.putInt(name.length());
                host.putTo(out);
                session.putTo(out);
                name.putTo(out);
            }
            case Credit(long stream, long bytes) -> out.putLong(stream).putInt(Fields.word(bytes));
            case Shown(List<StreamPlace> shown, ByteBuffer mark) -> {
                out.putInt(shown.size()).putInt(mark.remaining());
                for (StreamPlace each : shown) {
                    out.putLong(each.stream());
                    out.putLong(each.place().packet()).putLong(each.place().events());
                }
                out.put(mark.duplicate());
            }
        }
    }

    private static int kind(PushRequest request) {
        return switch (request) {
            case ListSessions _ -> LIST;
            case Watch _ -> WATCH;
            case Credit _ -> CREDIT;
            case Shown _ -> SHOWN;
        };
    }

    /// Takes a body out of a buffer that holds nothing else.
    ///
    /// @throws ProtocolException when it is cut, or is none
    public static PushRequest decode(PushHeader header, ByteBuffer in) throws ProtocolException {
        return switch (header.kind()) {
            case LIST -> new ListSessions();
            case WATCH -> watch(in);
            case CREDIT -> {
                Fields.need(in, Long.BYTES + Integer.BYTES, "credit");
                yield new Credit(in.getLong(), Fields.unsigned(in.getInt()));
            }
            case SHOWN -> shown(in);
            default ->
                    throw new ProtocolException(
                            "request of kind " + Integer.toUnsignedString(header.kind()));
        };
    }

    private static Watch watch(ByteBuffer in) throws ProtocolException {
        Fields.need(in, WATCH_BYTES, "watch");
        PushRequest.Seek seek =
                PushMessageCodec.choice(PushRequest.Seek.values(), in.getInt(), "seek");
        int host = in.getInt();
        int session = in.getInt();
        int name = in.getInt();
        return new Watch(
                seek,
                Fields.bare(in, host, MAX_NAME_BYTES, "watch, host"),
                Fields.bare(in, session, MAX_NAME_BYTES, "watch, session"),
                Fields.bare(in, name, MAX_NAME_BYTES, "watch, viewer"));
    }

    private static Shown shown(ByteBuffer in) throws ProtocolException {
        Fields.need(in, 2 * Integer.BYTES, "places");
        int count = in.getInt();
        int markBytes = in.getInt();
        Fields.boundLength(count, PushHeader.MAX_BODY_BYTES / PLACE_BYTES, "places");
        Fields.boundLength(markBytes, Shown.MAX_MARK_BYTES, "mark");
        Fields.need(in, (long) count * PLACE_BYTES + markBytes, "places");
        var shown = new ArrayList<StreamPlace>(count);
        for (int i = 0; i < count; i++) {
            shown.add(
                    new StreamPlace(in.getLong(), new StreamPosition(in.getLong(), in.getLong())));
        }
        return new Shown(shown, PushMessageCodec.rest(in));
    }
}
