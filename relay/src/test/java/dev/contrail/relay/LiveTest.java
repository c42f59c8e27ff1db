// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerReply.Flag;
import dev.contrail.wire.live.ViewerReply.IndexStatus;
import dev.contrail.wire.live.ViewerReply.MetadataStatus;
import dev.contrail.wire.live.ViewerReply.NewStreamsStatus;
import dev.contrail.wire.live.ViewerReply.PacketStatus;
import dev.contrail.wire.live.ViewerReply.StreamEntry;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.RelayRequest.RotateStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What viewers are answered in each state (`live-protocol.md` section 4).
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LiveTest {
    private static final String PATH = "ust/uid/0/64-bit";

    @TempDir private Path output;
    private RelayDaemon relay;
    private ProducerClient producer;
    private long session;
    private long data;
    private long metadata;

    @BeforeEach
    void begin() throws IOException {
        relay = Relays.open(output);
        producer = ProducerClient.connect(relay, 13);
        session = producer.open(ProducerClient.session("live", 1000)).sessionId();
        producer.chunk(0);
    }

    @AfterEach
    void end() throws IOException {
        producer.close();
        relay.close();
    }

    private void addStreams() throws IOException {
        data = producer.stream(PATH, "c_0");
        metadata = producer.stream(PATH, "metadata");
        producer.ask(new RelayRequest.StreamsSent());
    }

    private static long dataOf(List<StreamEntry> streams) {
        return streams.stream().filter(each -> !each.isMetadata()).findAny().orElseThrow().id();
    }

    private static long metadataOf(List<StreamEntry> streams) {
        return streams.stream().filter(StreamEntry::isMetadata).findAny().orElseThrow().id();
    }

    /// The numbers of the packets that a viewer finds now.
    private static List<Long> read(LiveClient viewer, long stream) throws IOException {
        var numbers = new ArrayList<Long>();
        ViewerReply.NextIndex index = viewer.index(stream);
        while (index.status() == IndexStatus.OK) {
            int bytes = (int) (index.packetBits() / 8);
            ViewerReply.Packet packet = viewer.packet(stream, index.offset(), bytes);
            assertThat(packet.status()).isEqualTo(PacketStatus.OK);
            assertThat(packet.bytes().remaining()).isEqualTo(bytes);
            assertThat(packet.bytes().get(0)).isEqualTo((byte) (index.beginTicks() / 100));
            numbers.add(index.beginTicks() / 100);
            index = viewer.index(stream);
        }
        return numbers;
    }

    @Test
    void aSessionWithoutStreamsIsAttached() throws IOException {
        try (var viewer = LiveClient.connect(relay, 4)) {
            assertThat(viewer.list().sessions())
                    .extracting(ViewerReply.SessionEntry::id)
                    .containsExactly(session);
            assertThat(viewer.attach(session, true).streams()).isEmpty();
            assertThat(viewer.newStreams(session))
                    .isEqualTo(new ViewerReply.NewStreams(NewStreamsStatus.OK, List.of()));
            addStreams();
            List<StreamEntry> streams = viewer.newStreams(session).streams();
            assertThat(streams).hasSize(2);
            assertThat(streams.getFirst().isMetadata()).isTrue();
            assertThat(streams.get(0).traceId()).isEqualTo(streams.get(1).traceId());
        }
    }

    @Test
    void metadataComesBeforeData() throws IOException {
        addStreams();
        producer.whole(data, 0, 64);
        try (var viewer = LiveClient.connect(relay, 4)) {
            List<StreamEntry> streams = viewer.attach(session, false).streams();
            assertThat(viewer.metadata(metadataOf(streams)).status())
                    .isEqualTo(MetadataStatus.NOTHING_NEW);
            producer.await(data, 0);
            assertThat(viewer.index(dataOf(streams)).status()).isEqualTo(IndexStatus.RETRY);
            producer.metadata(metadata, "/* CTF 1.8 */");
            producer.await(data, 0); // answered after the metadata was taken
            ViewerReply.NextIndex index = viewer.index(dataOf(streams));
            assertThat(index.status()).isEqualTo(IndexStatus.OK);
            assertThat(index.flags()).isEqualTo(Flag.NEW_METADATA);
            ViewerReply.Metadata text = viewer.metadata(metadataOf(streams));
            assertThat(text.status()).isEqualTo(MetadataStatus.OK);
            assertThat(text.bytes().remaining()).isEqualTo(13);
            assertThat(viewer.metadata(metadataOf(streams)).status())
                    .isEqualTo(MetadataStatus.NOTHING_NEW);
            assertThat(viewer.index(dataOf(streams)).flags()).isZero();
        }
    }

    @Test
    void aBeaconIsShownOnceAllIsRead() throws IOException {
        addStreams();
        producer.metadata(metadata, "text");
        producer.result(RelayRequest.SendIndex.beacon(data, RelayRequest.NONE, 77, 0));
        try (var viewer = LiveClient.connect(relay, 4)) {
            long stream = dataOf(viewer.attach(session, false).streams());
            ViewerReply.NextIndex beacon = viewer.index(stream);
            assertThat(beacon.status()).isEqualTo(IndexStatus.INACTIVE);
            assertThat(beacon.endTicks()).isEqualTo(77);
            producer.whole(data, 1, 64);
            producer.result(RelayRequest.SendIndex.beacon(data, 1, 500, 0));
            producer.await(data, 1);
            assertThat(read(viewer, stream)).containsExactly(1L);
            assertThat(viewer.index(stream).endTicks()).isEqualTo(500);
        }
    }

    /// The viewer would see time go back.
    @Test
    void aBeaconWaitsForThePacketBeforeIt() throws IOException {
        addStreams();
        producer.metadata(metadata, "text");
        producer.result(ProducerClient.index(data, 3, 64));
        producer.result(RelayRequest.SendIndex.beacon(data, 3, 500, 0));
        try (var viewer = LiveClient.connect(relay, 4)) {
            long stream = dataOf(viewer.attach(session, false).streams());
            assertThat(viewer.index(stream).status()).isEqualTo(IndexStatus.RETRY);
            producer.packet(data, 3, 64, 0);
            producer.await(data, 3);
            assertThat(read(viewer, stream)).containsExactly(3L);
            assertThat(viewer.index(stream).status()).isEqualTo(IndexStatus.INACTIVE);
        }
    }

    @Test
    void viewersTakeNothingFromEachOther() throws IOException {
        addStreams();
        producer.metadata(metadata, "text");
        producer.whole(data, 0, 64);
        producer.whole(data, 1, 4096);
        producer.await(data, 1);
        try (var first = LiveClient.connect(relay, 4);
                var second = LiveClient.connect(relay, 15);
                var late = LiveClient.connect(relay, 15)) {
            List<StreamEntry> ofFirst = first.attach(session, false).streams();
            List<StreamEntry> ofSecond = second.attach(session, false).streams();
            List<StreamEntry> ofLate = late.attach(session, true).streams();
            assertThat(first.list().sessions().getFirst().viewers()).isEqualTo(3);
            assertThat(read(first, dataOf(ofFirst))).containsExactly(0L, 1L);
            assertThat(first.metadata(metadataOf(ofFirst)).bytes().remaining()).isEqualTo(4);
            assertThat(read(second, dataOf(ofSecond))).containsExactly(0L, 1L);
            assertThat(second.metadata(metadataOf(ofSecond)).bytes().remaining()).isEqualTo(4);
            producer.whole(data, 2, 64);
            producer.await(data, 2);
            assertThat(read(late, dataOf(ofLate))).containsExactly(2L);
            assertThat(read(first, dataOf(ofFirst))).containsExactly(2L);
        }
    }

    @Test
    void aClosedStreamIsReadToItsEndAndThenHangsUp() throws IOException {
        addStreams();
        producer.metadata(metadata, "text");
        producer.whole(data, 0, 64);
        try (var viewer = LiveClient.connect(relay, 4)) {
            long stream = dataOf(viewer.attach(session, false).streams());
            producer.result(new RelayRequest.CloseStream(metadata, RelayRequest.NONE));
            producer.result(new RelayRequest.CloseStream(data, 0));
            producer.close();
            Relays.await(() -> viewer.list().sessions().isEmpty());
            assertThat(viewer.newStreams(session).status()).isEqualTo(NewStreamsStatus.OK);
            assertThat(read(viewer, stream)).containsExactly(0L);
            assertThat(viewer.index(stream).status()).isEqualTo(IndexStatus.HANG_UP);
            assertThat(viewer.newStreams(session).status()).isEqualTo(NewStreamsStatus.HANG_UP);
            try (var another = LiveClient.connect(relay, 4)) {
                assertThat(another.attach(session, false).status())
                        .isEqualTo(ViewerReply.AttachStatus.UNKNOWN_SESSION);
            }
        }
    }

    /// The real relay cannot give them.
    @Test
    void streamsThatWereClosedBeforeAreReadFromTheBeginning() throws IOException {
        addStreams();
        producer.metadata(metadata, "text");
        producer.whole(data, 0, 64);
        producer.result(new RelayRequest.CloseStream(data, 0));
        producer.result(new RelayRequest.CloseStream(metadata, RelayRequest.NONE));
        long second = producer.stream("ust/uid/1/64-bit", "c_0");
        long secondMetadata = producer.stream("ust/uid/1/64-bit", "metadata");
        producer.ask(new RelayRequest.StreamsSent());
        producer.metadata(secondMetadata, "text");
        producer.whole(second, 5, 64);
        producer.await(second, 5);
        try (var viewer = LiveClient.connect(relay, 4);
                var now = LiveClient.connect(relay, 4)) {
            var numbers = new ArrayList<Long>();
            for (StreamEntry each : viewer.attach(session, false).streams()) {
                if (!each.isMetadata()) {
                    numbers.addAll(read(viewer, each.id()));
                }
            }
            assertThat(numbers).containsExactly(0L, 5L);
            assertThat(now.attach(session, true).streams()).hasSize(2);
        }
    }

    @Test
    void aViewerGoesOnAfterARotation() throws IOException {
        addStreams();
        producer.metadata(metadata, "text");
        producer.whole(data, 0, 64);
        try (var viewer = LiveClient.connect(relay, 4)) {
            List<StreamEntry> streams = viewer.attach(session, false).streams();
            assertThat(viewer.metadata(metadataOf(streams)).bytes().remaining()).isEqualTo(4);
            producer.await(data, 0);
            producer.chunk(1);
            rotate(data, 1);
            rotate(metadata, 0);
            producer.whole(data, 1, 64);
            producer.metadata(metadata, "text and more");
            producer.await(data, 1);
            producer.ask(
                    new RelayRequest.CloseTraceChunk(
                            0, 2000, true, RelayRequest.CloseTraceChunk.MOVE_TO_ARCHIVES));
            assertThat(read(viewer, dataOf(streams))).containsExactly(0L, 1L);
            assertThat(viewer.metadata(metadataOf(streams)).bytes().remaining())
                    .isEqualTo(" and more".length());
        }
    }

    /// Packets may be in the next files already when their index entries come.
    @Test
    void indexesReachTheFileOfTheirPacketAndViewersWaitForThem() throws IOException {
        data = producer.add(PATH, "c_0", 128, 4).handle();
        metadata = producer.stream(PATH, "metadata");
        producer.ask(new RelayRequest.StreamsSent());
        producer.metadata(metadata, "text");
        try (var viewer = LiveClient.connect(relay, 4)) {
            long stream = dataOf(viewer.attach(session, false).streams());
            for (int i = 0; i < 5; i++) {
                producer.packet(data, i, 64, 0);
            }
            Path files = output.resolve("h/live").resolve(PATH);
            Relays.await(() ->
                    Files.exists(files.resolve("c_0_2"))
                            && Files.size(files.resolve("c_0_2")) == 64);
            assertThat(producer.result(ProducerClient.index(data, 0, 64)).isOk()).isTrue();
            assertThat(read(viewer, stream)).containsExactly(0L);
            for (int i = 4; i > 0; i--) {
                assertThat(producer.result(ProducerClient.index(data, i, 64)).isOk()).isTrue();
            }
            assertThat(read(viewer, stream)).containsExactly(1L, 3L, 2L, 4L);
            for (int i = 0; i < 3; i++) {
                assertThat(Files.size(files.resolve("index/c_0_" + i + ".idx")))
                        .isEqualTo(16 + (i < 2 ? 2 : 1) * 72);
            }
        }
    }

    @Test
    void whatWasClearedIsNotShown() throws IOException {
        addStreams();
        producer.metadata(metadata, "text");
        producer.whole(data, 0, 64);
        producer.await(data, 0);
        try (var viewer = LiveClient.connect(relay, 4)) {
            long stream = dataOf(viewer.attach(session, false).streams());
            producer.chunk(1);
            rotate(data, 1);
            rotate(metadata, 0);
            producer.metadata(metadata, "text");
            producer.ask(
                    new RelayRequest.CloseTraceChunk(
                            0, 2000, true, RelayRequest.CloseTraceChunk.DELETE));
            producer.whole(data, 1, 64);
            producer.await(data, 1);
            assertThat(read(viewer, stream)).containsExactly(1L);
        }
    }

    private void rotate(long handle, long firstSequence) throws IOException {
        assertThat(
                        producer.result(
                                        new RotateStreams(
                                                true,
                                                1,
                                                List.of(
                                                        new RotateStreams.Position(
                                                                handle, firstSequence)),
                                                RotateStreams.Padding.X86_64))
                                .isOk())
                .isTrue();
    }

    @Test
    void refusesWhatItCannotGive() throws IOException {
        addStreams();
        producer.metadata(metadata, "text");
        producer.whole(data, 0, 64);
        producer.await(data, 0);
        try (var viewer = LiveClient.connect(relay, 4);
                var other = LiveClient.connect(relay, 4)) {
            assertThat(viewer.index(1).status()).isEqualTo(IndexStatus.FAILED);
            assertThat(viewer.newStreams(session).status()).isEqualTo(NewStreamsStatus.FAILED);
            assertThat(viewer.attach(99, true).status())
                    .isEqualTo(ViewerReply.AttachStatus.UNKNOWN_SESSION);
            long stream = dataOf(viewer.attach(session, false).streams());
            assertThat(viewer.attach(session, false).status())
                    .isEqualTo(ViewerReply.AttachStatus.ALREADY_ATTACHED);
            assertThat(other.index(stream).status()).isEqualTo(IndexStatus.FAILED);
            assertThat(other.packet(stream, 0, 1).status()).isEqualTo(PacketStatus.FAILED);
            assertThat(read(viewer, stream)).containsExactly(0L);
            assertThat(viewer.packet(stream, 60, 4).status()).isEqualTo(PacketStatus.OK);
            assertThat(viewer.packet(stream, 60, 5).status()).isEqualTo(PacketStatus.FAILED);
            assertThat(viewer.packet(stream, -1, 0).status()).isEqualTo(PacketStatus.FAILED);
            assertThat(viewer.packet(stream, Long.MAX_VALUE, 0xFFFFFFFFL).status())
                    .isEqualTo(PacketStatus.FAILED);
            viewer.ask(new ViewerRequest.DetachSession(session));
            assertThat(viewer.index(stream).status()).isEqualTo(IndexStatus.FAILED);
        }
    }

    /// A viewer that asks, and never reads the answers.
    @Test
    void aSlowViewerDoesNotHoldUpTheProducer() throws IOException {
        addStreams();
        producer.metadata(metadata, "text");
        int bytes = 1 << 20;
        producer.whole(data, 0, bytes);
        producer.await(data, 0);
        try (var slow = LiveClient.connect(relay, 4);
                var quick = LiveClient.connect(relay, 4)) {
            long stream = dataOf(slow.attach(session, false).streams());
            slow.index(stream);
            for (int i = 0; i < 100; i++) {
                slow.send(new ViewerRequest.GetPacket(stream, 0, bytes));
            }
            for (int i = 1; i < 20; i++) {
                producer.whole(data, i, bytes);
            }
            producer.await(data, 19);
            assertThat(read(quick, dataOf(quick.attach(session, false).streams()))).hasSize(20);
        }
    }
}
