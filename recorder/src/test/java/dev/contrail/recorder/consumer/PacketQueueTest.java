// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.consumer.QueuedPacket.Kind;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.file.SpillBudget;
import dev.contrail.recorder.output.Packets;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PacketQueueTest {
    private static final StreamKey STREAM = Packets.key(0, 0);
    private static final int BYTES = 100_000;
    private static final int MIB = 1 << 20;

    @TempDir Path directory;
    private SpillBudget budget = new SpillBudget(3 * MIB);
    private PacketQueue queue;

    @BeforeEach
    void open() {
        queue = PacketQueue.open(directory, "packets", budget);
    }

    private void put(long sequence) throws IOException {
        IndexEntry entry = Packets.entry(sequence, BYTES, 10, 0);
        queue.end().put(Kind.KEPT_PACKET, STREAM, entry, Packets.packet(UUID.randomUUID(), entry));
    }

    /// Takes one, whose packet must be what was put.
    private long take() throws IOException {
        QueuedPacket item = queue.first().orElseThrow();
        assertThat(item.stream()).isEqualTo(STREAM);
        ByteBuffer packet = item.packet();
        IndexEntry entry = item.entry();
        ByteBuffer whole = Packets.packet(UUID.randomUUID(), entry);
        assertThat(packet.slice(20, BYTES - 20)).isEqualTo(whole.slice(20, BYTES - 20));
        queue.taken();
        return entry.sequence();
    }

    private List<Long> takeAll() throws IOException {
        var taken = new ArrayList<Long>();
        while (!queue.isEmpty()) {
            taken.add(take());
        }
        return taken;
    }

    private List<Path> files() throws IOException {
        try (var all = Files.list(directory)) {
            return all.sorted().toList();
        }
    }

    @Test
    void keepsTheOrderAndUsesFilesAgain() throws IOException {
        for (int i = 0; i < 25; i++) {
            put(i);
        }
        assertThat(queue.waitingBytes()).isEqualTo(25L * BYTES);
        assertThat(files()).hasSize(3);
        for (int i = 0; i < 12; i++) {
            assertThat(take()).isEqualTo(i);
        }
        for (int i = 25; i < 40; i++) {
            put(i);
        }
        assertThat(files()).hasSize(3);
        assertThat(takeAll()).isSorted().hasSize(28);
        queue.close();
        assertThat(files()).isEmpty();
        assertThat(budget.has(3 * MIB)).isTrue();
    }

    @Test
    void putsWhatWasWrittenToItsRoom() throws IOException {
        for (int i = 0; i < 30; i++) {
            IndexEntry entry = Packets.entry(i, BYTES, 10, 0);
            queue.end().room(STREAM, BYTES); // not used: it could not be filled
            ByteBuffer room = queue.end().room(STREAM, BYTES);
            room.put(Packets.packet(UUID.randomUUID(), entry)).flip();
            queue.end().put(Kind.KEPT_PACKET, STREAM, entry, room);
        }
        open(); // the other one was killed
        assertThat(takeAll()).isSorted().hasSize(30);
    }

    @Test
    void whatAFileHeldBeforeIsNotInItAgain() throws IOException {
        for (int i = 0; i < 11; i++) {
            put(i);
        }
        for (int i = 0; i < 10; i++) {
            take();
        }
        for (int i = 11; i < 22; i++) { // the last in the file of the first
            put(i);
        }
        open(); // the other one was killed
        assertThat(takeAll())
                .containsExactly(10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L, 21L);
    }

    @Test
    void keepsNoMemoryWhileNothingIsPut() throws Exception {
        for (int i = 0; i < 25; i++) {
            put(i);
        }
        queue.end().rest();
        assertThat(takeAll()).hasSize(25);
        while (!files().isEmpty()) {
            queue.end().rest(); // after a second
        }
        assertThat(budget.has(3 * MIB)).isTrue();
        put(25);
        assertThat(takeAll()).containsExactly(25L);
    }

    @Test
    void hasRoomForOneWhereOthersHaveTakenTheBudget() throws IOException {
        budget.force(3 * MIB);
        assertThat(queue.end().hasRoom()).isTrue();
        put(0);
        assertThat(queue.end().hasRoom()).as("the rest of its file").isTrue();
        while (queue.end().hasRoom()) {
            put(1);
        }
        assertThat(files()).hasSize(1);
    }

    @Test
    void goesOnInAnotherFileWhenOneWasCut() throws IOException {
        put(0);
        put(1);
        Files.write(files().getFirst(), new byte[0]);
        assertThat(queue.first().orElseThrow().isGone()).isTrue();
        put(2);
        queue.taken();
        queue.taken();
        assertThat(takeAll()).containsExactly(2L);
    }

    @Test
    void saysWhatItCannotTakeIn() throws IOException {
        put(0);
        try (var large =
                new RandomAccessFile(
                        directory.resolve("packets-" + "f".repeat(15) + "0").toFile(), "rw")) {
            large.setLength(3L << 30);
        }
        open();
        assertThat(queue.damage())
                .hasValueSatisfying(
                        text -> assertThat(text).endsWith("too large: 3221225472 bytes"));
        assertThat(takeAll()).containsExactly(0L);
    }

    @Test
    void takesAPacketOfAnySize() throws IOException {
        IndexEntry entry = Packets.entry(0, 5 * MIB, 10, 0);
        queue.end().put(Kind.PACKET, STREAM, entry, Packets.packet(UUID.randomUUID(), entry));
        assertThat(queue.end().hasRoom()).isFalse();
        open(); // the other one was killed
        assertThat(queue.first().orElseThrow().packet().remaining()).isEqualTo(5 * MIB);
        queue.taken();
        assertThat(files()).isEmpty();
    }

    @Test
    void givesTheNextDaemonWhatWaits() throws IOException {
        for (int i = 0; i < 25; i++) {
            put(i);
        }
        queue.end().putEnd(STREAM);
        take();
        budget = new SpillBudget(3 * MIB);
        open(); // the other one was killed
        assertThat(queue.inherited(STREAM)).contains(Packets.entry(24, BYTES, 10, 0));
        assertThat(queue.first().orElseThrow().isInherited()).isTrue();
        assertThat(queue.end().hasRoom()).isFalse();
        put(25);
        for (int i = 1; i < 25; i++) {
            assertThat(take()).isEqualTo(i);
        }
        assertThat(queue.first().orElseThrow().kind()).isEqualTo(Kind.END);
        queue.taken();
        assertThat(queue.first().orElseThrow().isInherited()).isFalse();
        assertThat(take()).isEqualTo(25);
        assertThat(queue.end().hasRoom()).isTrue();
    }

    @Test
    void forgetsWhatWasNotWrittenToItsEnd() throws IOException {
        put(0);
        put(1);
        try (var torn = new RandomAccessFile(files().getFirst().toFile(), "rw")) {
            torn.seek(8);
            int whole = Integer.reverseBytes(torn.readInt());
            torn.setLength(8 + 2L * whole - 1);
        }
        open();
        assertThat(takeAll()).containsExactly(0L);
    }

    @Test
    void takesNoDamagedFileForWhole() throws IOException {
        put(0);
        put(1);
        put(2);
        try (var damaged = new RandomAccessFile(files().getFirst().toFile(), "rw")) {
            damaged.seek(8);
            int whole = Integer.reverseBytes(damaged.readInt());
            damaged.seek(8 + whole + 4);
            damaged.writeInt(-1);
        }
        Files.writeString(directory.resolve("packets-xyz"), "nothing of ours");
        open();
        assertThat(takeAll()).containsExactly(0L);
        put(3);
        assertThat(takeAll()).containsExactly(3L);
    }

    @Test
    void saysWhenItHasTakenAllItMay() throws IOException {
        int put = 0;
        while (queue.end().hasRoom()) {
            put(put++);
        }
        assertThat(put).isBetween(2 * MIB / BYTES, 3 * MIB / BYTES + 1);
        put(put++); // a last drain cannot wait
        assertThat(takeAll()).hasSize(put);
        assertThat(queue.end().hasRoom()).isTrue();
    }
}
