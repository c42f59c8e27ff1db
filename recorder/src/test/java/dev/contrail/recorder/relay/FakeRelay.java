// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.wire.CString;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.CommandHeader;
import dev.contrail.wire.relay.DataHeader;
import dev.contrail.wire.relay.RelayExtension;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayReplyCodec;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.RelayRequestDecoder;
import dev.contrail.wire.relay.ResultCode;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A relay that keeps what it is told, for tests: it says what they want it to say.
final class FakeRelay implements AutoCloseable {
    /// A packet as it came.
    record Packet(DataHeader header, byte[] bytes) {}

    /// In the order in which they came.
    final List<RelayRequest> requests = new CopyOnWriteArrayList<>();

    final List<Packet> packets = new CopyOnWriteArrayList<>();

    /// So many times it says that a packet is still to come.
    final AtomicInteger pending = new AtomicInteger();

    /// What it answers to a session.
    volatile ResultCode session = ResultCode.OK;

    /// It closes all connections instead of answering to the next index.
    volatile boolean cutsAtIndex;

    /// Whether it is one of ours, which goes on with streams.
    volatile boolean isOurs;

    /// It closes all connections instead of answering to the next COMMIT.
    volatile boolean cutsAtCommit;

    /// What it has of each stream that it goes on with, by its handle.
    private final Map<Long, RelayRequest.SendPacket> stored = new ConcurrentHashMap<>();

    private final Map<String, Long> resumable = new ConcurrentHashMap<>();
    private final RelayVersion version;
    private final ServerSocket control;
    private final ServerSocket data;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicLong handles = new AtomicLong(100);

    FakeRelay(RelayVersion version) throws IOException {
        this.version = version;
        control = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        data = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(() -> accept(control, this::serveControl));
        Thread.ofVirtual().start(() -> accept(data, this::serveData));
    }

    RelayEndpoints endpoints(String path) {
        try {
            return RelayEndpoints.parse(
                    "net://127.0.0.1:%d:%d/%s"
                            .formatted(control.getLocalPort(), data.getLocalPort(), path));
        } catch (ParseException e) {
            throw new AssertionError(e);
        }
    }

    <T extends RelayRequest> List<T> all(Class<T> type) {
        return requests.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /// Closes all connections.
    void cut() throws IOException {
        for (Socket each : open) {
            each.close();
        }
        open.clear();
    }

    @FunctionalInterface
    private interface Service {
        void serve(DataInputStream in, OutputStream out) throws IOException;
    }

    private void accept(ServerSocket at, Service service) {
        while (!at.isClosed()) {
            try {
                Socket socket = at.accept();
                open.add(socket);
                Thread.ofVirtual()
                        .start(() -> {
                            try (socket) {
                                service.serve(
                                        new DataInputStream(socket.getInputStream()),
                                        socket.getOutputStream());
                            } catch (IOException ended) {
                                open.remove(socket);
                            }
                        });
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serveData(DataInputStream in, OutputStream out) throws IOException {
        while (true) {
            var header = DataHeader.decode(ByteBuffer.wrap(in.readNBytes(DataHeader.BYTES)));
            packets.add(new Packet(header, in.readNBytes((int) header.contentBytes())));
        }
    }

    private void serveControl(DataInputStream in, OutputStream out) throws IOException {
        RelayVersion agreed = RelayVersion.UNSAID;
        long count = 0;
        while (true) {
            var header = CommandHeader.decode(ByteBuffer.wrap(in.readNBytes(CommandHeader.BYTES)));
            ByteBuffer payload = ByteBuffer.wrap(in.readNBytes(header.keptBytes()));
            RelayRequest request = RelayRequestDecoder.decode(header, agreed, payload);
            requests.add(request);
            if (cutsAtIndex && request instanceof RelayRequest.SendIndex) {
                cutsAtIndex = false;
                cut();
                return;
            }
            if (cutsAtCommit && request instanceof RelayRequest.Commit) {
                cutsAtCommit = false;
                cut();
                return;
            }
            if (request instanceof RelayRequest.CreateSession) {
                count = 0;
            }
            if (request instanceof RelayRequest.SendPacket packet) {
                stored.put(packet.index().streamId(), packet);
                count++;
                continue;
            }
            if (request instanceof RelayRequest.SendMetadata
                    || request instanceof RelayRequest.SendMarkedMetadata) {
                continue;
            }
            RelayReply reply =
                    request instanceof RelayRequest.Commit
                            ? new RelayReply.Committed(ResultCode.OK, count, 0, CString.EMPTY)
                            : reply(request);
            var bytes = ByteBuffer.allocate(RelayReplyCodec.bytes(reply, agreed));
            RelayReplyCodec.encode(reply, agreed, bytes);
            out.write(bytes.array());
            if (request instanceof RelayRequest.Version) {
                agreed = RelayVersion.OURS.agreedWith(version);
            }
        }
    }

    private RelayReply reply(RelayRequest request) {
        return switch (request) {
            case RelayRequest.Version _ -> new RelayReply.Version(version);
            case RelayRequest.CreateSession _ ->
                    new RelayReply.SessionCreated(1, session, CString.EMPTY);
            case RelayRequest.GetConfiguration _ ->
                    isOurs
                            ? new RelayReply.Configuration(
                                    ResultCode.OK,
                                    new RelayExtension(RelayExtension.VERSION, 0).bits())
                            : new RelayReply.Configuration(ResultCode.PROTOCOL, 0);
            case RelayRequest.ResumeStream(RelayRequest.AddStream stream) -> {
                long handle =
                        resumable.computeIfAbsent(
                                stream.channelName().toString(), _ -> handles.getAndIncrement());
                yield new RelayReply.StreamResumed(
                        handle,
                        ResultCode.OK,
                        Optional.ofNullable(stored.get(handle))
                                .map(last -> new RelayReply.LastStored(last.index(), last.mark())));
            }
            case RelayRequest.AddStream _ ->
                    new RelayReply.StreamAdded(handles.getAndIncrement(), ResultCode.OK);
            case RelayRequest.DataPending asked ->
                    new RelayReply.Pending(
                            pending.getAndUpdate(left -> Math.max(0, left - 1)) > 0 || !has(asked)
                                    ? 1
                                    : 0);
            case RelayRequest.CloseTraceChunk _ ->
                    new RelayReply.ChunkClosed(ResultCode.OK, CString.of("h/s-1"));
            default -> new RelayReply.Result(ResultCode.OK);
        };
    }

    private boolean has(RelayRequest.DataPending asked) {
        return packets.stream()
                .map(Packet::header)
                .anyMatch(each ->
                        each.streamId() == asked.streamId()
                                && each.netSeqNum() == asked.lastNetSeqNum());
    }

    /// What came of metadata, without padding.
    byte[] metadata() {
        var all = new ArrayList<byte[]>();
        int sum = 0;
        for (RelayRequest.SendMetadata each : all(RelayRequest.SendMetadata.class)) {
            var bytes = new byte[each.bytes().remaining() + (int) each.paddingBytes()];
            each.bytes().duplicate().get(bytes, 0, each.bytes().remaining());
            all.add(bytes);
            sum += bytes.length;
        }
        var whole = ByteBuffer.allocate(sum);
        all.forEach(whole::put);
        return whole.array();
    }

    @Override
    public void close() throws IOException {
        control.close();
        data.close();
        cut();
    }
}
