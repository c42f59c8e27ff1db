// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.push.PushMessage;
import dev.contrail.wire.push.PushMessage.SessionLine;
import dev.contrail.wire.push.PushRequest;
import dev.contrail.wire.push.StreamPosition;
import dev.contrail.wire.relay.RelayRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Sessions that ended before the relay was restarted: viewers read them as before. The relay that
/// they were sent to is not closed before the next one begins, as if it had been killed.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EndedSessionTest {
    private static final int PACKET = 4096;
    private static final long PLENTY = 1 << 30;
    private static final String UST = "ust";

    @TempDir private Path directory;
    private Path output;
    private RelayDaemon relay;
    private ProducerClient producer;
    private long data;
    private long metadata;

    @BeforeEach
    void open() throws IOException {
        output = directory.resolve("out");
        relay = Relays.open(output);
        producer = ProducerClient.connect(relay, 13);
    }

    @AfterEach
    void close() throws IOException {
        producer.close();
        relay.close();
    }

    private void begin(String name, long fileBytes, long fileCount) throws IOException {
        producer.open(ProducerClient.session(name, 1_000_000));
        producer.chunk(0);
        data = producer.add(UST, "c_0", fileBytes, fileCount).handle();
        metadata();
    }

    private void metadata() throws IOException {
        metadata = producer.stream(UST, "metadata");
        producer.metadata(metadata, "declared");
        producer.result(new RelayRequest.StreamsSent());
    }

    private void packets(long from, long to) throws IOException {
        for (long each = from; each < to; each++) {
            producer.whole(data, each, PACKET);
        }
        producer.await(data, to - 1);
    }

    private void endSession() throws IOException {
        producer.close();
        Relays.await(() ->
                sessions(relay).stream().allMatch(each -> each.state() == PushMessage.State.ENDED));
    }

    private static List<SessionLine> sessions(RelayDaemon of) throws IOException {
        try (PushClient viewer = PushClient.connect(of)) {
            viewer.say(new PushRequest.ListSessions());
            return viewer.hear(PushMessage.Sessions.class).sessions();
        }
    }

    /// What a viewer is sent of a session until its end.
    private record Seen(
            List<Long> numbers, List<Byte> bytes, long lost, List<StreamPosition> places) {}

    private static Seen seen(RelayDaemon of, String session, String name) throws IOException {
        var seen = new Seen(new ArrayList<>(), new ArrayList<>(), 0, new ArrayList<>());
        long lost = 0;
        try (PushClient viewer = PushClient.connect(of)) {
            assertThat(viewer.watch(session, false, name).status())
                    .isEqualTo(PushMessage.Status.OK);
            while (true) {
                switch (viewer.hear()) {
                    case PushMessage.StreamBegun begun -> {
                        seen.places().add(begun.place());
                        viewer.credit(begun.id(), PLENTY);
                    }
                    case PushMessage.PacketBegun packet -> {
                        seen.numbers().add(packet.number());
                        seen.bytes().add(packet.bytes().get(0));
                    }
                    case PushMessage.Lost its -> lost += its.packets();
                    case PushMessage.Ended _ -> {
                        return new Seen(seen.numbers(), seen.bytes(), lost, seen.places());
                    }
                    default -> {}
                }
            }
        }
    }

    private static void assertAll(Seen seen, long from, long to) {
        assertThat(seen.numbers()).isEqualTo(LongStream.range(from, to).boxed().toList());
        assertThat(seen.bytes())
                .isEqualTo(LongStream.range(from, to).mapToObj(each -> (byte) each).toList());
        assertThat(seen.lost()).isZero();
    }

    /// The only one.
    private Path label() throws IOException {
        return Relays.tree(output).stream()
                .filter(each -> each.contains(".contrail-label"))
                .map(output::resolve)
                .findFirst()
                .orElseThrow();
    }

    private void assertNothingToRead() throws IOException {
        try (RelayDaemon next = Relays.open(output)) {
            assertThat(sessions(next)).isEmpty();
            try (PushClient viewer = PushClient.connect(next)) {
                assertThat(viewer.watch("s", false, "").status())
                        .isEqualTo(PushMessage.Status.UNKNOWN_SESSION);
            }
        }
    }

    @Test
    void aViewerGoesOnWhereItWas() throws IOException {
        begin("s", 0, 0);
        packets(0, 4);
        try (PushClient viewer = PushClient.connect(relay)) {
            viewer.watch("s", false, "bob");
            long id = viewer.hear(PushMessage.StreamBegun.class).id();
            viewer.credit(id, PLENTY);
            viewer.packets(2);
            viewer.shown(id, 1, StreamPosition.WHOLE);
        }
        packets(4, 9);
        List<SessionLine> before;
        endSession();
        before = sessions(relay);
        try (RelayDaemon next = Relays.open(output)) {
            assertThat(sessions(next)).isEqualTo(before).hasSize(1);
            Seen gone = seen(next, "s", "bob");
            assertAll(gone, 2, 9);
            assertThat(gone.places()).containsExactly(new StreamPosition(1, StreamPosition.WHOLE));
            assertAll(seen(next, "s", ""), 0, 9);
            try (LiveClient lttngs = LiveClient.connect(next, 15)) {
                assertThat(lttngs.list().sessions()).isEmpty(); // as before
            }
        }
    }

    /// A second restart is none for what the first one has taken up.
    @Test
    void itIsThereAfterEachRestart() throws IOException {
        begin("s", 0, 0);
        packets(0, 2);
        endSession();
        for (int i = 0; i < 2; i++) {
            try (RelayDaemon next = Relays.open(output)) {
                assertAll(seen(next, "s", ""), 0, 2);
            }
        }
    }

    /// With the relay, whose producer is not ours and cannot go on.
    @Test
    void whatEndsWithTheRelayCanBeReadToo() throws IOException {
        begin("s", 0, 0);
        packets(0, 2);
        relay.close();
        try (RelayDaemon next = Relays.open(output)) {
            assertAll(seen(next, "s", ""), 0, 2);
        }
    }

    @Test
    void packetsHaveTheNumbersThatTheyHad() throws IOException {
        begin("s", 0, 0);
        for (long each : new long[] {3, 4, 8, 9, 10}) {
            producer.whole(data, each, PACKET);
        }
        producer.await(data, 10);
        endSession();
        try (RelayDaemon next = Relays.open(output)) {
            assertThat(seen(next, "s", "").numbers()).containsExactly(3L, 4L, 8L, 9L, 10L);
        }
    }

    @Test
    void rotatedChunksAndRingsOfFilesAreFound() throws IOException {
        begin("s", 2 * PACKET, 2);
        packets(0, 5);
        producer.chunk(1);
        for (long each : new long[] {data, metadata}) {
            producer.result(
                    new RelayRequest.RotateStreams(
                            true,
                            1,
                            List.of(
                                    new RelayRequest.RotateStreams.Position(
                                            each, each == data ? 5 : 0)),
                            RelayRequest.RotateStreams.Padding.X86_64));
        }
        producer.metadata(metadata, "declared");
        producer.ask(
                new RelayRequest.CloseTraceChunk(
                        0, 2000, true, RelayRequest.CloseTraceChunk.MOVE_TO_ARCHIVES));
        packets(5, 7);
        producer.ask(
                new RelayRequest.CloseTraceChunk(
                        1, 3000, true, RelayRequest.CloseTraceChunk.MOVE_TO_ARCHIVES));
        endSession();
        Seen before = seen(relay, "s", "");
        assertAll(before, 2, 7);
        try (RelayDaemon next = Relays.open(output)) {
            assertThat(seen(next, "s", "")).isEqualTo(before);
        }
        assertThat(Relays.tree(output)).anyMatch(each -> each.contains("/archives/"));
    }

    /// The place of the first trace is not that of the second.
    @Test
    void tracesOfOnePathStayApart() throws IOException {
        begin("s", 0, 0);
        packets(0, 3);
        producer.result(new RelayRequest.CloseStream(data, 2));
        producer.result(new RelayRequest.CloseStream(metadata, -1));
        producer.ask(
                new RelayRequest.CloseTraceChunk(
                        0, 2000, true, RelayRequest.CloseTraceChunk.MOVE_TO_ARCHIVES));
        producer.chunk(1);
        data = producer.stream(UST, "c_0");
        metadata();
        packets(0, 2);
        endSession();
        Seen before = seen(relay, "s", "bob");
        assertThat(before.numbers()).hasSize(5);
        try (RelayDaemon next = Relays.open(output)) {
            assertThat(seen(next, "s", "")).isEqualTo(before);
        }
    }

    @Test
    void consumersOfOneSessionHaveALabelEach() throws IOException {
        begin("s", 0, 0);
        packets(0, 2);
        try (ProducerClient other = ProducerClient.connect(relay, 13)) {
            RelayRequest.CreateSession same = ProducerClient.session("s", 1_000_000);
            other.open(
                    new RelayRequest.CreateSession(
                            same.name(),
                            same.host(),
                            same.basePath(),
                            same.liveTimerMicros(),
                            false,
                            true,
                            same.daemonUuid(),
                            same.sessionId(),
                            same.createdSeconds(),
                            true,
                            0,
                            same.traceFormat()));
            long kernel = other.stream("kernel", "k_0");
            long described = other.stream("kernel", "metadata");
            other.metadata(described, "declared");
            other.result(new RelayRequest.StreamsSent());
            other.whole(kernel, 0, PACKET);
            other.await(kernel, 0);
        }
        endSession();
        try (RelayDaemon next = Relays.open(output)) {
            assertThat(sessions(next)).hasSize(2);
            assertThat(seen(next, "s", "").numbers()).containsExactlyInAnyOrder(0L, 0L, 1L);
        }
    }

    /// However their labels are found.
    @Test
    void theLastOneOfANameIsMeant() throws IOException {
        for (int i = 3; i > 0; i--) { // the newest first
            RelayRequest.CreateSession its = ProducerClient.session("s", "h", "d" + i, 1_000_000);
            try (ProducerClient client = ProducerClient.connect(relay, 13)) {
                client.open(
                        new RelayRequest.CreateSession(
                                its.name(),
                                its.host(),
                                its.basePath(),
                                its.liveTimerMicros(),
                                false,
                                true,
                                new UUID(1, i),
                                7,
                                1000 * i,
                                false,
                                0,
                                its.traceFormat()));
                client.chunk(0);
                long stream = client.stream(UST, "c_0");
                long described = client.stream(UST, "metadata");
                client.metadata(described, "declared");
                client.result(new RelayRequest.StreamsSent());
                client.whole(stream, i, PACKET);
                client.await(stream, i);
            }
        }
        endSession();
        try (RelayDaemon next = Relays.open(output)) {
            assertThat(sessions(next).stream().map(SessionLine::createdSeconds))
                    .containsExactly(1000L, 2000L, 3000L);
            assertThat(seen(next, "s", "").numbers()).containsExactly(3L);
        }
    }

    @Test
    void aDamagedLabelIsPassedOver() throws IOException {
        begin("s", 0, 0);
        packets(0, 2);
        endSession();
        Path label = label();
        byte[] good = Files.readAllBytes(label);
        for (int at = 0; at < good.length; at += 17) {
            byte[] damaged = good.clone();
            damaged[at]++;
            Files.write(label, damaged);
            try (RelayDaemon next = Relays.open(output)) {
                assertThat(sessions(next)).as("byte %d", at).isEmpty();
            }
        }
        for (int length : new int[] {0, 5, 12, good.length - 1}) {
            Files.write(label, java.util.Arrays.copyOf(good, length));
            assertNothingToRead();
        }
        Files.delete(label);
        Files.createSymbolicLink(label, Files.write(directory.resolve("elsewhere"), good));
        assertNothingToRead();
    }

    @Test
    void aLabelWhoseTraceIsGoneGoesToo() throws IOException {
        begin("s", 0, 0);
        packets(0, 2);
        endSession();
        Path label = label();
        Files.delete(label.resolveSibling(UST).resolve("metadata"));
        assertNothingToRead();
        assertThat(label).doesNotExist();
    }

    /// Moved away and back, or under another name, while nobody looked.
    @Test
    void aTraceIsWhereItsLabelIs() throws IOException {
        begin("s", 0, 0);
        packets(0, 2);
        endSession();
        Path session = label().getParent();
        Files.move(session, session.resolveSibling("moved"));
        try (RelayDaemon next = Relays.open(output)) {
            assertAll(seen(next, "s", ""), 0, 2);
            Files.move(session.resolveSibling("moved"), directory.resolve("away"));
            assertThat(seen(next, "s", "").numbers()).isEmpty();
        }
        assertNothingToRead();
    }

    @Test
    void whatIsGoneFromAFileIsSaid() throws IOException {
        begin("s", 0, 0);
        packets(0, 5);
        endSession();
        Path file = label().resolveSibling(UST).resolve("c_0");
        try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
            cut.truncate(3 * PACKET - 1);
        }
        try (RelayDaemon next = Relays.open(output)) {
            Seen seen = seen(next, "s", "");
            assertThat(seen.numbers()).containsExactly(0L, 1L);
            assertThat(seen.lost()).isEqualTo(3);
        }
    }

    @Test
    void aFileThatIsGoneIsSaid() throws IOException {
        begin("s", 0, 0);
        packets(0, 5);
        endSession();
        Path file = label().resolveSibling(UST).resolve("c_0");
        try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
            cut.truncate(1);
        }
        assertLost(5, List.of());
        Files.delete(file);
        assertLost(5, List.of());
    }

    @Test
    void theFirstFilesOfAStreamThatAreGoneAreSaid() throws IOException {
        begin("s", 2 * PACKET, 4);
        packets(0, 7);
        endSession();
        Path file = label().resolveSibling(UST).resolve("c_0_0");
        Files.delete(file);
        assertLost(2, List.of(2L, 3L, 4L, 5L, 6L));
        Files.delete(file.resolveSibling("c_0_3"));
        assertLost(3, List.of(2L, 3L, 4L, 5L));
    }

    @Test
    void aTraceThatGoesWhileItIsThereIsSaid() throws IOException {
        begin("s", 0, 0);
        packets(0, 2);
        endSession();
        Path session = label().getParent();
        try (RelayDaemon next = Relays.open(output)) {
            Files.move(session, directory.resolve("away"));
            Seen seen = seen(next, "s", "");
            assertThat(seen.numbers()).isEmpty();
            assertThat(seen.lost()).isEqualTo(2);
        }
    }

    /// A tree that was copied here may lead anywhere, or stop who opens it.
    @Test
    void nothingIsReadThroughALink() throws IOException, InterruptedException {
        begin("s", 0, 0);
        packets(0, 2);
        endSession();
        Path traces = label().resolveSibling(UST);
        Path file = traces.resolve("c_0");
        Path away = directory.resolve("away");
        Files.move(file, away);
        Files.createSymbolicLink(file, away);
        assertLost(2, List.of());
        Files.delete(file);
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
        assertLost(2, List.of());
        Files.delete(file);
        Files.move(away, file);
        assertLost(0, List.of(0L, 1L));
        Files.move(traces, away);
        Files.createSymbolicLink(traces, away);
        assertNothingToRead();
    }

    @Test
    void aCopyBesideItIsNotShownToo() throws IOException, InterruptedException {
        begin("s", 0, 0);
        packets(0, 2);
        endSession();
        Path session = label().getParent();
        Process copy =
                new ProcessBuilder("cp", "-a", session.toString(), session + ".copy").start();
        assertThat(copy.waitFor()).isZero();
        try (RelayDaemon next = Relays.open(output)) {
            assertThat(sessions(next)).hasSize(1);
            assertAll(seen(next, "s", ""), 0, 2);
        }
    }

    private void assertLost(long lost, List<Long> there) throws IOException {
        try (RelayDaemon next = Relays.open(output)) {
            for (int i = 0; i < 2; i++) { // each viewer
                Seen seen = seen(next, "s", "");
                assertThat(seen.numbers()).isEqualTo(there);
                assertThat(seen.lost()).isEqualTo(lost);
            }
        }
    }

    /// Nobody shows what could not be remembered.
    @Test
    void whatHasNoStreamsHasNoLabel() throws IOException {
        producer.open(ProducerClient.session("s", 1_000_000));
        producer.chunk(0);
        endSession();
        assertThat(Relays.tree(output)).noneMatch(each -> each.contains(".contrail-label"));
        assertNothingToRead();
    }
}
