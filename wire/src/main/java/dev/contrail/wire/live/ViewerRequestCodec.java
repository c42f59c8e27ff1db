// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.live;

import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.packed.Fields;
import java.nio.ByteBuffer;

/// Viewers' requests as bytes (`live-protocol.md` section 2): written by a viewer, read by a relay.
/// Buffers are big-endian, as they are when made.
public final class ViewerRequestCodec {
    private ViewerRequestCodec() {}

    /// Takes the body of a request out of a buffer: [ViewerHeader#bodyBytes] of it, whatever
    /// follows. For GET_NEW_STREAMS the buffer may be empty.
    ///
    /// @throws ProtocolException when the body is cut
    public static ViewerRequest decode(ViewerHeader header, ByteBuffer in)
            throws ProtocolException {
        if (header.command().isEmpty()) {
            return new ViewerRequest.Unknown(header.number());
        }
        ViewerCommand command = header.command().get();
        if (command == ViewerCommand.GET_NEW_STREAMS && !in.hasRemaining()) {
            return new ViewerRequest.GetNewStreamsOfAttached();
        }
        Fields.need(in, command.bodyBytes(), command.name());
        return switch (command) {
            case CONNECT ->
                    new ViewerRequest.Connect(
                            in.getLong(), new RelayVersion(in.getInt(), in.getInt()), in.getInt());
            case LIST_SESSIONS -> new ViewerRequest.ListSessions();
            case ATTACH_SESSION ->
                    new ViewerRequest.AttachSession(in.getLong(), in.getLong(), in.getInt());
            case GET_NEXT_INDEX -> new ViewerRequest.GetNextIndex(in.getLong());
            case GET_PACKET ->
                    new ViewerRequest.GetPacket(
                            in.getLong(), in.getLong(), Fields.unsigned(in.getInt()));
            case GET_METADATA -> new ViewerRequest.GetMetadata(in.getLong());
            case GET_NEW_STREAMS -> new ViewerRequest.GetNewStreams(in.getLong());
            case CREATE_SESSION -> new ViewerRequest.CreateViewerSession();
            case DETACH_SESSION -> new ViewerRequest.DetachSession(in.getLong());
        };
    }

    /// The command that a request is; who sends it needs it to read the reply.
    ///
    /// @throws IllegalArgumentException for [ViewerRequest.Unknown]
    public static ViewerCommand command(ViewerRequest request) {
        return switch (request) {
            case ViewerRequest.Unknown(int number) ->
                    throw new IllegalArgumentException("unknown command " + number);
            case ViewerRequest.Connect _ -> ViewerCommand.CONNECT;
            case ViewerRequest.ListSessions _ -> ViewerCommand.LIST_SESSIONS;
            case ViewerRequest.AttachSession _ -> ViewerCommand.ATTACH_SESSION;
            case ViewerRequest.GetNextIndex _ -> ViewerCommand.GET_NEXT_INDEX;
            case ViewerRequest.GetPacket _ -> ViewerCommand.GET_PACKET;
            case ViewerRequest.GetMetadata _ -> ViewerCommand.GET_METADATA;
            case ViewerRequest.GetNewStreams _, ViewerRequest.GetNewStreamsOfAttached _ ->
                    ViewerCommand.GET_NEW_STREAMS;
            case ViewerRequest.CreateViewerSession _ -> ViewerCommand.CREATE_SESSION;
            case ViewerRequest.DetachSession _ -> ViewerCommand.DETACH_SESSION;
        };
    }

    /// How many bytes [#encode] puts, header included.
    public static int bytes(ViewerRequest request) {
        return ViewerHeader.BYTES + bodyBytes(request);
    }

    private static int bodyBytes(ViewerRequest request) {
        return request instanceof ViewerRequest.GetNewStreamsOfAttached
                ? 0
                : command(request).bodyBytes();
    }

    /// Puts header and body into a buffer.
    ///
    /// @throws java.nio.BufferOverflowException when it has less room than [#bytes]
    public static void encode(ViewerRequest request, ByteBuffer out) {
        new ViewerHeader(bodyBytes(request), command(request).number(), 0).encode(out);
        switch (request) {
            case ViewerRequest.Unknown _,
                    ViewerRequest.ListSessions _,
                    ViewerRequest.CreateViewerSession _,
                    ViewerRequest.GetNewStreamsOfAttached _ -> {}
            case ViewerRequest.Connect(long id, RelayVersion(int major, int minor), int type) ->
                    out.putLong(id).putInt(major).putInt(minor).putInt(type);
            case ViewerRequest.AttachSession(long session, long offset, int seek) ->
                    out.putLong(session).putLong(offset).putInt(seek);
            case ViewerRequest.GetNextIndex(long stream) -> out.putLong(stream);
            case ViewerRequest.GetPacket(long stream, long offset, long bytes) ->
                    out.putLong(stream).putLong(offset).putInt(Fields.word(bytes));
            case ViewerRequest.GetMetadata(long stream) -> out.putLong(stream);
            case ViewerRequest.GetNewStreams(long session) -> out.putLong(session);
            case ViewerRequest.DetachSession(long session) -> out.putLong(session);
        }
    }
}
