// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import static dev.contrail.analysis.SmallTrace.packet;
import static dev.contrail.analysis.live.FakeRelay.NEW_METADATA;
import static dev.contrail.analysis.live.FakeRelay.NEW_STREAM;
import static dev.contrail.analysis.live.FakeRelay.SESSION;
import static dev.contrail.analysis.live.FakeRelay.at;
import static dev.contrail.analysis.live.FakeRelay.metadataOf;
import static dev.contrail.analysis.live.FakeRelay.streamOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.convert.View;
import dev.contrail.wire.RelayUrl;
import dev.contrail.wire.live.ViewerReply.IndexStatus;
import dev.contrail.wire.live.ViewerReply.NextIndex;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.push.PushRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is shown of a live session, by a relay that says what real ones say, and what none should.
@Timeout(60)
class LiveSourceTest {
    private record Shown(int status, String text, String errors) {
        /// The names of events with the ends of their times.
        List<String> events() {
            return text.lines()
                    .map(line ->
                            line.replaceAll(
                                    "^\\[.*(\\d\\d)\\] \\(\\S+\\) (\\S+ )?(\\w+):.*", "$1 $3"))
                    .toList();
        }
    }

    @TempDir private Path folder;
    private SmallTrace trace;
    private FakeRelay relay;

    @BeforeEach
    void open() throws IOException {
        trace = new SmallTrace(folder.resolve("declared"));
        relay = new FakeRelay();
    }

    @AfterEach
    void close() throws IOException {
        relay.close();
    }

    private byte[] metadata() throws IOException {
        return Files.readAllBytes(folder.resolve("declared/metadata"));
    }

    private Shown show(String... options) {
        relay.start();
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var words = new ArrayList<>(List.of("--clock-gmt", relay.url()));
        words.addAll(List.of(options));
        int status =
                View.main(
                        words.toArray(String[]::new),
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Shown(
                status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void mergesStreamsWithMetadataInPieces() throws IOException {
        byte[] all = metadata();
        byte[] first = Arrays.copyOf(all, 1000);
        byte[] rest = Arrays.copyOfRange(all, 1000, all.length);
        relay.streams(streamOf(1, 1), metadataOf(1), streamOf(1, 2))
                .metadata(1, new byte[0], first, new byte[0], rest)
                .retry(1)
                .packet(1, packet(1, 0, 0, 10, 30), NEW_METADATA)
                .retry(2)
                .packet(2, packet(2, 0, 0, 20, 40));

        Shown shown = show();

        assertThat(shown.events()).containsExactly("10 tick", "20 tick", "30 tick", "40 tick");
        assertThat(shown.errors).isEmpty();
        assertThat(shown.status).isZero();
        assertThat(relay.asked()).endsWith(new ViewerRequest.GetNewStreams(SESSION));
    }

    @Test
    void takesStreamsAndTracesThatComeLater() throws IOException {
        relay.later(streamOf(1, 1), metadataOf(1))
                .metadata(1, metadata())
                .metadata(2, metadata())
                .packet(1, packet(1, 0, 0, 10), 0)
                .packet(1, packet(1, 1, 0, 20), NEW_STREAM)
                .packet(1, packet(1, 2, 0, 40), 0)
                .later()
                .later(metadataOf(2), streamOf(2, 2))
                .packet(2, packet(2, 0, 0, 30, 50));

        assertThat(show().events())
                .contains("10 tick", "20 tick", "30 tick", "40 tick", "50 tick")
                .hasSize(5);
    }

    /// Two hosts have one name, and send sessions of one name.
    @Test
    void saysThatTwoTracesHaveOneName() throws IOException {
        relay.streams(
                        at("ust", metadataOf(1)),
                        at("ust", streamOf(1, 1)),
                        at("ust", metadataOf(2)),
                        at("ust", streamOf(2, 2)))
                .metadata(1, metadata())
                .metadata(2, metadata())
                .packet(1, packet(1, 0, 0, 10))
                .packet(2, packet(2, 0, 0, 30));

        Shown shown = show();
        assertThat(shown.events()).containsExactly("10 tick", "30 tick");
        assertThat(shown.errors.lines())
                .singleElement()
                .asString()
                .startsWith("WARNING: there is more than one ")
                .contains("/ust: two hosts have one name");
    }

    @Test
    void readsMetadataBeforeThePacketThatNeedsIt() throws IOException {
        byte[] before = metadata();
        trace.declare(1, "later");
        byte[] more = Arrays.copyOfRange(metadata(), before.length, metadata().length);
        byte[] second = packet(1, 1, 0, 20);
        SmallTrace.reclass(second, 0, 1);
        relay.streams(streamOf(1, 1), metadataOf(1))
                .metadata(1, before, new byte[0], more)
                .packet(1, packet(1, 0, 0, 10))
                .packet(1, second, NEW_METADATA)
                .packet(1, packet(1, 2, 0, 30));

        assertThat(show().events()).containsExactly("10 tick", "20 later", "30 tick");
    }

    @Test
    void copiesWhatIsDeclaredLater() throws IOException {
        byte[] before = metadata();
        trace.declare(1, "later");
        byte[] more = Arrays.copyOfRange(metadata(), before.length, metadata().length);
        byte[] second = packet(1, 1, 0, 20);
        SmallTrace.reclass(second, 0, 1);
        relay.streams(streamOf(1, 1), metadataOf(1))
                .metadata(1, before, new byte[0], more)
                .metadata(2, before)
                .packet(1, packet(1, 0, 0, 10), NEW_STREAM)
                .later(streamOf(1, 2), streamOf(2, 3), metadataOf(2))
                .packet(1, second, NEW_METADATA)
                .packet(2, packet(2, 0, 0, 15))
                .packet(3, packet(3, 0, 0, 25));
        Path copy = folder.resolve("copy");

        Shown shown = show("--output-format=ctf", "--output=" + copy);
        assertThat(shown.status).as(shown.errors).isZero();
        var out = new ByteArrayOutputStream();
        View.main(new String[] {copy.toString()}, out, System.err);
        assertThat(new Shown(0, out.toString(StandardCharsets.UTF_8), "").events())
                .containsExactly("10 tick", "15 tick", "20 later", "25 tick");
    }

    @Test
    void metadataThatComesOnceMoreIsNotDeclaredTwice() throws IOException {
        relay.streams(streamOf(1, 1), metadataOf(1))
                .metadata(1, metadata(), new byte[0], metadata())
                .packet(1, packet(1, 0, 0, 10))
                .packet(1, packet(1, 1, 0, 20), NEW_METADATA);

        Shown shown = show();

        assertThat(shown.events()).containsExactly("10 tick", "20 tick");
        assertThat(shown.errors).isEmpty();
    }

    @Test
    void filtersAndRangesAreAsOfStoredTraces() throws IOException {
        relay.streams(streamOf(1, 1), metadataOf(1))
                .metadata(1, metadata())
                .packet(1, packet(1, 0, 0, 10, 20, 30, 40));

        Shown shown =
                show(
                        "--begin=1600000000.000000020",
                        "--end=1600000000.000000030",
                        "--filter=n < -20");

        assertThat(shown.errors).isEmpty();
        assertThat(shown.events()).containsExactly("30 tick");
    }

    /// A promise of one stream lets the others go on, and what they have is seen at once.
    @Test
    void showsWhatIsKnownWhileMoreIsRecorded() throws Exception {
        var isSeen = new CountDownLatch(1);
        relay.streams(streamOf(1, 1), streamOf(1, 2), metadataOf(1))
                .metadata(1, metadata())
                .packet(1, packet(1, 0, 0, 10))
                .quiet(1, 20)
                .quiet(2, 20);
        relay.answerInstead(request ->
                isSeen.getCount() == 0
                        ? Optional.empty()
                        : switch (request) {
                            case ViewerRequest.GetNextIndex(long stream) when isAfterAll(stream) ->
                                    Optional.of(
                                            FakeRelay.encoded(
                                                    NextIndex.without(IndexStatus.RETRY, 0)));
                            case ViewerRequest.GetNewStreams _ ->
                                    Optional.of(
                                            FakeRelay.encoded(
                                                    new dev.contrail.wire.live.ViewerReply
                                                            .NewStreams(
                                                            dev.contrail.wire.live.ViewerReply
                                                                    .NewStreamsStatus.NONE,
                                                            List.of())));
                            default -> Optional.empty();
                        });
        relay.start();
        try (var out = new PipedOutputStream();
                var seen = new PipedInputStream(out)) {
            Thread viewer =
                    Thread.ofVirtual()
                            .start(() -> View.main(new String[] {relay.url()}, out, System.err));
            byte[] line = new byte[1];
            assertThat(seen.read(line)).isEqualTo(1);
            assertThat(viewer.isAlive()).isTrue();
            isSeen.countDown();
            viewer.join();
        }
    }

    private boolean isAfterAll(long stream) {
        return relay.asked().stream().filter(new ViewerRequest.GetNextIndex(stream)::equals).count()
                > (stream == 1 ? 2 : 1);
    }

    @Test
    void showsAllThatItHasBeforeItSaysThatTheRelayHasGone() throws IOException {
        relay.streams(streamOf(1, 1), streamOf(1, 2), metadataOf(1))
                .metadata(1, metadata())
                .packet(1, packet(1, 0, 0, 10, 30))
                .packet(2, packet(2, 0, 0, 20, 40));
        relay.answerInstead(request ->
                request.equals(new ViewerRequest.GetNextIndex(1))
                                && relay.asked().stream().filter(request::equals).count() > 1
                        ? Optional.of(new byte[0])
                        : Optional.empty());

        Shown shown = show();

        assertThat(shown.events()).containsExactly("10 tick", "20 tick", "30 tick", "40 tick");
        assertThat(shown.errors).contains("it has closed the connection");
        assertThat(shown.status).isEqualTo(1);
    }

    @Test
    void saysWhatNeedsTheEndOfASession() {
        Shown shown = show("--stream-intersection");
        assertThat(shown.status).isEqualTo(1);
        assertThat(shown.errors).contains("--output-format=ctf");
    }

    /// Sizes and counts that no relay should send: said, with what came before.
    @Test
    void believesNothing() throws IOException {
        List<NextIndex> wrong =
                Stream.of(
                                new long[] {0, 0, 0},
                                new long[] {0, 12, 12},
                                new long[] {0, 80, 88},
                                new long[] {0, -8, 8},
                                new long[] {-1, 80, 80},
                                new long[] {Long.MAX_VALUE, 80, 80})
                        .map(each ->
                                new NextIndex(
                                        each[0], each[1], each[2], 0, 0, 0, 0, IndexStatus.OK, 0))
                        .toList();
        for (NextIndex each : wrong) {
            relay.close();
            relay = new FakeRelay();
            relay.streams(streamOf(1, 1), metadataOf(1))
                    .metadata(1, metadata())
                    .packet(1, packet(1, 0, 0, 10))
                    .answer(1, each);
            Shown shown = show();
            assertThat(shown.events()).as(each.toString()).containsExactly("10 tick");
            assertThat(shown.errors).contains("cannot be");
            assertThat(shown.status).isEqualTo(1);
        }
    }

    @Test
    void skipsAPacketThatIsTooLarge() throws IOException {
        long bits = 8L * (LivePackets.MOST_BYTES + 1L);
        relay.streams(streamOf(1, 1), metadataOf(1))
                .metadata(1, metadata())
                .answer(1, new NextIndex(0, bits, bits, 0, 0, 0, 0, IndexStatus.OK, 0))
                .packet(1, packet(1, 0, 0, 10));
        Shown shown = show();
        assertThat(shown.events()).containsExactly("10 tick");
        assertThat(shown.errors).contains("packet 0 is missing");
        assertThat(shown.status).isEqualTo(1);
    }

    /// Every reply, with each of its numbers as large as can be: an end with one line at most.
    @Test
    void endsWhateverARelaySays() throws IOException {
        for (String command :
                List.of(
                        "Connect",
                        "CreateViewerSession",
                        "ListSessions",
                        "AttachSession",
                        "GetMetadata",
                        "GetNextIndex",
                        "GetPacket")) {
            for (int at = 0; at < 20; at += 4) {
                int place = at;
                relay.close();
                relay = new FakeRelay();
                relay.streams(streamOf(1, 1), metadataOf(1))
                        .metadata(1, metadata())
                        .packet(1, packet(1, 0, 0, 10));
                relay.answerInstead(request ->
                        request.getClass().getSimpleName().equals(command)
                                ? Optional.of(
                                        ByteBuffer.allocate(64)
                                                .putInt(0, command.startsWith("Get") ? 0 : 1)
                                                .putInt(place, -1)
                                                .array())
                                : Optional.empty());
                Shown shown = show();
                assertThat(shown.status).as(command + " " + at + shown.errors).isBetween(0, 1);
                assertThat(shown.errors.lines())
                        .as(command + " " + at)
                        .singleElement()
                        .asString()
                        .doesNotContain("Exception");
            }
        }
    }

    @Test
    void doesNotWaitForEverForASilentRelay() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "net://127.0.0.1:" + silent.getLocalPort() + "/host/there/session";
            assertThatIOException()
                    .isThrownBy(() ->
                            LiveSource.open(
                                    new LiveWish(
                                            RelayUrl.parseLive(url),
                                            LiveSession.Missing.END,
                                            PushRequest.Seek.NOW,
                                            "",
                                            false),
                                    50,
                                    false))
                    .withMessageContaining("it has not answered");
        }
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        relay.streams(streamOf(1, 1), metadataOf(1)).metadata(1, metadata());
        relay.answerInstead(request ->
                request instanceof ViewerRequest.GetNextIndex
                        ? Optional.of(FakeRelay.encoded(NextIndex.without(IndexStatus.RETRY, 0)))
                        : Optional.empty());
        var shown = new ArrayList<Shown>();
        Thread viewer = Thread.ofVirtual().start(() -> shown.add(show()));
        while (!relay.asked().contains(new ViewerRequest.GetNextIndex(1))) {
            Thread.onSpinWait();
        }
        viewer.interrupt();
        viewer.join();

        assertThat(shown.getFirst().text).isEmpty();
        assertThat(shown.getFirst().errors).isEmpty();
        assertThat(shown.getFirst().status).isEqualTo(1);
    }
}
