// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.live.ViewerHeader;
import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerReply.AttachStatus;
import dev.contrail.wire.live.ViewerReply.Flag;
import dev.contrail.wire.live.ViewerReply.IndexStatus;
import dev.contrail.wire.live.ViewerReply.MetadataStatus;
import dev.contrail.wire.live.ViewerReply.NewStreamsStatus;
import dev.contrail.wire.live.ViewerReply.NextIndex;
import dev.contrail.wire.live.ViewerReply.PacketStatus;
import dev.contrail.wire.live.ViewerReply.SessionEntry;
import dev.contrail.wire.live.ViewerReply.StreamEntry;
import dev.contrail.wire.live.ViewerReplyCodec;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.live.ViewerRequestCodec;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A relay with one live session, `net://127.0.0.1:PORT/host/there/session`, that answers as it is
/// told: each stream has a row of answers, and so has the list of new streams. A stream whose row
/// has come to its end hangs up.
final class FakeRelay implements AutoCloseable {
    static final long SESSION = 5;
    private static final RelayVersion VERSION = RelayVersion.OURS;

    private final ServerSocket server;
    private final Thread thread;
    private final List<ViewerRequest> asked = new CopyOnWriteArrayList<>();
    private final List<StreamEntry> atFirst = new ArrayList<>();
    private final Deque<List<StreamEntry>> later = new ArrayDeque<>();
    private final Map<Long, Deque<byte[]>> metadata = new HashMap<>();
    private final Map<Long, Deque<NextIndex>> indexes = new HashMap<>();
    private final Map<Long, byte[]> files = new HashMap<>();
    private Function<ViewerRequest, Optional<byte[]>> instead = _ -> Optional.empty();

    FakeRelay() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        thread = Thread.ofPlatform().daemon().name("fake-relay").unstarted(this::serve);
    }

    FakeRelay start() {
        thread.start();
        return this;
    }

    String url() {
        return "net://127.0.0.1:" + server.getLocalPort() + "/host/there/session";
    }

    /// What viewers have asked.
    List<ViewerRequest> asked() {
        return asked;
    }

    /// Bytes that go over the connection instead of the answer; none at all close it.
    void answerInstead(Function<ViewerRequest, Optional<byte[]>> bytes) {
        instead = bytes;
    }

    /// A trace with a stream of metadata, which comes in pieces; an empty one stands for "nothing
    /// new".
    static StreamEntry metadataOf(long trace) {
        return entry(100 + trace, trace, true);
    }

    static StreamEntry streamOf(long trace, long id) {
        return entry(id, trace, false);
    }

    private static StreamEntry entry(long id, long trace, boolean isMetadata) {
        return new StreamEntry(
                id,
                trace,
                isMetadata,
                CString.of("ust/" + trace),
                CString.of(isMetadata ? "metadata" : "c_" + id));
    }

    /// The same, of another path.
    static StreamEntry at(String path, StreamEntry of) {
        return new StreamEntry(
                of.id(), of.traceId(), of.isMetadata(), CString.of(path), of.channelName());
    }

    FakeRelay streams(StreamEntry... entries) {
        atFirst.addAll(List.of(entries));
        return this;
    }

    /// Those that the next question for new streams brings.
    FakeRelay later(StreamEntry... entries) {
        later.add(List.of(entries));
        return this;
    }

    FakeRelay metadata(long trace, byte[]... pieces) {
        metadata.computeIfAbsent(100 + trace, _ -> new ArrayDeque<>()).addAll(List.of(pieces));
        return this;
    }

    FakeRelay answer(long stream, NextIndex... answers) {
        indexes.computeIfAbsent(stream, _ -> new ArrayDeque<>()).addAll(List.of(answers));
        return this;
    }

    FakeRelay retry(long stream) {
        return answer(stream, NextIndex.without(IndexStatus.RETRY, 0));
    }

    FakeRelay quiet(long stream, long ticks) {
        return answer(stream, NextIndex.inactive(ticks, 0, 0));
    }

    FakeRelay packet(long stream, byte[] packet) {
        return packet(stream, packet, 0);
    }

    FakeRelay packet(long stream, byte[] packet, int flags) {
        byte[] before = files.getOrDefault(stream, new byte[0]);
        files.put(
                stream,
                ByteBuffer.allocate(before.length + packet.length).put(before).put(packet).array());
        ByteBuffer fields = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
        long bits = packet.length * 8L;
        return answer(
                stream,
                new NextIndex(
                        before.length,
                        bits,
                        bits,
                        fields.getLong(32),
                        fields.getLong(40),
                        0,
                        0,
                        IndexStatus.OK,
                        flags));
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket viewer = server.accept()) {
                serve(viewer);
            } catch (EOFException | SocketException e) {
                continue; // the viewer has gone, or the test is over
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void serve(Socket viewer) throws IOException {
        viewer.setTcpNoDelay(true);
        var in = new DataInputStream(viewer.getInputStream());
        while (true) {
            byte[] start = new byte[ViewerHeader.BYTES];
            in.readFully(start);
            ViewerHeader header = ViewerHeader.decode(ByteBuffer.wrap(start));
            byte[] body = new byte[(int) header.untrustedBodyBytes()];
            in.readFully(body);
            ViewerRequest request = ViewerRequestCodec.decode(header, ByteBuffer.wrap(body));
            asked.add(request);
            Optional<byte[]> other = instead.apply(request);
            if (other.isPresent() && other.get().length == 0) {
                return;
            }
            viewer.getOutputStream()
                    .write(other.isPresent() ? other.get() : encoded(reply(request)));
        }
    }

    static byte[] encoded(ViewerReply reply) {
        ByteBuffer out = ByteBuffer.allocate(ViewerReplyCodec.bytes(reply, VERSION));
        ViewerReplyCodec.encode(reply, VERSION, out);
        return out.array();
    }

    private ViewerReply reply(ViewerRequest request) {
        return switch (request) {
            case ViewerRequest.Connect _ -> new ViewerReply.Connected(1, VERSION, 0);
            case ViewerRequest.CreateViewerSession _ ->
                    new ViewerReply.ViewerSessionCreated(ViewerReply.CreateStatus.OK);
            case ViewerRequest.ListSessions _ ->
                    new ViewerReply.SessionList(
                            List.of(
                                    new SessionEntry(
                                            SESSION,
                                            1000,
                                            0,
                                            2,
                                            CString.of("there"),
                                            CString.of("session"),
                                            0)));
            case ViewerRequest.AttachSession _ ->
                    new ViewerReply.Attached(AttachStatus.OK, atFirst);
            case ViewerRequest.DetachSession _ ->
                    new ViewerReply.Detached(ViewerReply.DetachStatus.OK);
            case ViewerRequest.GetNewStreams _, ViewerRequest.GetNewStreamsOfAttached _ ->
                    newStreams();
            case ViewerRequest.GetMetadata(long stream) -> metadata(stream);
            case ViewerRequest.GetNextIndex(long stream) -> {
                Deque<NextIndex> row = indexes.getOrDefault(stream, new ArrayDeque<>());
                yield row.isEmpty() ? NextIndex.without(IndexStatus.HANG_UP, 0) : row.remove();
            }
            case ViewerRequest.GetPacket(long stream, long offset, long bytes) ->
                    new ViewerReply.Packet(
                            PacketStatus.OK,
                            0,
                            ByteBuffer.wrap(files.get(stream), (int) offset, (int) bytes).slice());
            case ViewerRequest.Unknown _ -> new ViewerReply.UnknownCommand();
        };
    }

    private ViewerReply newStreams() {
        List<StreamEntry> next = later.poll();
        if (next != null) {
            return new ViewerReply.NewStreams(NewStreamsStatus.OK, next);
        }
        boolean isOver = indexes.values().stream().allMatch(Deque::isEmpty);
        return new ViewerReply.NewStreams(
                isOver ? NewStreamsStatus.HANG_UP : NewStreamsStatus.NONE, List.of());
    }

    private ViewerReply metadata(long stream) {
        byte[] piece = metadata.getOrDefault(stream, new ArrayDeque<>()).poll();
        boolean isNew = piece != null && piece.length > 0;
        return new ViewerReply.Metadata(
                isNew ? MetadataStatus.OK : MetadataStatus.NOTHING_NEW,
                ByteBuffer.wrap(isNew ? piece : new byte[0]));
    }

    static final int NEW_METADATA = Flag.NEW_METADATA;
    static final int NEW_STREAM = Flag.NEW_STREAM;

    @Override
    public void close() throws IOException {
        server.close();
    }
}
