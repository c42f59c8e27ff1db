// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.CommandHeader;
import dev.contrail.wire.relay.DataHeader;
import dev.contrail.wire.relay.RelayCommand;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayReplyCodec;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.RelayRequestDecoder;
import dev.contrail.wire.relay.RelayRequestEncoder;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// A real producer's side of a recorded conversation, said once more to another relay, with the
/// numbers that this one gives.
final class ReplayedProducer implements AutoCloseable {
    private static final Path CONVERSATIONS =
            Path.of("wire/src/test/resources/dev/contrail/wire/conversations.zip.gz");
    private static final RelayVersion VERSION = new RelayVersion(2, 13);
    private static final Pattern NUMBER = Pattern.compile("(?:handle|session_id)=(\\d+)");

    /// What one end said, of the columns of `index.txt`.
    private record Said(String connection, byte[] bytes, String name, String fields) {}

    private final Socket control;
    private final Socket data;
    private final CString session;
    private final List<Said> requests = new ArrayList<>();

    /// Of streams and sessions, as recorded, in the order of their replies.
    private final List<Long> recorded = new ArrayList<>();

    private final Map<Long, Long> streams = new HashMap<>();
    private final Map<Long, Long> sessions = new HashMap<>();
    private int next;
    private int given;

    /// @param session the name that it gets
    ReplayedProducer(String conversation, String session, int controlPort, int dataPort)
            throws IOException {
        this.session = CString.of(session);
        read(conversation);
        control = new Socket("127.0.0.1", controlPort);
        data = new Socket("127.0.0.1", dataPort);
        control.setTcpNoDelay(true);
        data.setTcpNoDelay(true);
    }

    private void read(String conversation) throws IOException {
        var files = new HashMap<String, byte[]>();
        try (var packed = Files.newInputStream(Machine.checkout().resolve(CONVERSATIONS));
                var zip = new ZipInputStream(new GZIPInputStream(packed))) {
            for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
                if (file.getName().startsWith(conversation + "/")) {
                    String name = file.getName().substring(conversation.length() + 1);
                    files.put(name, zip.readAllBytes());
                }
            }
        }
        byte[] index = Objects.requireNonNull(files.get("index.txt"), conversation);
        for (String line : new String(index, StandardCharsets.UTF_8).lines().toList()) {
            String[] columns = line.split("\t", -1);
            String connection = columns[1];
            boolean isOfProducer = connection.equals("control1") || connection.equals("data1");
            if (!isOfProducer || columns[4].equals("0")) {
                continue;
            }
            if (columns[2].equals("C>S")) {
                byte[] file = Objects.requireNonNull(files.get(connection + ".c2s.bin"));
                ByteBuffer bytes =
                        ByteBuffer.wrap(
                                file, Integer.parseInt(columns[3]), Integer.parseInt(columns[4]));
                byte[] own = new byte[bytes.remaining()];
                bytes.get(own);
                requests.add(new Said(connection, own, columns[5], columns[6]));
            } else {
                Matcher number = NUMBER.matcher(columns[6]);
                if (number.find()) {
                    recorded.add(Long.parseLong(number.group(1)));
                }
            }
        }
    }

    /// Says all that is before the first message of that name, from the next one on.
    ///
    /// @return whether there is one
    boolean until(String message) throws IOException {
        while (next < requests.size() && !requests.get(next).name.equals(message)) {
            step();
        }
        return next < requests.size();
    }

    /// Says the rest.
    void rest() throws IOException {
        while (next < requests.size()) {
            step();
        }
    }

    /// Says one message, and hears what is answered.
    void step() throws IOException {
        Said said = requests.get(next++);
        ByteBuffer in = ByteBuffer.wrap(said.bytes);
        if (said.connection.equals("data1")) {
            DataHeader header = DataHeader.decode(in);
            var out = ByteBuffer.allocate(said.bytes.length);
            new DataHeader(
                            header.circuitId(),
                            stream(header.streamId()),
                            header.netSeqNum(),
                            header.contentBytes(),
                            header.paddingBytes())
                    .encode(out);
            data.getOutputStream().write(out.put(in).array());
            return;
        }
        CommandHeader header = CommandHeader.decode(in);
        RelayRequest request = here(RelayRequestDecoder.decode(header, VERSION, in));
        var out = ByteBuffer.allocate(RelayRequestEncoder.bytes(request, VERSION));
        RelayRequestEncoder.encode(request, VERSION, out);
        control.getOutputStream().write(out.array());
        RelayCommand command = RelayRequestEncoder.command(request);
        if (command != RelayCommand.SEND_METADATA) {
            hear(command);
        }
    }

    private void hear(RelayCommand command) throws IOException {
        var in = new DataInputStream(control.getInputStream());
        var reply = ByteBuffer.allocate(1 << 16);
        int missing = RelayReplyCodec.missingBytes(command, VERSION, reply.duplicate().flip());
        while (missing > 0) {
            byte[] more = new byte[missing];
            in.readFully(more);
            reply.put(more);
            missing = RelayReplyCodec.missingBytes(command, VERSION, reply.duplicate().flip());
        }
        switch (RelayReplyCodec.decode(command, VERSION, reply.flip())) {
            case RelayReply.SessionCreated created ->
                    sessions.put(recorded.get(given++), created.sessionId());
            case RelayReply.StreamAdded added -> streams.put(recorded.get(given++), added.handle());
            case RelayReply _ -> {}
        }
    }

    private long stream(long then) {
        return Objects.requireNonNull(streams.get(then), "stream " + then);
    }

    private long session(long then) {
        return Objects.requireNonNull(sessions.get(then), "session " + then);
    }

    /// What was said, with the numbers of this relay.
    private RelayRequest here(RelayRequest then) {
        return switch (then) {
            case RelayRequest.CreateSession made ->
                    new RelayRequest.CreateSession(
                            session,
                            made.host(),
                            made.basePath(),
                            made.liveTimerMicros(),
                            made.isSnapshot(),
                            made.isNamedAfterTime(),
                            made.daemonUuid(),
                            made.sessionId() + session.hashCode() % 1000,
                            made.createdSeconds(),
                            made.hasChunk(),
                            made.chunkId(),
                            made.traceFormat());
            case RelayRequest.SendMetadata(long stream, long padding, ByteBuffer bytes) ->
                    new RelayRequest.SendMetadata(stream(stream), padding, bytes);
            case RelayRequest.ResetMetadata(long stream, long version) ->
                    new RelayRequest.ResetMetadata(stream(stream), version);
            case RelayRequest.SendIndex index ->
                    new RelayRequest.SendIndex(
                            stream(index.streamId()),
                            index.netSeqNum(),
                            index.packetBits(),
                            index.contentBits(),
                            index.beginTicks(),
                            index.endTicks(),
                            index.discardedEvents(),
                            index.streamClassId(),
                            index.streamInstanceId(),
                            index.packetSequence());
            case RelayRequest.CloseStream(long stream, long last) ->
                    new RelayRequest.CloseStream(stream(stream), last);
            case RelayRequest.DataPending(long stream, long last) ->
                    new RelayRequest.DataPending(stream(stream), last);
            case RelayRequest.QuiescentControl(long stream) ->
                    new RelayRequest.QuiescentControl(stream(stream));
            case RelayRequest.BeginDataPending(long id) ->
                    new RelayRequest.BeginDataPending(session(id));
            case RelayRequest.EndDataPending(long id) ->
                    new RelayRequest.EndDataPending(session(id));
            case RelayRequest.RotateStreams rotated ->
                    new RelayRequest.RotateStreams(
                            rotated.hasNewChunk(),
                            rotated.newChunkId(),
                            rotated.positions().stream()
                                    .map(each ->
                                            new RelayRequest.RotateStreams.Position(
                                                    stream(each.streamId()),
                                                    each.firstPacketSequence()))
                                    .toList(),
                            rotated.padding());
            case RelayRequest other -> other;
        };
    }

    @Override
    public void close() throws IOException {
        control.close();
        data.close();
    }
}
