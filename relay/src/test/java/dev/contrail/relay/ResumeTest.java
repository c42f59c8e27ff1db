// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayExtension;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.ResultCode;
import dev.contrail.wire.relay.StreamMark;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A producer of ours comes back to a session (`relay-extension.md`).
@Timeout(600)
class ResumeTest {
    private static final int BYTES = 500;
    private static final int PADDING = 12;

    @TempDir private Path output;

    private static ProducerClient connect(RelayDaemon relay, int flags) throws IOException {
        ProducerClient client = ProducerClient.connect(relay, 15);
        var asked = new RelayExtension(RelayExtension.VERSION, flags);
        var reply =
                (RelayReply.Configuration)
                        client.ask(new RelayRequest.GetConfiguration(asked.bits()));
        assertThat(reply.code()).isEqualTo(ResultCode.OK);
        assertThat(RelayExtension.of(reply.flags()).orElseThrow().has(RelayExtension.SYNCED))
                .isTrue();
        return client;
    }

    private static ProducerClient open(RelayDaemon relay, int flags) throws IOException {
        ProducerClient client = connect(relay, flags);
        Relays.await(() -> client.open(ProducerClient.session("s", 0)).code().isOk());
        client.chunk(0);
        return client;
    }

    private static RelayReply.StreamResumed resume(
            ProducerClient client, String channel, long fileBytes, long fileCount)
            throws IOException {
        return (RelayReply.StreamResumed)
                client.ask(
                        new RelayRequest.ResumeStream(
                                new RelayRequest.AddStream(
                                        CString.of(channel),
                                        CString.of("kernel"),
                                        fileBytes,
                                        fileCount,
                                        0)));
    }

    private static void send(ProducerClient client, long handle, long number) throws IOException {
        byte[] packet = new byte[BYTES];
        Arrays.fill(packet, (byte) number);
        var sum = new CRC32C();
        sum.update(packet);
        long bits = (BYTES + PADDING) * 8L;
        client.tell(
                new RelayRequest.SendPacket(
                        new RelayRequest.SendIndex(
                                handle,
                                number,
                                bits,
                                BYTES * 8L,
                                10 * number,
                                10 * number + 9,
                                0,
                                0,
                                0,
                                number),
                        new StreamMark(number + 100, 0),
                        RelayRequest.SendPacket.PLAIN,
                        (int) sum.getValue(),
                        ByteBuffer.wrap(packet)));
    }

    private static RelayReply.Committed commit(ProducerClient client) throws IOException {
        return (RelayReply.Committed) client.ask(new RelayRequest.Commit());
    }

    private Path stream(String name) {
        return output.resolve("h/s/kernel").resolve(name);
    }

    private void assertWhole(String name, int packets) throws IOException, CtfException {
        Path file = stream(name);
        assertThat(Files.size(file)).isEqualTo((long) packets * (BYTES + PADDING));
        try (FileChannel index = FileChannel.open(IndexFile.of(file))) {
            assertThat(IndexFile.read(name, index, Files.size(file)).size()).isEqualTo(packets);
        }
    }

    @Test
    void goesOnWhereTheJournalSays() throws IOException, CtfException {
        try (RelayDaemon relay = Relays.open(output);
                ProducerClient client = open(relay, 0)) {
            RelayReply.StreamResumed stream = resume(client, "c_0", 0, 0);
            assertThat(stream.last()).isEmpty();
            for (int i = 0; i < 3; i++) {
                send(client, stream.handle(), i);
            }
            assertThat(commit(client).packets()).isEqualTo(3);
        }
        // What a relay leaves that was killed among packets.
        Files.write(stream("c_0"), new byte[700], StandardOpenOption.APPEND);
        Files.write(IndexFile.of(stream("c_0")), new byte[100], StandardOpenOption.APPEND);
        try (RelayDaemon relay = Relays.open(output);
                ProducerClient client = open(relay, RelayExtension.SYNCED)) {
            RelayReply.StreamResumed stream = resume(client, "c_0", 0, 0);
            RelayReply.LastStored last = stream.last().orElseThrow();
            assertThat(last.mark()).isEqualTo(new StreamMark(102, 0));
            assertThat(last.index().netSeqNum()).isEqualTo(2);
            assertThat(last.index().endTicks()).isEqualTo(29);
            send(client, stream.handle(), 3);
            assertThat(commit(client).packets()).isEqualTo(1);
            assertWhole("c_0", 4);
            client.ask(new RelayRequest.CloseTraceChunk(0, 2000, false, 0));
            assertThat(output.resolve("h/s/.contrail-journal")).doesNotExist();
        }
    }

    /// Its producer may come again; others are there.
    @Test
    void anAbsentSessionGivesWayWhereThereAreTooManyStreams() throws IOException, CtfException {
        try (RelayDaemon relay = Relays.open(output, 40)) { // ten streams
            try (ProducerClient gone = open(relay, 0)) {
                for (int i = 0; i < 6; i++) {
                    send(gone, resume(gone, "c_" + i, 0, 0).handle(), 0);
                }
                assertThat(commit(gone).packets()).isEqualTo(6);
            }
            try (ProducerClient other = connect(relay, 0)) {
                other.open(ProducerClient.session("other", 0));
                other.chunk(0);
                for (int i = 0; i < 6; i++) {
                    String channel = "c_" + i;
                    Relays.await(() -> resume(other, channel, 0, 0).code().isOk());
                }
                other.ask(new RelayRequest.CloseTraceChunk(0, 2000, false, 0));
            }
            try (ProducerClient back = open(relay, 0)) {
                Relays.await(() -> resume(back, "c_0", 0, 0).code().isOk());
                RelayReply.StreamResumed stream = resume(back, "c_0", 0, 0);
                assertThat(stream.last().orElseThrow().index().netSeqNum()).isZero();
                send(back, stream.handle(), 1);
                commit(back);
                assertWhole("c_0", 2);
            }
        }
    }

    /// Also when its producer never comes back, the trace can be read.
    @Test
    void aRelayMendsWhatOneBeforeItHasLeft() throws IOException, CtfException {
        try (RelayDaemon relay = Relays.open(output);
                ProducerClient client = open(relay, 0)) {
            long first = resume(client, "c_0", 0, 0).handle();
            long second = resume(client, "c_1", 1024, 3).handle();
            for (int i = 0; i < 3; i++) {
                send(client, first, i);
                send(client, second, i);
            }
            commit(client);
        }
        Files.write(stream("c_0"), new byte[700], StandardOpenOption.APPEND);
        Files.write(IndexFile.of(stream("c_0")), new byte[30], StandardOpenOption.APPEND);
        Files.write(stream("c_1_1"), new byte[1], StandardOpenOption.APPEND);
        // One that had begun, and nothing was acknowledged of.
        Files.copy(stream("c_0"), stream("c_2"));
        Files.copy(IndexFile.of(stream("c_0")), IndexFile.of(stream("c_2")));

        Relays.open(output).close();
        assertWhole("c_0", 3);
        assertWhole("c_1_0", 2);
        assertWhole("c_1_1", 1);
        assertWhole("c_2", 3);
    }

    @Test
    void aNewConnectionTakesTheSessionFromTheOld() throws IOException, CtfException {
        try (RelayDaemon relay = Relays.open(output);
                ProducerClient first = open(relay, 0)) {
            long handle = resume(first, "c_0", 0, 0).handle();
            send(first, handle, 0);
            commit(first);
            send(first, handle, 1); // not asked for, and there all the same
            try (ProducerClient second = open(relay, 0)) {
                RelayReply.StreamResumed stream = resume(second, "c_0", 0, 0);
                long next = stream.last().orElseThrow().index().netSeqNum() + 1;
                assertThat(next).isIn(1L, 2L);
                assertThat(stream.handle()).isEqualTo(handle);
                for (long i = next; i < 5; i++) {
                    send(second, handle, i);
                }
                commit(second);
                assertWhole("c_0", 5);
            }
        }
    }

    @Test
    void aRingOfFilesGoesOn() throws IOException {
        for (int from = 0; from < 12; from += 3) {
            try (RelayDaemon relay = Relays.open(output);
                    ProducerClient client = open(relay, 0)) {
                RelayReply.StreamResumed stream = resume(client, "c_0", 1024, 3);
                for (int i = from; i < from + 3; i++) {
                    send(client, stream.handle(), i);
                }
                assertThat(commit(client).code()).isEqualTo(ResultCode.OK);
            }
        }
        long packets = 0;
        for (String each : new String[] {"c_0_0", "c_0_1", "c_0_2"}) {
            packets += Files.size(stream(each)) / (BYTES + PADDING);
        }
        assertThat(packets).isEqualTo(6);
        assertThat(Relays.tree(output)).doesNotContain("h/s/kernel/c_0_3");
    }

    @Test
    void whatHasChangedOnTheWayIsNotStored() throws IOException {
        try (RelayDaemon relay = Relays.open(output);
                ProducerClient client = open(relay, 0)) {
            long handle = resume(client, "c_0", 0, 0).handle();
            send(client, handle, 0);
            client.tell(
                    new RelayRequest.SendPacket(
                            new RelayRequest.SendIndex(handle, 1, 80, 80, 1, 2, 0, 0, 0, 1),
                            StreamMark.NONE,
                            RelayRequest.SendPacket.PLAIN,
                            12345,
                            ByteBuffer.allocate(10)));
            send(client, handle, 1);
            RelayReply.Committed answer = commit(client);
            assertThat(answer.code()).isNotEqualTo(ResultCode.OK);
            assertThat(answer.packets()).isEqualTo(1);
            assertThat(answer.why().toString()).contains("not come as it was sent");
            assertThat(Files.size(stream("c_0"))).isEqualTo(BYTES + PADDING);
        }
    }

    /// However much it has sent meanwhile: a connection that is closed with something unread is
    /// reset, and what was sent to the other end forgotten.
    @Test
    void aProducerHearsWhyItIsNotStored() throws IOException {
        try (RelayDaemon relay = Relays.open(output);
                ProducerClient client = open(relay, 0)) {
            long handle = resume(client, "c_0", 0, 0).handle();
            client.tell(
                    new RelayRequest.SendPacket(
                            new RelayRequest.SendIndex(handle, 0, 80, 80, 1, 2, 0, 0, 0, 1),
                            StreamMark.NONE,
                            RelayRequest.SendPacket.PLAIN,
                            12345,
                            ByteBuffer.allocate(10)));
            client.tell(new RelayRequest.Commit());
            for (int i = 1; i < 100_000; i++) {
                send(client, handle, i);
            }
            RelayReply.Committed answer = commit(client);
            assertThat(answer.why().toString()).contains("not come as it was sent");
            assertThat(answer.packets()).isZero();
        }
    }

    @Test
    void packedPacketsAreStoredAsTheyWere() throws IOException {
        byte[] plain = new byte[100_000];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) (i % 62);
        }
        try (RelayDaemon relay = Relays.open(output);
                ProducerClient client = open(relay, 0)) {
            long handle = resume(client, "c_0", 0, 0).handle();
            byte[] packed = packed(plain);
            assertThat(packed.length).isLessThan(1000);
            sendPacked(client, handle, packed, plain.length, checksum(plain));
            assertThat(commit(client).packets()).isEqualTo(1);
        }
        assertThat(Files.readAllBytes(stream("c_0"))).isEqualTo(plain);
    }

    /// What unpacks to more, less, or nothing: the connection ends, and nothing is stored.
    @Test
    void nothingElseIsUnpacked() throws IOException {
        byte[] packed = packed(new byte[1 << 20]); // 1 MiB of zeros
        byte[] damaged = packed.clone();
        damaged[damaged.length / 2] ^= 0x55;
        record Sent(byte[] bytes, long content) {}
        for (Sent each :
                new Sent[] {
                    new Sent(packed, 1000),
                    new Sent(packed, (1 << 20) + 1),
                    new Sent(packed, 1L << 40),
                    new Sent(packed, 0),
                    new Sent(damaged, 1 << 20),
                    new Sent(new byte[] {1, 2, 3}, 1000),
                    new Sent(new byte[0], 1000),
                    new Sent(Arrays.copyOf(packed, packed.length / 2), 1 << 20)
                }) {
            try (RelayDaemon relay = Relays.open(output);
                    ProducerClient client = open(relay, 0)) {
                long handle = resume(client, "c_0", 0, 0).handle();
                sendPacked(client, handle, each.bytes(), each.content(), 0x1234);
                assertThat(commit(client).code()).isEqualTo(ResultCode.INVALID);
            }
            assertThat(Files.size(stream("c_0"))).isZero();
        }
    }

    private static byte[] packed(byte[] plain) {
        var zstandard = new ZstdJavaCompressor();
        byte[] packed = new byte[zstandard.maxCompressedLength(plain.length)];
        return Arrays.copyOf(
                packed, zstandard.compress(plain, 0, plain.length, packed, 0, packed.length));
    }

    private static int checksum(byte[] bytes) {
        var sum = new CRC32C();
        sum.update(bytes);
        return (int) sum.getValue();
    }

    private static void sendPacked(
            ProducerClient client, long handle, byte[] bytes, long content, int checksum)
            throws IOException {
        client.tell(
                new RelayRequest.SendPacket(
                        new RelayRequest.SendIndex(
                                handle, 0, content * 8, content * 8, 1, 2, 0, 0, 0, 0),
                        StreamMark.NONE,
                        RelayRequest.SendPacket.PACKED,
                        checksum,
                        ByteBuffer.wrap(bytes)));
    }

    @Test
    void whatLiesThereOfSomebodyElseIsNotOverwritten() throws IOException {
        Files.createDirectories(output.resolve("h/s/kernel"));
        Files.writeString(output.resolve("h/s/kernel/c_0"), "theirs");
        try (RelayDaemon relay = Relays.open(output);
                ProducerClient client = connect(relay, 0)) {
            assertThat(client.open(ProducerClient.session("s", 0)).code())
                    .isEqualTo(ResultCode.INVALID);
        }
        assertThat(output.resolve("h/s/kernel/c_0")).hasContent("theirs");
    }

    /// A second relay on the same output directory, by mistake or while the first one ends, looks
    /// after what was left: what is recorded is not.
    @Test
    void anotherRelayLeavesAloneWhatIsRecorded() throws IOException, CtfException {
        try (RelayDaemon relay = Relays.open(output);
                ProducerClient client = open(relay, 0)) {
            long handle = resume(client, "c_0", 0, 0).handle();
            for (int i = 0; i < 6; i++) {
                send(client, handle, i);
                client.ask(new RelayRequest.StreamsSent()); // it has come
                try (RelayDaemon second = Relays.open(output);
                        ProducerClient stray = connect(second, 0)) {
                    // It may try again: the session is not lost to it.
                    assertThat(stray.open(ProducerClient.session("s", 0)).code())
                            .isEqualTo(ResultCode.FATAL);
                }
                assertThat(commit(client).packets()).isEqualTo(i + 1);
            }
            assertWhole("c_0", 6);
        }
        try (RelayDaemon second = Relays.open(output);
                ProducerClient client = open(second, 0)) {
            assertThat(resume(client, "c_0", 0, 0).last().orElseThrow().index().netSeqNum())
                    .isEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 40, Long.MAX_VALUE, -1})
    void aRingOfVeryManyFilesGoesOn(long files) throws IOException {
        try (RelayDaemon relay = Relays.open(output);
                ProducerClient client = open(relay, 0)) {
            for (int i = 0; i < 9; i += 3) {
                RelayReply.StreamResumed stream = resume(client, "c_0", 1024, files);
                for (int k = i; k < i + 3; k++) {
                    send(client, stream.handle(), k);
                }
                assertThat(commit(client).code()).isEqualTo(ResultCode.OK);
                client.ask(new RelayRequest.CloseStream(stream.handle(), i + 2));
            }
        }
        assertThat(output.resolve("h/s/kernel/c_0_4")).exists();
    }

    @Test
    void metadataGoesOnToo() throws IOException {
        try (RelayDaemon relay = Relays.open(output);
                ProducerClient client = open(relay, 0)) {
            long handle = resume(client, "metadata", 0, 0).handle();
            client.tell(
                    new RelayRequest.SendMarkedMetadata(
                            handle, 2, new StreamMark(3, 0), ByteBuffer.wrap(new byte[] {1, 2})));
            commit(client);
        }
        Files.write(stream("metadata"), new byte[9], StandardOpenOption.APPEND);
        try (RelayDaemon relay = Relays.open(output);
                ProducerClient client = open(relay, 0)) {
            RelayReply.StreamResumed stream = resume(client, "metadata", 0, 0);
            assertThat(stream.last().orElseThrow().mark().position()).isEqualTo(3);
            assertThat(Files.readAllBytes(stream("metadata"))).containsExactly(1, 2, 0, 0);
        }
    }

    @Test
    void aStrangerKnowsNoneOfIt() throws IOException {
        try (RelayDaemon relay = Relays.open(output);
                ProducerClient client = ProducerClient.connect(relay, 15)) {
            client.open(ProducerClient.session("s", 0));
            assertThat(commitRefused(client)).isTrue();
        }
    }

    private static boolean commitRefused(ProducerClient client) throws IOException {
        try {
            client.ask(new RelayRequest.Commit());
            return false;
        } catch (IOException closed) {
            return true;
        }
    }
}
