// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.DataHeader;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayReplyCodec;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.RelayRequestEncoder;
import dev.contrail.wire.relay.ResultCode;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.UUID;

/// A producer of the tests' own: says what it is told to, and hears what the relay says.
final class ProducerClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket control = new Socket();
    private final Socket data = new Socket();
    private final InetSocketAddress dataAddress;
    private RelayVersion version = RelayVersion.UNSAID;

    private ProducerClient(InetSocketAddress dataAddress) {
        this.dataAddress = dataAddress;
    }

    /// Connects, and agrees on a version.
    static ProducerClient connect(RelayDaemon relay, int minor) throws IOException {
        var client = new ProducerClient(relay.dataAddress());
        client.control.connect(relay.controlAddress());
        client.control.setSoTimeout(PATIENCE_MILLIS);
        client.control.setTcpNoDelay(true);
        client.ask(new RelayRequest.Version(new RelayVersion(2, minor)));
        client.version = new RelayVersion(2, minor);
        return client;
    }

    RelayReply ask(RelayRequest request) throws IOException {
        tell(request);
        var command = RelayRequestEncoder.command(request);
        ByteBuffer received = ByteBuffer.allocate(8192).limit(0);
        while (true) {
            int missing = RelayReplyCodec.missingBytes(command, version, received);
            if (missing == 0) {
                return RelayReplyCodec.decode(command, version, received);
            }
            byte[] more = control.getInputStream().readNBytes(missing);
            if (more.length < missing) {
                throw new EOFException();
            }
            int end = received.limit();
            received.limit(end + missing).put(end, more);
        }
    }

    void tell(RelayRequest request) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(RelayRequestEncoder.bytes(request, version));
        RelayRequestEncoder.encode(request, version, bytes);
        control.getOutputStream().write(bytes.array());
    }

    ResultCode result(RelayRequest request) throws IOException {
        return ((RelayReply.Result) ask(request)).code();
    }

    static RelayRequest.CreateSession session(String name, long liveTimerMicros) {
        return session(name, "h", "", liveTimerMicros);
    }

    static RelayRequest.CreateSession session(
            String name, String host, String basePath, long liveTimerMicros) {
        return session(name, host, basePath, liveTimerMicros, new UUID(1, name.hashCode()));
    }

    /// @param daemon the session daemon's
    static RelayRequest.CreateSession session(
            String name, String host, String basePath, long liveTimerMicros, UUID daemon) {
        return new RelayRequest.CreateSession(
                CString.of(name),
                CString.of(host),
                CString.of(basePath),
                liveTimerMicros,
                false,
                true,
                daemon,
                7,
                0,
                false,
                0,
                RelayRequest.CreateSession.CTF_1_8);
    }

    RelayReply.SessionCreated open(RelayRequest.CreateSession session) throws IOException {
        var created = (RelayReply.SessionCreated) ask(session);
        data();
        return created;
    }

    /// Its data connection, made when it is told that it has a session, as real producers do it.
    private Socket data() throws IOException {
        if (!data.isConnected()) {
            data.connect(dataAddress);
            data.setSoTimeout(PATIENCE_MILLIS);
        }
        return data;
    }

    void chunk(long id) throws IOException {
        ask(new RelayRequest.CreateTraceChunk(id, 1000 + id, CString.EMPTY));
    }

    RelayReply.StreamAdded add(String path, String channel, long fileBytes, long fileCount)
            throws IOException {
        return (RelayReply.StreamAdded)
                ask(
                        new RelayRequest.AddStream(
                                CString.of(channel), CString.of(path), fileBytes, fileCount, 0));
    }

    long stream(String path, String channel) throws IOException {
        return add(path, channel, 0, 0).handle();
    }

    void metadata(long handle, String text) throws IOException {
        tell(
                new RelayRequest.SendMetadata(
                        handle,
                        0,
                        ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    }

    /// A packet whose bytes are all its number.
    void packet(long handle, long number, int bytes, long padding) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(DataHeader.BYTES + bytes);
        new DataHeader(0, handle, number, bytes, padding).encode(out);
        while (out.hasRemaining()) {
            out.put((byte) number);
        }
        raw(out.array());
    }

    /// Anything on the data connection.
    void raw(byte[] bytes) throws IOException {
        data().getOutputStream().write(bytes);
    }

    static RelayRequest.SendIndex index(long handle, long number, int bytes) {
        return new RelayRequest.SendIndex(
                handle,
                number,
                bytes * 8L,
                bytes * 8L,
                number * 100,
                number * 100 + 50,
                0,
                0,
                0,
                number);
    }

    /// A packet with its index, in that order.
    void whole(long handle, long number, int bytes) throws IOException {
        packet(handle, number, bytes, 0);
        result(index(handle, number, bytes));
    }

    /// Waits until all up to a packet is there.
    void await(long handle, long number) throws IOException {
        var asked = new RelayRequest.DataPending(handle, number);
        Relays.await(() -> ((RelayReply.Pending) ask(asked)).state() != RelayReply.Pending.YES);
    }

    /// Whether the relay has ended the control connection.
    boolean isControlEnded() throws IOException {
        return isEnded(control);
    }

    /// Whether the relay has ended the data connection.
    boolean isDataEnded() throws IOException {
        return isEnded(data());
    }

    private static boolean isEnded(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true; // reset
        }
    }

    void closeControl() throws IOException {
        control.close();
    }

    @Override
    public void close() throws IOException {
        control.close();
        data.close();
    }
}
