// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.consumer.QueuedPacket.Kind;
import dev.contrail.recorder.domain.StreamKey;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file of the queue and the packets in it, as a next daemon finds them.
class PacketChunkTest {
    private static final StreamKey STREAM =
            new StreamKey("ust/uid/1000/64-bit", "größe", "3", 0x1_0000_0003L, 1 << 20, 4);
    private static final IndexEntry ENTRY =
            new IndexEntry(4096, 4000, -5, Long.MAX_VALUE, 12, 34, 1, 0x1_0000_0003L, 99);

    @TempDir Path directory;
    private Path path;
    private PacketChunk chunk;
    private byte[] form;

    @BeforeEach
    void create() throws IOException {
        path = directory.resolve("packets-1");
        form = QueuedPacket.form(STREAM);
        chunk = PacketChunk.create(path, 1000, false);
    }

    @AfterEach
    void close() throws IOException {
        chunk.close();
    }

    private QueuedPacket put(Kind kind, byte[] packet) {
        int at = chunk.end() + QueuedPacket.headBytes(form);
        chunk.memory().put(at, packet);
        return QueuedPacket.put(chunk, kind, STREAM, form, ENTRY, packet.length);
    }

    private static byte[] bytes(ByteBuffer packet) {
        byte[] bytes = new byte[packet.remaining()];
        packet.get(bytes);
        return bytes;
    }

    @Test
    void isAMebibyteForItsOwnerOnly() throws IOException {
        assertThat(chunk.bytes()).isEqualTo(1 << 20);
        assertThat(path).hasSize(1 << 20);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @Test
    void isAsLargeAsItsFirstItemNeeds() throws IOException {
        try (var large = PacketChunk.create(directory.resolve("large"), 2 << 20, false);
                var small = PacketChunk.create(directory.resolve("small"), 100, true)) {
            assertThat(large.bytes()).isEqualTo(PacketChunk.bytesFor(2 << 20));
            assertThat(large.hasRoom(2 << 20)).isTrue();
            assertThat(small.bytes()).isEqualTo(PacketChunk.bytesFor(100));
            assertThat(small.hasRoom(100)).isTrue();
            assertThat(small.hasRoom(101)).isFalse();
        }
    }

    @Test
    void neverReplacesAFileThatIsThere() {
        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> PacketChunk.create(path, 1000, false));
        assertThat(path).exists();
    }

    @Test
    void givesANextDaemonEachPacketAsItWas() throws IOException {
        var random = new Random(1);
        byte[] first = new byte[700];
        byte[] second = new byte[0];
        random.nextBytes(first);
        QueuedPacket one = put(Kind.KEPT_PACKET, first);
        QueuedPacket two = put(Kind.END, second);
        assertThat(two.at()).isGreaterThan(one.end());

        try (PacketChunk left = PacketChunk.left(path)) {
            QueuedPacket found = QueuedPacket.left(left, left.taken()).orElseThrow();
            assertThat(found.kind()).isEqualTo(Kind.KEPT_PACKET);
            assertThat(found.stream()).isEqualTo(STREAM);
            assertThat(found.entry()).isEqualTo(ENTRY);
            assertThat(found.isInherited()).isTrue();
            assertThat(bytes(found.packet())).isEqualTo(first);
            QueuedPacket next = QueuedPacket.left(left, found.end()).orElseThrow();
            assertThat(next.kind()).isEqualTo(Kind.END);
            assertThat(next.bytes()).isZero();
            assertThat(QueuedPacket.left(left, next.end())).isEmpty();
        }
    }

    @Test
    void goesOnAfterWhatWasTaken() throws IOException {
        QueuedPacket one = put(Kind.PACKET, new byte[10]);
        put(Kind.PACKET, new byte[20]);
        chunk.taken(one.end());

        try (PacketChunk left = PacketChunk.left(path)) {
            assertThat(left.taken()).isEqualTo(one.end());
            assertThat(QueuedPacket.left(left, left.taken()).orElseThrow().bytes()).isEqualTo(20);
        }
    }

    @Test
    void isHeldByWhoPutsAndByEachItem() {
        chunk.hold();
        chunk.hold();
        assertThat(chunk.isLetGo()).isFalse();
        assertThat(chunk.isLetGo()).isFalse();
        assertThat(chunk.isLetGo()).isTrue();
    }

    @Test
    void isEmptyUnderItsNewName() throws IOException {
        put(Kind.PACKET, new byte[10]);
        chunk.taken(chunk.end());
        Path name = directory.resolve("packets-2");
        chunk.renew(name);

        assertThat(path).doesNotExist();
        try (PacketChunk left = PacketChunk.left(name)) {
            assertThat(QueuedPacket.left(left, left.taken())).isEmpty();
        }
        put(Kind.PACKET, new byte[30]);
        try (PacketChunk left = PacketChunk.left(name)) {
            assertThat(QueuedPacket.left(left, left.taken()).orElseThrow().bytes()).isEqualTo(30);
        }
    }

    @Test
    void noticesThatSomebodyHasCutItsFile() throws IOException {
        QueuedPacket item = put(Kind.PACKET, new byte[10]);
        assertThat(item.isGone()).isFalse();
        cut(path, 100);

        assertThat(chunk.isCut()).isTrue();
        assertThat(item.isGone()).isTrue();
        chunk.taken(50); // and touches nothing
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> chunk.renew(directory.resolve("x")))
                .withMessageEndingWith("was cut off");
    }

    @Test
    void deletesItsFile() throws IOException {
        chunk.delete();

        assertThat(path).doesNotExist();
    }

    @Test
    void findsNothingInAFileThatIsTooShort() throws IOException {
        for (int bytes : new int[] {0, 1, 7, 8, 11, 12, 15}) {
            Path cut = directory.resolve("cut-" + bytes);
            Files.copy(path, cut);
            cut(cut, bytes);
            try (PacketChunk left = PacketChunk.left(cut)) {
                assertThat(QueuedPacket.left(left, left.taken())).as("%d bytes", bytes).isEmpty();
            }
        }
    }

    /// Whatever a damaged file says, a next daemon gets a packet that lies in it, nothing, or an
    /// exception; it never looks elsewhere.
    @Test
    void staysWithinADamagedFile() throws IOException {
        put(Kind.PACKET, new byte[500]);
        byte[] good = new byte[700];
        chunk.memory().get(0, good);
        var random = new Random(7);
        int refused = 0;
        int found = 0;
        Path damaged = directory.resolve("damaged");
        for (int turn = 0; turn < 3_000; turn++) {
            byte[] bad = good.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                bad[random.nextInt(200)] = (byte) random.nextInt(256);
            }
            Files.write(damaged, bad);
            try (PacketChunk left = PacketChunk.left(damaged)) {
                Optional<QueuedPacket> item = QueuedPacket.left(left, left.taken());
                if (item.isPresent()) {
                    found++;
                    assertThat(item.get().end()).isBetween(8, bad.length);
                    assertThat(item.get().packet().remaining()).isEqualTo(item.get().bytes());
                }
            } catch (IOException said) {
                refused++;
                assertThat(said.getMessage()).containsPattern("(kind|length) -?\\d+ at \\d+");
            }
        }
        assertThat(found).isPositive();
        assertThat(refused).isPositive();
    }

    @Test
    void refusesAStreamWhoseNameDoesNotFit() {
        var stream = new StreamKey("a".repeat(3000), "b".repeat(3000), "0", 0, 0, 0);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> QueuedPacket.form(stream))
                .withMessageStartingWith("name too long: ");
    }

    private static void cut(Path file, long bytes) throws IOException {
        try (var cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(bytes);
        }
    }
}
