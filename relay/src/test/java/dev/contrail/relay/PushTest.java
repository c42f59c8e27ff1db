// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.CString;
import dev.contrail.wire.push.PushMessage;
import dev.contrail.wire.push.PushRequest;
import dev.contrail.wire.push.StreamPosition;
import dev.contrail.wire.relay.RelayRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PushTest {
    private static final int PACKET = 4096;
    private static final long PLENTY = 1 << 30;
    private static final String UST = "ust";

    @TempDir private Path output;
    private RelayDaemon relay;
    private ProducerClient producer;
    private long data;
    private long metadata;

    @BeforeEach
    void open() throws IOException {
        relay = Relays.open(output);
        producer = ProducerClient.connect(relay, 13);
    }

    @AfterEach
    void close() throws IOException {
        producer.close();
        relay.close();
    }

    /// A session with one stream and its metadata.
    private void begin(String name) throws IOException {
        producer.open(ProducerClient.session(name, 1_000_000));
        producer.chunk(0);
        data = producer.stream(UST, "c_0");
        metadata = producer.stream(UST, "metadata");
        producer.metadata(metadata, "declared");
        producer.result(new RelayRequest.StreamsSent());
    }

    private void packets(long from, long to) throws IOException {
        for (long each = from; each < to; each++) {
            producer.whole(data, each, PACKET);
        }
        if (to > 0) {
            producer.await(data, to - 1);
        }
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private PushClient viewer() throws IOException {
        return PushClient.connect(relay);
    }

    private void rotate(long chunk, long firstPacket) throws IOException {
        producer.chunk(chunk);
        producer.result(
                new RelayRequest.RotateStreams(
                        true,
                        chunk,
                        List.of(new RelayRequest.RotateStreams.Position(data, firstPacket)),
                        RelayRequest.RotateStreams.Padding.X86_64));
        producer.result(
                new RelayRequest.RotateStreams(
                        true,
                        chunk,
                        List.of(new RelayRequest.RotateStreams.Position(metadata, 0)),
                        RelayRequest.RotateStreams.Padding.X86_64));
        producer.metadata(metadata, "declared");
    }

    private void closeChunk(long chunk, int command) throws IOException {
        producer.ask(new RelayRequest.CloseTraceChunk(chunk, 2000, true, command));
    }

    /// Not only where nothing happens: a viewer that hears nothing for long gives up.
    @Test
    void saysThatItLivesWhateverHappensElsewhere() throws Exception {
        begin("s");
        Thread hearing;
        try (PushClient viewer = viewer()) {
            viewer.watch("s", true, "");
            viewer.hear(PushMessage.StreamBegun.class);
            hearing = new Thread(() -> assertThat(isEnded(viewer)).isTrue());
            hearing.start();
            while (viewer.lives() == 0) {
                producer.result(new RelayRequest.StreamsSent()); // rings, and there is nothing new
            }
        }
        hearing.join();
    }

    private static boolean isEnded(PushClient viewer) {
        try {
            return viewer.isEnded();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void sendsWhatComesAndTheWholeStateDump() throws IOException {
        producer.open(ProducerClient.session("s", 1_000_000));
        producer.chunk(0);
        data = producer.stream(UST, "c_0");
        long dumped = producer.stream(UST, "c_statedump");
        metadata = producer.stream(UST, "metadata");
        producer.metadata(metadata, "declared");
        producer.result(new RelayRequest.StreamsSent());
        packets(0, 2);
        producer.whole(dumped, 0, PACKET);
        producer.await(dumped, 0);
        try (PushClient viewer = viewer()) {
            viewer.watch("s", PushRequest.Seek.NOW_AND_STATE, "");
            var places = new HashMap<String, StreamPosition>();
            for (int i = 0; i < 2; i++) {
                var begun = viewer.await(PushMessage.StreamBegun.class);
                places.put(begun.channel().toString(), begun.place());
                viewer.credit(begun.id(), PLENTY);
            }
            assertThat(places)
                    .containsEntry("c_0", new StreamPosition(1, StreamPosition.WHOLE))
                    .containsEntry("c_statedump", StreamPosition.BEGIN);
            assertThat(viewer.packets(1)).containsExactly(0L);
            packets(2, 3);
            assertThat(viewer.packets(1)).containsExactly(2L);
        }
    }

    @Test
    void sendsWhatComesAsItComes() throws IOException {
        begin("s");
        try (PushClient viewer = viewer()) {
            assertThat(viewer.watch("s", true, "").status()).isEqualTo(PushMessage.Status.OK);
            var begun = viewer.hear(PushMessage.StreamBegun.class);
            assertThat(begun.place())
                    .isEqualTo(new StreamPosition(StreamPosition.NOTHING, StreamPosition.WHOLE));
            viewer.credit(begun.id(), PLENTY);
            assertThat(viewer.hear(PushMessage.Metadata.class).trace()).isEqualTo(begun.trace());
            packets(0, 1);
            var first = viewer.hear(PushMessage.PacketBegun.class);
            assertThat(first.number()).isZero();
            assertThat(first.packetBits()).isEqualTo(PACKET * 8L);
            assertThat(first.bytes().remaining()).isEqualTo(PACKET);
            packets(1, 2);
            assertThat(viewer.hear(PushMessage.PacketBegun.class).number()).isEqualTo(1);
            producer.result(new RelayRequest.SendIndex(data, 1, 0, 0, 0, 5000, 0, 7, -1, -1));
            assertThat(viewer.hear()).isEqualTo(new PushMessage.Quiet(begun.id(), 5000, 7));
            producer.close();
            assertThat(viewer.hear()).isEqualTo(new PushMessage.StreamEnded(begun.id()));
            assertThat(viewer.hear()).isEqualTo(new PushMessage.Ended(PushMessage.End.SESSION));
        }
    }

    @Test
    void sendsNoMoreThanThereIsRoomFor() throws IOException {
        begin("s");
        packets(0, 10);
        try (PushClient stalled = viewer();
                PushClient viewer = viewer()) {
            stalled.watch("s", false, "");
            long its = stalled.await(PushMessage.StreamBegun.class).id();
            viewer.watch("s", false, "");
            viewer.credit(viewer.await(PushMessage.StreamBegun.class).id(), PLENTY);
            assertThat(viewer.packets(10)).isEqualTo(numbers(0, 10));
            packets(10, 20);
            assertThat(viewer.packets(10)).isEqualTo(numbers(10, 20));
            // Room for one byte is room for a packet, but not for a second one.
            stalled.credit(its, 1);
            assertThat(stalled.packets(1)).isEqualTo(numbers(0, 1));
            stalled.say(new PushRequest.ListSessions());
            assertThat(stalled.hear()).isInstanceOf(PushMessage.Sessions.class);
            stalled.credit(its, 2 * PACKET);
            assertThat(stalled.packets(2)).isEqualTo(numbers(1, 3));
        }
    }

    @Test
    void goesOnWhereAViewerOfThatNameWas() throws IOException {
        begin("s");
        packets(0, 5);
        try (PushClient viewer = viewer()) {
            var watching = viewer.watch("s", false, "bob");
            assertThat(watching.isResumed()).isFalse();
            long stream = viewer.await(PushMessage.StreamBegun.class).id();
            viewer.credit(stream, PLENTY);
            assertThat(viewer.packets(5)).isEqualTo(numbers(0, 5));
            viewer.shown(stream, 2, 3);
        }
        packets(5, 7);
        try (PushClient viewer = viewer()) {
            var watching = viewer.watch("s", false, "bob");
            assertThat(watching.isResumed()).isTrue();
            assertThat(watching.mark().get()).isEqualTo((byte) 9);
            var begun = viewer.hear(PushMessage.StreamBegun.class);
            assertThat(begun.place()).isEqualTo(new StreamPosition(2, 3));
            assertThat(begun.previous())
                    .isEqualTo(Optional.of(new PushMessage.Previous(150, 0, 1)));
            viewer.credit(begun.id(), PLENTY);
            assertThat(viewer.packets(5)).isEqualTo(numbers(2, 7));
            viewer.shown(begun.id(), 6, StreamPosition.WHOLE);
        }
        packets(7, 9);
        try (PushClient viewer = viewer()) {
            viewer.watch("s", false, "bob");
            long stream = viewer.hear(PushMessage.StreamBegun.class).id();
            viewer.credit(stream, PLENTY);
            assertThat(viewer.packets(2)).isEqualTo(numbers(7, 9));
        }
    }

    /// Also the one that has never shown anything.
    @Test
    void whoBeginsNowHasAPlaceAtOnce() throws IOException {
        begin("s");
        packets(0, 5);
        try (PushClient viewer = viewer()) {
            viewer.watch("s", true, "bob");
            assertThat(viewer.hear(PushMessage.StreamBegun.class).place())
                    .isEqualTo(new StreamPosition(4, StreamPosition.WHOLE));
        }
        packets(5, 6);
        try (PushClient viewer = viewer()) {
            viewer.watch("s", true, "bob");
            viewer.credit(viewer.hear(PushMessage.StreamBegun.class).id(), PLENTY);
            assertThat(viewer.packets(1)).isEqualTo(numbers(5, 6));
        }
    }

    /// In the same second, as the daemons of two hosts of one name do it.
    @Test
    void sessionsOfOneNameAreAllShown() throws IOException {
        begin("s");
        packets(0, 2);
        try (ProducerClient other = ProducerClient.connect(relay, 13);
                PushClient viewer = viewer()) {
            var created =
                    other.open(ProducerClient.session("s", "h", "", 1_000_000, new UUID(2, 2)));
            assertThat(created.outputPath().toString()).isEqualTo("h/s-2");
            other.chunk(0);
            long handle = other.stream(UST, "c_0");
            other.metadata(other.stream(UST, "metadata"), "declared");
            other.result(new RelayRequest.StreamsSent());
            other.whole(handle, 7, PACKET);
            other.await(handle, 7);

            viewer.watch("s", false, "");
            var first = viewer.await(PushMessage.StreamBegun.class);
            var second = viewer.await(PushMessage.StreamBegun.class);
            assertThat(second.trace()).isNotEqualTo(first.trace());
            assertThat(second.path()).isEqualTo(first.path());
            viewer.credit(first.id(), PLENTY);
            assertThat(viewer.packets(2)).isEqualTo(numbers(0, 2));
            viewer.credit(second.id(), PLENTY);
            assertThat(viewer.packets(1)).isEqualTo(numbers(7, 8));
        }
    }

    @Test
    void aNameHasOneViewerTheLast() throws IOException {
        begin("s");
        try (PushClient first = viewer();
                PushClient second = viewer()) {
            first.watch("s", true, "bob");
            assertThat(second.watch("s", true, "bob").isResumed()).isTrue();
            assertThat(first.await(PushMessage.Ended.class).why())
                    .isEqualTo(PushMessage.End.ANOTHER_VIEWER);
            assertThat(first.isEnded()).isTrue();
        }
    }

    @Test
    void aRelayThatIsStoppedSaysSo() throws IOException {
        begin("s");
        packets(0, 1);
        try (PushClient first = viewer();
                PushClient second = viewer();
                PushClient silent = viewer()) {
            first.watch("s", true, "bob");
            second.watch("s", false, "");
            relay.close();
            for (PushClient each : List.of(first, second, silent)) {
                assertThat(each.await(PushMessage.Ended.class).why())
                        .isEqualTo(PushMessage.End.RELAY);
                assertThat(each.isEnded()).isTrue();
            }
        }
    }

    @Test
    void rotationsCostAViewerNothing() throws IOException {
        begin("s");
        packets(0, 3);
        try (PushClient viewer = viewer()) {
            viewer.watch("s", false, "bob");
            long stream = viewer.await(PushMessage.StreamBegun.class).id();
            viewer.credit(stream, 1);
            assertThat(viewer.packets(1)).isEqualTo(numbers(0, 1));
            viewer.shown(stream, 0, StreamPosition.WHOLE);
        }
        for (long chunk = 1; chunk < 4; chunk++) {
            rotate(chunk, 3 * chunk);
            closeChunk(chunk - 1, RelayRequest.CloseTraceChunk.MOVE_TO_ARCHIVES);
            packets(3 * chunk, 3 * chunk + 3);
        }
        try (PushClient named = viewer();
                PushClient late = viewer()) {
            named.watch("s", false, "bob");
            named.credit(named.await(PushMessage.StreamBegun.class).id(), PLENTY);
            assertThat(named.packets(11)).isEqualTo(numbers(1, 12));
            late.watch("s", false, "");
            late.credit(late.await(PushMessage.StreamBegun.class).id(), PLENTY);
            assertThat(late.packets(12)).isEqualTo(numbers(0, 12));
        }
    }

    @Test
    void whatWasClearedIsToldToWhoShouldHaveHadIt() throws IOException {
        begin("s");
        packets(0, 5);
        try (PushClient viewer = viewer()) {
            viewer.watch("s", false, "bob");
            long stream = viewer.await(PushMessage.StreamBegun.class).id();
            viewer.credit(stream, 1);
            viewer.packets(1);
            viewer.shown(stream, 0, StreamPosition.WHOLE);
        }
        rotate(1, 5);
        closeChunk(0, RelayRequest.CloseTraceChunk.DELETE);
        packets(5, 7);
        try (PushClient viewer = viewer()) {
            viewer.watch("s", false, "bob");
            long stream = viewer.await(PushMessage.StreamBegun.class).id();
            viewer.credit(stream, PLENTY);
            assertThat(viewer.await(PushMessage.Lost.class))
                    .isEqualTo(new PushMessage.Lost(stream, 4));
            assertThat(viewer.packets(2)).isEqualTo(numbers(5, 7));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSessionThatHasEndedCanBeRead(boolean isFromNow) throws IOException {
        begin("s");
        packets(0, 3);
        producer.close();
        try (PushClient viewer = viewer()) {
            PushMessage.State state = PushMessage.State.RECORDED;
            while (state == PushMessage.State.RECORDED) {
                viewer.say(new PushRequest.ListSessions());
                state = viewer.hear(PushMessage.Sessions.class).sessions().getFirst().state();
            }
            viewer.watch("s", isFromNow, "");
            viewer.credit(viewer.hear(PushMessage.StreamBegun.class).id(), PLENTY);
            assertThat(viewer.packets(3)).isEqualTo(numbers(0, 3));
            assertThat(viewer.await(PushMessage.Ended.class).why())
                    .isEqualTo(PushMessage.End.SESSION);
        }
        try (LiveClient old = LiveClient.connect(relay, 13)) {
            assertThat(old.list().sessions()).isEmpty();
        }
    }

    @Test
    void namesAndStreamsAreNotBelieved() throws IOException {
        begin("s");
        for (String name : List.of("../x", ".x", "a/b", "a\nb", "x".repeat(65))) {
            try (PushClient viewer = viewer()) {
                assertThat(viewer.watch("s", true, name).status())
                        .as(name)
                        .isEqualTo(PushMessage.Status.WRONG_NAME);
            }
        }
        try (PushClient viewer = viewer()) {
            assertThat(viewer.watch("../../s", true, "").status())
                    .isEqualTo(PushMessage.Status.UNKNOWN_SESSION);
            viewer.credit(99, 1);
            assertThat(viewer.isEnded()).isTrue();
        }
        try (PushClient viewer = viewer()) {
            viewer.watch("s", true, "bob");
            viewer.say(
                    new PushRequest.Watch(
                            PushRequest.Seek.NOW, CString.of("h"), CString.of("s"), CString.EMPTY));
            assertThat(viewer.await(PushMessage.Watching.class).status())
                    .isEqualTo(PushMessage.Status.ALREADY_WATCHING);
            viewer.say(
                    new PushRequest.Shown(
                            List.of(new PushRequest.StreamPlace(77, StreamPosition.BEGIN)),
                            java.nio.ByteBuffer.allocate(0)));
            assertThat(viewer.isEnded()).isTrue();
        }
        assertThat(Relays.tree(output)).noneMatch(each -> each.contains("x"));
    }

    @Test
    void aDamagedPlaceIsSaidNotGuessed() throws IOException {
        begin("s");
        try (PushClient viewer = viewer()) {
            viewer.watch("s", true, "bob");
        }
        Path place =
                Relays.tree(output).stream()
                        .filter(each -> each.endsWith("/.contrail-viewers/bob"))
                        .map(output::resolve)
                        .findFirst()
                        .orElseThrow();
        byte[] bytes = Files.readAllBytes(place);
        bytes[bytes.length - 1]++;
        Files.write(place, bytes);
        try (PushClient viewer = viewer()) {
            assertThat(viewer.watch("s", true, "bob").status())
                    .isEqualTo(PushMessage.Status.NO_PLACE);
        }
    }
}
