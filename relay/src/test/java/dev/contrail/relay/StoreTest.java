// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.RelayRequest.RotateStreams;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What recorded conversations do not have: orders of messages that real relays get wrong, or that
/// are chance.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StoreTest {
    @TempDir private Path output;
    private RelayDaemon relay;
    private ProducerClient producer;
    private long data;

    @BeforeEach
    void begin() throws IOException {
        relay = Relays.open(output);
        producer = ProducerClient.connect(relay, 13);
        producer.open(ProducerClient.session("s", 0));
        producer.chunk(0);
        data = producer.stream("ust", "c_0");
    }

    @AfterEach
    void end() throws IOException {
        producer.close();
        relay.close();
    }

    private Path file(String chunk, String name) {
        return output.resolve("h/s").resolve(chunk).resolve("ust").resolve(name);
    }

    private ResultCode rotate(long firstSequence) throws IOException {
        return producer.result(
                new RotateStreams(
                        true,
                        1,
                        List.of(new RotateStreams.Position(data, firstSequence)),
                        RotateStreams.Padding.X86_64));
    }

    private void closeChunk(long id) throws IOException {
        RelayReply reply =
                producer.ask(
                        new RelayRequest.CloseTraceChunk(
                                id, 3000, true, RelayRequest.CloseTraceChunk.MOVE_TO_ARCHIVES));
        assertThat(((RelayReply.ChunkClosed) reply).code()).isEqualTo(ResultCode.OK);
    }

    private boolean exists(long chunk) throws IOException {
        return ((RelayReply.ChunkExists) producer.ask(new RelayRequest.TraceChunkExists(chunk)))
                .exists();
    }

    private static final String FIRST = "archives/19700101T001640+0000-19700101T005000+0000-0";
    private static final String SECOND = "19700101T001641+0000-1";

    @Test
    void joinsPacketsAndIndexesInEitherOrder() throws IOException {
        producer.packet(data, 0, 64, 8);
        producer.result(ProducerClient.index(data, 0, 72));
        producer.result(ProducerClient.index(data, 1, 64));
        producer.packet(data, 1, 64, 0);
        producer.await(data, 1);

        assertThat(Files.size(file("", "c_0"))).isEqualTo(72 + 64);
        ByteBuffer index = ByteBuffer.wrap(Files.readAllBytes(file("", "index/c_0.idx")));
        assertThat(index.remaining()).isEqualTo(16 + 2 * 72);
        assertThat(index.getLong(16)).isZero();
        assertThat(index.getLong(16 + 72)).isEqualTo(72);
    }

    /// The real relay dies of it.
    @Test
    void packetsWithoutTheirIndexGoToTheChunkOfTheirPosition() throws IOException {
        producer.whole(data, 0, 64);
        producer.packet(data, 1, 32, 0);
        producer.packet(data, 2, 16, 0);
        Relays.await(() -> Files.size(file("", "c_0")) == 64 + 32 + 16);
        producer.chunk(1);
        assertThat(rotate(1)).isEqualTo(ResultCode.OK);
        producer.result(ProducerClient.index(data, 1, 32));
        producer.result(ProducerClient.index(data, 2, 16));
        producer.await(data, 2);
        closeChunk(0);

        assertThat(Files.size(file(FIRST, "c_0"))).isEqualTo(64);
        assertThat(Files.size(file(FIRST, "index/c_0.idx"))).isEqualTo(16 + 72);
        byte[] moved = Files.readAllBytes(file(SECOND, "c_0"));
        assertThat(moved).hasSize(48);
        assertThat(moved[0]).isEqualTo((byte) 1);
        assertThat(moved[32]).isEqualTo((byte) 2);
        ByteBuffer index = ByteBuffer.wrap(Files.readAllBytes(file(SECOND, "index/c_0.idx")));
        assertThat(index.getLong(16)).isZero();
        assertThat(index.getLong(16 + 72)).isEqualTo(32);
    }

    @Test
    void aPositionAheadOfWhatHasComeIsWaitedFor() throws IOException {
        producer.whole(data, 0, 64);
        producer.await(data, 0);
        producer.chunk(1);
        assertThat(rotate(2)).isEqualTo(ResultCode.OK);
        closeChunk(0);
        assertThat(exists(0)).isTrue();
        producer.whole(data, 1, 32);
        producer.await(data, 1);
        assertThat(exists(0)).isFalse();
        assertThat(Files.size(file(FIRST, "c_0"))).isEqualTo(96);
        producer.whole(data, 2, 16);
        producer.await(data, 2);
        assertThat(Files.size(file(SECOND, "c_0"))).isEqualTo(16);
    }

    /// The real relay waits for ever.
    @Test
    void aStreamWithoutPacketsRotatesAtOnce() throws IOException {
        producer.chunk(1);
        assertThat(rotate(0)).isEqualTo(ResultCode.OK);
        closeChunk(0);
        assertThat(exists(0)).isFalse();
        assertThat(exists(1)).isTrue();
    }

    @Test
    void aProducerThatDiesInARotationLeavesWhatIsReadable() throws IOException {
        producer.whole(data, 0, 64);
        producer.await(data, 0);
        producer.chunk(1);
        rotate(5);
        producer.close();
        Relays.await(() -> Files.exists(file(SECOND, "").getParent()));
        Relays.await(() -> Files.exists(file("", "c_0")));
        assertThat(Files.size(file("", "c_0"))).isEqualTo(64);
        assertThat(Relays.tree(output)).noneMatch(each -> each.contains(".tmp"));
    }

    @Test
    void halfAPacketNeverGetsIntoTheFile() throws IOException {
        producer.whole(data, 0, 64);
        producer.await(data, 0);
        ByteBuffer torn = ByteBuffer.allocate(40);
        new dev.contrail.wire.relay.DataHeader(0, data, 1, 64, 0).encode(torn);
        producer.raw(torn.array());
        producer.close();
        try (var viewer = LiveClient.connect(relay, 4)) {
            Relays.await(() -> viewer.list().sessions().isEmpty());
        }
        assertThat(Files.size(file("", "c_0"))).isEqualTo(64);
    }

    /// What is on its way when a producer is killed.
    @Test
    void packetsArriveAfterTheEndOfTheControlConnection() throws IOException {
        producer.result(ProducerClient.index(data, 0, 64));
        producer.closeControl();
        producer.packet(data, 0, 64, 0);
        producer.close();
        Relays.await(() -> Files.size(file("", "c_0")) == 64);
        Relays.await(() -> Files.size(file("", "index/c_0.idx")) == 16 + 72);
    }

    @Test
    void consumersOfOneSessionShareAChunk() throws IOException {
        try (var second = ProducerClient.connect(relay, 13)) {
            second.open(ProducerClient.session("s", 0));
            second.chunk(0);
            long other = second.stream("kernel", "c_0");
            producer.chunk(1);
            second.chunk(1);
            rotate(0);
            closeChunk(0);
            assertThat(exists(0)).isTrue(); // the other consumer has it
            second.result(
                    new RotateStreams(
                            true,
                            1,
                            List.of(new RotateStreams.Position(other, 0)),
                            RotateStreams.Padding.X86_64));
            second.ask(
                    new RelayRequest.CloseTraceChunk(
                            0, 3000, true, RelayRequest.CloseTraceChunk.MOVE_TO_ARCHIVES));
            assertThat(exists(0)).isFalse();
            assertThat(output.resolve("h/s").resolve(FIRST).resolve("kernel/c_0")).exists();
            assertThat(file(FIRST, "c_0")).exists();
            assertThat(output.resolve("h/s").resolve(SECOND).resolve("kernel/c_0")).exists();
        }
    }

    /// Version 2.1 knows no names.
    @Test
    void takesAProducerWithoutASessionsName() throws IOException {
        try (var old = ProducerClient.connect(relay, 1)) {
            old.ask(RelayRequest.CreateSession.named(CString.EMPTY, CString.EMPTY, 0, false));
            long stream = old.stream("/vm/old-19700101-000000//ust/uid/0/64-bit", "c_0");
            old.packet(stream, 0, 64, 0);
            old.await(stream, 0);
        }
        assertThat(output.resolve("vm/old-19700101-000000/ust/uid/0/64-bit/c_0")).hasSize(64);
    }
}
