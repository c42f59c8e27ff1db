// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.live.ViewerRequestCodec;
import dev.contrail.wire.push.PushExtension;
import dev.contrail.wire.push.PushHeader;
import dev.contrail.wire.push.PushMessage;
import dev.contrail.wire.push.PushMessageCodec;
import dev.contrail.wire.push.PushRequest;
import dev.contrail.wire.push.PushRequest.StreamPlace;
import dev.contrail.wire.push.PushRequestCodec;
import dev.contrail.wire.push.StreamPosition;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// One of our own viewers, of the tests' own.
final class PushClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int CONNECTED_BYTES = 20;

    private final Socket socket = new Socket();
    private final AtomicInteger lives = new AtomicInteger();

    static PushClient connect(RelayDaemon relay) throws IOException {
        var client = new PushClient();
        client.socket.connect(relay.liveAddress());
        client.socket.setSoTimeout(PATIENCE_MILLIS);
        client.socket.setTcpNoDelay(true);
        var connect =
                new ViewerRequest.Connect(
                        PushExtension.id(PushExtension.VERSION),
                        RelayVersion.OURS,
                        ViewerRequest.Connect.COMMANDS);
        var bytes = ByteBuffer.allocate(ViewerRequestCodec.bytes(connect));
        ViewerRequestCodec.encode(connect, bytes);
        client.raw(bytes.array());
        long id = ByteBuffer.wrap(client.read(CONNECTED_BYTES)).getLong();
        if (PushExtension.version(id).isEmpty()) {
            throw new IOException("no extension: " + id);
        }
        return client;
    }

    private byte[] read(int count) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }

    void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void say(PushRequest request) throws IOException {
        var bytes = ByteBuffer.allocate(PushRequestCodec.bytes(request));
        PushRequestCodec.encode(request, bytes);
        raw(bytes.array());
    }

    /// The next message that says something.
    PushMessage hear() throws IOException {
        while (true) {
            PushHeader header = PushHeader.decode(ByteBuffer.wrap(read(PushHeader.BYTES)));
            PushMessage message =
                    PushMessageCodec.decode(header, ByteBuffer.wrap(read(header.bodyBytes())));
            if (!(message instanceof PushMessage.Alive)) {
                return message;
            }
            lives.incrementAndGet();
        }
    }

    /// How often the relay has said only that it lives.
    int lives() {
        return lives.get();
    }

    <M extends PushMessage> M hear(Class<M> type) throws IOException {
        return type.cast(hear());
    }

    /// The next message of a kind, past all others.
    <M extends PushMessage> M await(Class<M> type) throws IOException {
        PushMessage message = hear();
        while (!type.isInstance(message)) {
            message = hear();
        }
        return type.cast(message);
    }

    PushMessage.Watching watch(String session, boolean isFromNow, String name) throws IOException {
        return watch(session, isFromNow ? PushRequest.Seek.NOW : PushRequest.Seek.BEGINNING, name);
    }

    PushMessage.Watching watch(String session, PushRequest.Seek seek, String name)
            throws IOException {
        say(new PushRequest.Watch(seek, CString.of("h"), CString.of(session), CString.of(name)));
        return hear(PushMessage.Watching.class);
    }

    void credit(long stream, long bytes) throws IOException {
        say(new PushRequest.Credit(stream, bytes));
    }

    /// Has shown something, and waits until the relay remembers it.
    void shown(long stream, long packet, long events) throws IOException {
        say(
                new PushRequest.Shown(
                        List.of(new StreamPlace(stream, new StreamPosition(packet, events))),
                        ByteBuffer.wrap(new byte[] {9})));
        await(PushMessage.Remembered.class);
    }

    /// The numbers of the next packets, each of one piece.
    List<Long> packets(int count) throws IOException {
        var numbers = new ArrayList<Long>();
        while (numbers.size() < count) {
            numbers.add(await(PushMessage.PacketBegun.class).number());
        }
        return numbers;
    }

    boolean isEnded() throws IOException {
        try {
            while (true) {
                hear();
            }
        } catch (EOFException | java.net.SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
