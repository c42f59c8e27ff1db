// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayCommand;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayReplyCodec;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.RelayRequestEncoder;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// What a real producer once said to a relay, said again to another one: the same bytes, but for
/// the handles of streams, which each relay chooses.
final class ReplayedConversation {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int HANDLE_OF_COMMAND = 24;
    private static final int HANDLE_OF_PACKET = 8;
    private static final Map<String, byte[]> FILES = files();

    private final String name;
    private final InetSocketAddress control;
    private final InetSocketAddress data;
    private final boolean hasUsualPaths;
    private final Map<String, Socket> sockets = new HashMap<>();
    private final Map<String, RelayVersion> versions = new HashMap<>();
    private final Map<Long, Long> handles = new HashMap<>();
    private final Map<Long, Long> indexed = new HashMap<>();

    /// One line of a conversation's index.
    private record Line(
            String connection, boolean isToServer, int offset, int length, String name) {
        static Line of(String text) {
            String[] columns = text.split("\t", -1);
            return new Line(
                    columns[1],
                    columns[2].equals("C>S"),
                    Integer.parseInt(columns[3]),
                    Integer.parseInt(columns[4]),
                    columns[5]);
        }

        boolean isControl() {
            return connection.startsWith("control");
        }

        boolean isData() {
            return connection.startsWith("data");
        }
    }

    /// @param hasUsualPaths whether the relay groups directories by host, as the recorded ones did
    ReplayedConversation(
            String name, InetSocketAddress control, InetSocketAddress data, boolean hasUsualPaths) {
        this.name = name;
        this.hasUsualPaths = hasUsualPaths;
        this.control = control;
        this.data = data;
    }

    /// Says all of it, and hears all answers, which must be those that were recorded but for what
    /// each relay chooses. Then the connections are closed.
    void run() throws IOException {
        try {
            for (Line line : lines()) {
                if (line.length() == 0 || !line.isControl() && !line.isData()) {
                    continue;
                }
                byte[] bytes = bytes(line);
                if (line.isToServer()) {
                    send(line, ByteBuffer.wrap(bytes));
                } else {
                    hear(line, ByteBuffer.wrap(bytes));
                }
            }
        } finally {
            for (Socket each : sockets.values()) {
                each.close();
            }
        }
    }

    private List<Line> lines() {
        return new String(FILES.get(name + "/index.txt"), StandardCharsets.UTF_8)
                .lines()
                .map(Line::of)
                .toList();
    }

    /// In some conversations the relay was the older end: now the producer is.
    private void send(Line line, ByteBuffer bytes) throws IOException {
        if (line.name().equals("CREATE_TRACE_CHUNK") || line.name().equals("ROTATE_STREAMS")) {
            awaitData(line);
        }
        if (line.name().equals("VERSION")) {
            bytes.putInt(bytes.limit() - Integer.BYTES, recordedMinor(line));
        } else if (line.isData()) {
            rewrite(bytes, HANDLE_OF_PACKET);
        } else if (List.of(
                        "SEND_METADATA",
                        "SEND_INDEX",
                        "CLOSE_STREAM",
                        "DATA_PENDING",
                        "QUIESCENT_CONTROL",
                        "RESET_METADATA")
                .contains(line.name())) {
            rewrite(bytes, HANDLE_OF_COMMAND);
            if (line.name().equals("SEND_INDEX")) {
                indexed.put(
                        bytes.getLong(HANDLE_OF_COMMAND),
                        bytes.getLong(HANDLE_OF_COMMAND + Long.BYTES));
            } else if (line.name().equals("CLOSE_STREAM")) {
                indexed.remove(bytes.getLong(HANDLE_OF_COMMAND));
            }
        } else if (line.name().equals("ROTATE_STREAMS")) {
            int count = bytes.getInt(HANDLE_OF_COMMAND);
            for (int i = 1; i <= count; i++) {
                rewrite(bytes, bytes.limit() - 16 * i);
            }
        }
        socket(line).getOutputStream().write(bytes.array());
    }

    private int recordedMinor(Line version) {
        return lines().stream()
                .filter(each -> each.connection().equals(version.connection()))
                .filter(each -> each.name().equals("VERSION.reply"))
                .map(each -> ByteBuffer.wrap(bytes(each)).getInt(Integer.BYTES))
                .findFirst()
                .orElseThrow();
    }

    /// As a producer waits before it rotates; a real relay refuses who is too quick.
    private void awaitData(Line line) throws IOException {
        RelayVersion version = versions.getOrDefault(line.connection(), RelayVersion.UNSAID);
        for (Map.Entry<Long, Long> each : indexed.entrySet()) {
            var asked = new RelayRequest.DataPending(each.getKey(), each.getValue());
            ByteBuffer bytes = ByteBuffer.allocate(RelayRequestEncoder.bytes(asked, version));
            RelayRequestEncoder.encode(asked, version, bytes);
            RelayReply.Pending pending;
            do {
                socket(line).getOutputStream().write(bytes.array());
                pending = (RelayReply.Pending) read(line, RelayCommand.DATA_PENDING, version);
            } while (pending.state() == RelayReply.Pending.YES);
        }
    }

    private void rewrite(ByteBuffer bytes, int at) {
        bytes.putLong(at, handles.getOrDefault(bytes.getLong(at), bytes.getLong(at)));
    }

    private void hear(Line line, ByteBuffer recorded) throws IOException {
        RelayCommand command =
                RelayCommand.valueOf(line.name().substring(0, line.name().length() - 6));
        RelayVersion version = versions.getOrDefault(line.connection(), RelayVersion.UNSAID);
        RelayReply was = RelayReplyCodec.decode(command, version, recorded);
        RelayReply is = read(line, command, version);
        switch (was) {
            case RelayReply.Version(RelayVersion said) ->
                    versions.put(
                            line.connection(),
                            ((RelayReply.Version) is).version().agreedWith(said));
            case RelayReply.StreamAdded(long handle, var code) -> {
                var added = (RelayReply.StreamAdded) is;
                assertThat(added.code()).as(line.toString()).isEqualTo(code);
                handles.put(handle, added.handle());
            }
            case RelayReply.SessionCreated(long _, var code, var path) -> {
                var created = (RelayReply.SessionCreated) is;
                assertThat(created.code()).as(line.toString()).isEqualTo(code);
                if (hasUsualPaths) {
                    assertThat(created.outputPath()).isEqualTo(path);
                }
            }
            // When a packet comes is chance, and real relays answer the last one wrongly.
            case RelayReply.Pending _, RelayReply.ChunkExists _ -> {}
            case RelayReply.ChunkClosed(var code, _) when !hasUsualPaths ->
                    assertThat(((RelayReply.ChunkClosed) is).code()).isEqualTo(code);
            default -> assertThat(is).as(line.toString()).isEqualTo(was);
        }
    }

    private RelayReply read(Line line, RelayCommand command, RelayVersion version)
            throws IOException {
        ByteBuffer received = ByteBuffer.allocate(8192).limit(0);
        while (true) {
            int missing = RelayReplyCodec.missingBytes(command, version, received);
            if (missing == 0) {
                return RelayReplyCodec.decode(command, version, received);
            }
            byte[] more = socket(line).getInputStream().readNBytes(missing);
            if (more.length < missing) {
                throw new EOFException("the relay has ended the connection before " + line);
            }
            int end = received.limit();
            received.limit(end + missing).put(end, more);
        }
    }

    private Socket socket(Line line) throws IOException {
        Socket socket = sockets.get(line.connection());
        if (socket == null) {
            socket = new Socket();
            socket.connect(line.isData() ? data : control);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            sockets.put(line.connection(), socket);
        }
        return socket;
    }

    private byte[] bytes(Line line) {
        String end = line.isToServer() ? ".c2s.bin" : ".s2c.bin";
        byte[] file = FILES.get(name + "/" + line.connection() + end);
        byte[] bytes = new byte[line.length()];
        System.arraycopy(file, line.offset(), bytes, 0, line.length());
        return bytes;
    }

    private static Map<String, byte[]> files() {
        var files = new LinkedHashMap<String, byte[]>();
        Path packed =
                Machine.checkout()
                        .resolve("wire/src/test/resources/dev/contrail/wire/conversations.zip.gz");
        try (var zip =
                new ZipInputStream(
                        new GZIPInputStream(
                                new ByteArrayInputStream(Files.readAllBytes(packed))))) {
            for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
                files.put(file.getName(), zip.readAllBytes());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return files;
    }
}
