// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerReplyCodec;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.live.ViewerRequestCodec;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A viewer of the tests' own.
final class LiveClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final RelayVersion version;

    private LiveClient(int minor) {
        version = new RelayVersion(2, minor);
    }

    static LiveClient connect(RelayDaemon relay, int minor) throws IOException {
        var client = new LiveClient(minor);
        client.socket.connect(relay.liveAddress());
        client.socket.setSoTimeout(PATIENCE_MILLIS);
        client.socket.setTcpNoDelay(true);
        client.ask(
                new ViewerRequest.Connect(
                        ViewerRequest.Connect.ANY, client.version, ViewerRequest.Connect.COMMANDS));
        client.ask(new ViewerRequest.CreateViewerSession());
        return client;
    }

    ViewerReply ask(ViewerRequest request) throws IOException {
        send(request);
        byte[] received = {};
        while (true) {
            var command = ViewerRequestCodec.command(request);
            int missing =
                    ViewerReplyCodec.missingBytes(command, version, ByteBuffer.wrap(received));
            if (missing == 0) {
                return ViewerReplyCodec.decode(command, version, ByteBuffer.wrap(received));
            }
            byte[] more = socket.getInputStream().readNBytes(missing);
            if (more.length < missing) {
                throw new EOFException();
            }
            int end = received.length;
            received = Arrays.copyOf(received, end + missing);
            System.arraycopy(more, 0, received, end, missing);
        }
    }

    void send(ViewerRequest request) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(ViewerRequestCodec.bytes(request));
        ViewerRequestCodec.encode(request, bytes);
        socket.getOutputStream().write(bytes.array());
    }

    ViewerReply.SessionList list() throws IOException {
        return (ViewerReply.SessionList) ask(new ViewerRequest.ListSessions());
    }

    ViewerReply.Attached attach(long session, boolean isFromNow) throws IOException {
        return (ViewerReply.Attached)
                ask(
                        new ViewerRequest.AttachSession(
                                session,
                                0,
                                isFromNow
                                        ? ViewerRequest.AttachSession.FROM_NOW
                                        : ViewerRequest.AttachSession.FROM_BEGINNING));
    }

    ViewerReply.NextIndex index(long stream) throws IOException {
        return (ViewerReply.NextIndex) ask(new ViewerRequest.GetNextIndex(stream));
    }

    ViewerReply.Packet packet(long stream, long offset, long bytes) throws IOException {
        return (ViewerReply.Packet) ask(new ViewerRequest.GetPacket(stream, offset, bytes));
    }

    ViewerReply.Metadata metadata(long stream) throws IOException {
        return (ViewerReply.Metadata) ask(new ViewerRequest.GetMetadata(stream));
    }

    ViewerReply.NewStreams newStreams(long session) throws IOException {
        return (ViewerReply.NewStreams) ask(new ViewerRequest.GetNewStreams(session));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
