// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.contrail.wire.CString;
import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.relay.CommandHeader;
import dev.contrail.wire.relay.DataHeader;
import dev.contrail.wire.relay.RelayCommand;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Peers that mean harm, or are out of their mind: they harm themselves.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostilePeersTest {
    /// To one port, from one address.
    private static final int MOST_SILENT = 256;

    @TempDir private Path place;
    private Path output;
    private RelayDaemon relay;

    @BeforeEach
    void begin() throws IOException {
        output = place.resolve("a/b/output");
        relay = Relays.open(output);
    }

    @AfterEach
    void end() throws IOException {
        relay.close();
    }

    private ProducerClient producer(String session) throws IOException {
        ProducerClient producer = ProducerClient.connect(relay, 13);
        assertThat(producer.open(ProducerClient.session(session, 0)).code())
                .isEqualTo(ResultCode.OK);
        producer.chunk(0);
        return producer;
    }

    private void assertNothingOutside() throws IOException {
        assertThat(Relays.tree(place))
                .allMatch(each ->
                        List.of("", "a", "a/b").contains(each) || each.startsWith("a/b/output"));
    }

    @Test
    void noNameOfASessionLeadsElsewhere() throws IOException {
        for (String name : List.of("", ".x", "..", "a/b", "/etc", "../../x", "n".repeat(240))) {
            try (var producer = ProducerClient.connect(relay, 13)) {
                assertThat(producer.open(ProducerClient.session(name, 0)).code())
                        .isEqualTo(ResultCode.FATAL);
                assertThat(producer.open(ProducerClient.session("s", name, "", 0)).code())
                        .isEqualTo(ResultCode.FATAL);
                assertThat(producer.open(ProducerClient.session("fine", 0)).code())
                        .isEqualTo(ResultCode.OK); // the connection goes on
            }
        }
        for (String base : List.of("..", "../../x", "a/../../x", "/..")) {
            try (var producer = ProducerClient.connect(relay, 13)) {
                assertThat(producer.open(ProducerClient.session("s", "h", base, 0)).code())
                        .isEqualTo(ResultCode.FATAL);
            }
        }
        assertNothingOutside();
    }

    @Test
    void noNameOfAStreamLeadsElsewhere() throws IOException {
        try (var producer = producer("s")) {
            for (String path : List.of("", "..", "../x", "a/../../x", "/", "archives/x", ".tmp")) {
                assertThat(producer.add(path, "c", 0, 0).code()).isEqualTo(ResultCode.UNKNOWN);
            }
            for (String channel : List.of("", "..", ".", "a/b", "../x", "/etc/x", "index")) {
                producer.add("ust", channel, 0, 0);
            }
            for (String channel : List.of("..", "../x", "/x")) {
                assertThat(producer.add("ust", channel, 0, 0).code()).isEqualTo(ResultCode.UNKNOWN);
            }
        }
        assertNothingOutside();
    }

    @Test
    void anOldProducersPathsLeadNowhereElse() throws IOException {
        try (var producer = ProducerClient.connect(relay, 4)) {
            producer.ask(
                    RelayRequest.CreateSession.named(CString.of("s"), CString.of("h"), 0, false));
            assertThat(producer.add("/../../x", "c", 0, 0).code()).isEqualTo(ResultCode.UNKNOWN);
            assertThat(producer.add("/etc", "c", 0, 0).code()).isEqualTo(ResultCode.OK);
        }
        assertNothingOutside();
    }

    @Test
    void aSymbolicLinkIsNotFollowed() throws IOException {
        Path outside = Files.createDirectory(place.resolve("outside"));
        try (var producer = producer("s")) {
            Files.createDirectories(output.resolve("h/s"));
            Files.createSymbolicLink(output.resolve("h/s/ust"), outside);
            assertThat(producer.add("ust", "c", 0, 0).code()).isEqualTo(ResultCode.UNKNOWN);
        }
        assertThat(outside).isEmptyDirectory();
    }

    /// Random bytes of hostile names: a hundred thousand where the long check runs.
    @Test
    void randomNamesStayInside() throws IOException {
        var random = new Random(1);
        String[] words = {"..", "/", ".", "a", "ust", "\u0001", "ä", "archives", "index", " ", "-"};
        try (var producer = producer("s")) {
            for (int i = 0; i < 2000; i++) {
                producer.add(word(random, words), word(random, words), 0, 0);
            }
        }
        assertNothingOutside();
    }

    private static String word(Random random, String[] words) {
        var text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(words[random.nextInt(words.length)]);
        }
        return text.toString();
    }

    /// Whoever says the same names, or the directory: what lies there stays as it is.
    @Test
    void whatWasStoredIsNotEmptied() throws IOException {
        try (var victim = producer("victim")) {
            long data = victim.stream("ust", "c_0");
            victim.metadata(victim.stream("ust", "metadata"), "theirs");
            victim.whole(data, 0, 512);
            victim.await(data, 0);
        }
        Path trace = output.resolve("h/victim/ust");
        Relays.await(() -> Files.size(trace.resolve("metadata")) == 6);
        List<RelayRequest.CreateSession> hostile =
                List.of(
                        ProducerClient.session("evil", "h", "victim/ust", 0),
                        ProducerClient.session("victim", "h", "", 0),
                        ProducerClient.session("evil", "h", "victim", 0));
        for (RelayRequest.CreateSession each : hostile) {
            try (var producer = ProducerClient.connect(relay, 13)) {
                // Nothing is stored inside the victim's before that has ended.
                Relays.await(() -> producer.open(each).code().isOk());
                producer.chunk(0);
                for (String path : List.of("ust", "x", "index")) {
                    producer.add(path, "c_0", 0, 0);
                    producer.add(path, "metadata", 0, 0);
                    producer.add(path, "c_0.idx", 0, 0);
                }
                producer.ask(new RelayRequest.CloseTraceChunk(0, 2000, true, 2)); // clear
            }
        }
        try (var producer = ProducerClient.connect(relay, 4)) {
            producer.ask(
                    RelayRequest.CreateSession.named(CString.of("s"), CString.of("h"), 0, false));
            assertThat(producer.add("h/victim/ust", "c_0", 0, 0).code())
                    .isEqualTo(ResultCode.UNKNOWN);
            assertThat(producer.add("h/victim/ust/index", "c_0.idx", 0, 0).code())
                    .isEqualTo(ResultCode.UNKNOWN);
            // Its own it may begin anew.
            assertThat(producer.add("h/own/ust", "c_0", 0, 0).code()).isEqualTo(ResultCode.OK);
        }
        assertThat(trace.resolve("c_0")).hasSize(512);
        assertThat(trace.resolve("metadata")).hasContent("theirs");
        assertThat(Files.size(trace.resolve("index/c_0.idx"))).isGreaterThan(50);
    }

    @Test
    void noSessionIsStoredInsideAnother() throws IOException {
        try (var victim = producer("victim");
                var producer = ProducerClient.connect(relay, 13)) {
            assertThat(producer.open(ProducerClient.session("x", "h", "victim/ust", 0)).code())
                    .isEqualTo(ResultCode.FATAL);
            assertThat(victim.add("ust", "c_0", 0, 0).code()).isEqualTo(ResultCode.OK);
        }
    }

    @Test
    void aRingOfNoFilesIsRefused() throws IOException {
        try (var producer = producer("s")) {
            assertThat(producer.add("ust", "c", 4096, 0).code()).isEqualTo(ResultCode.UNKNOWN);
            assertThat(producer.add("ust", "c", 4096, 1).code()).isEqualTo(ResultCode.OK);
        }
    }

    @Test
    void aHandleIsOfNoUseToAnotherSession() throws IOException {
        try (var mine = producer("mine");
                var foreign = producer("foreign")) {
            long handle = mine.stream("ust", "c");
            long own = foreign.stream("ust", "c");
            foreign.packet(own, 0, 64, 0);
            foreign.result(ProducerClient.index(own, 0, 64));
            foreign.await(own, 0);
            foreign.packet(handle, 0, 64, 0);
            assertThat(foreign.isDataEnded()).isTrue();
            assertThat(foreign.result(ProducerClient.index(handle, 0, 64)))
                    .isEqualTo(ResultCode.UNKNOWN);
            assertThat(foreign.isControlEnded()).isTrue();
            mine.whole(handle, 0, 32);
            mine.await(handle, 0);
            assertThat(output.resolve("h/mine/ust/c")).hasSize(32);
        }
    }

    @Test
    void aFileThatAStreamRecordsIntoIsNotTakenFromIt() throws IOException {
        try (var mine = producer("s");
                var foreign = producer("s")) {
            long handle = mine.stream("ust", "c");
            mine.whole(handle, 0, 64);
            mine.await(handle, 0);
            assertThat(foreign.add("ust", "c", 0, 0).code()).isEqualTo(ResultCode.UNKNOWN);
            mine.whole(handle, 1, 64);
            mine.await(handle, 1);
            assertThat(output.resolve("h/s/ust/c")).hasSize(128);
        }
    }

    /// Who announces much and sends nothing costs nothing.
    @Test
    void announcedSizesAreNotAllocated() throws IOException {
        var sockets = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 50; i++) {
                var socket = new Socket();
                socket.connect(relay.controlAddress());
                sockets.add(socket);
                ByteBuffer header = ByteBuffer.allocate(CommandHeader.BYTES);
                new CommandHeader(0, 16 * 1024 * 1024, RelayCommand.SEND_METADATA.number(), 0)
                        .encode(header);
                socket.getOutputStream().write(header.array());
            }
            try (var producer = producer("s")) {
                long handle = producer.stream("ust", "c");
                producer.whole(handle, 0, 64);
                producer.await(handle, 0);
            }
        } finally {
            for (Socket each : sockets) {
                each.close();
            }
        }
    }

    @Test
    void aPacketThatIsTooLongIsDroppedAndTheNextIsKept() throws IOException {
        try (var producer = producer("s")) {
            long handle = producer.stream("ust", "c");
            int bytes = 64 * 1024 * 1024 + 1;
            ByteBuffer header = ByteBuffer.allocate(DataHeader.BYTES);
            new DataHeader(0, handle, 0, bytes, 0).encode(header);
            producer.raw(header.array());
            producer.raw(new byte[bytes]);
            assertThat(producer.result(ProducerClient.index(handle, 0, bytes)))
                    .isEqualTo(ResultCode.OK);
            producer.packet(handle, 1, 64, 0xFFFF_FFFFL);
            producer.result(ProducerClient.index(handle, 1, 64));
            producer.whole(handle, 2, 64);
            producer.await(handle, 2);
            assertThat(output.resolve("h/s/ust/c")).hasSize(64);
        }
    }

    @Test
    void metadataOfImpossibleSizeEndsTheConnection() throws IOException {
        try (var producer = producer("s")) {
            long handle = producer.stream("ust", "metadata");
            producer.tell(
                    new RelayRequest.SendMetadata(handle, 0xFFFF_FFFFL, ByteBuffer.allocate(0)));
            assertThat(producer.isControlEnded()).isTrue();
        }
    }

    @Test
    void aPacketThatComesTwiceEndsItsConnection() throws IOException {
        try (var producer = producer("s")) {
            long handle = producer.stream("ust", "c");
            producer.packet(handle, 5, 64, 0);
            producer.packet(handle, 5, 64, 0);
            assertThat(producer.isDataEnded()).isTrue();
        }
    }

    /// However many come, and go on coming: who speaks gets in, and whose data is waited for stays.
    @Test
    void silentConnectionsAreBoundedAndKeepNobodyOut() throws IOException {
        var silent = new ArrayList<Socket>();
        try {
            connect(silent, 300);
            try (var producer = ProducerClient.connect(relay, 13)) {
                connect(silent, 300);
                // Those that wait to be accepted would be taken for the producer's.
                Relays.await(() -> closed(silent) >= silent.size() - 3 * MOST_SILENT);
                assertThat(producer.open(ProducerClient.session("s", 1_000_000)).code())
                        .isEqualTo(ResultCode.OK);
                producer.chunk(0);
                connect(silent, 300);
                long handle = producer.stream("ust", "c");
                producer.whole(handle, 0, 64);
                producer.await(handle, 0);
                try (var viewer = LiveClient.connect(relay, 4)) {
                    assertThat(viewer.ask(new ViewerRequest.ListSessions()))
                            .asInstanceOf(type(ViewerReply.SessionList.class))
                            .satisfies(each -> assertThat(each.sessions()).hasSize(1));
                }
            }
            assertThat(closed(silent)).isBetween(1200, 2699);
        } finally {
            for (Socket each : silent) {
                each.close();
            }
        }
    }

    /// However many agree on a version and then ask for nothing: who has a session or a trace to
    /// look at keeps its connection, and who comes gets in.
    @Test
    void whoOnlySaysItsVersionKeepsNobodyOut() throws IOException {
        relay.close();
        relay = Relays.open(output, 800); // a hundred connections to each port
        var idle = new ArrayList<AutoCloseable>();
        try (var first = ProducerClient.connect(relay, 13)) {
            assertThat(first.open(ProducerClient.session("first", 1_000_000)).code())
                    .isEqualTo(ResultCode.OK);
            first.chunk(0);
            try (var viewer = LiveClient.connect(relay, 4)) {
                long session = viewer.list().sessions().getFirst().id();
                assertThat(viewer.attach(session, false).status())
                        .isEqualTo(ViewerReply.AttachStatus.OK);
                for (int i = 0; i < 300; i++) {
                    idle.add(ProducerClient.connect(relay, 13));
                    idle.add(LiveClient.connect(relay, 4));
                }
                long handle = first.stream("ust", "c");
                first.whole(handle, 0, 64);
                first.await(handle, 0);
                assertThat(viewer.newStreams(session).status())
                        .isEqualTo(ViewerReply.NewStreamsStatus.OK);
                try (var second = ProducerClient.connect(relay, 13);
                        var other = LiveClient.connect(relay, 4)) {
                    assertThat(second.open(ProducerClient.session("second", 0)).code())
                            .isEqualTo(ResultCode.OK);
                    assertThat(other.list().sessions()).hasSize(2);
                }
            }
        } finally {
            for (AutoCloseable each : idle) {
                close(each);
            }
        }
    }

    private static void close(AutoCloseable each) throws IOException {
        try {
            each.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /// So many to each port.
    private void connect(List<Socket> silent, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            for (var each :
                    List.of(relay.controlAddress(), relay.dataAddress(), relay.liveAddress())) {
                var socket = new Socket();
                silent.add(socket);
                socket.connect(each);
            }
        }
    }

    private static int closed(List<Socket> silent) throws IOException {
        int closed = 0;
        for (Socket each : silent) {
            each.setSoTimeout(1);
            closed += isEnded(each) ? 1 : 0;
        }
        return closed;
    }

    private static boolean isEnded(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
