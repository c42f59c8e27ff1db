// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.IndexEntry;
import dev.contrail.recorder.PacketQueue.Kind;
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
        queue.put(Kind.KEPT_PACKET, STREAM, entry, Packets.packet(UUID.randomUUID(), entry));
    }

    /// Takes one, whose packet must be what was put.
    private long take() throws IOException {
        PacketQueue.Item item = queue.first().orElseThrow();
        assertThat(item.stream()).isEqualTo(STREAM);
        ByteBuffer packet = queue.packet(item);
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
    void keepsTheOrderAndDeletesWhatWasTaken() throws IOException {
        for (int i = 0; i < 25; i++) {
            put(i);
        }
        assertThat(queue.waitingBytes()).isEqualTo(25L * BYTES);
        assertThat(files()).hasSize(3);
        for (int i = 0; i < 12; i++) {
            assertThat(take()).isEqualTo(i);
        }
        assertThat(files()).hasSize(2);
        put(25);
        assertThat(takeAll()).isSorted().hasSize(14);
        queue.close();
        assertThat(files()).isEmpty();
        assertThat(budget.has(3 * MIB)).isTrue();
    }

    @Test
    void givesTheNextDaemonWhatWaits() throws IOException {
        for (int i = 0; i < 25; i++) {
            put(i);
        }
        queue.putEnd(STREAM);
        take();
        budget = new SpillBudget(3 * MIB);
        open(); // the other one was killed
        assertThat(queue.inherited(STREAM)).contains(Packets.entry(24, BYTES, 10, 0));
        assertThat(queue.first().orElseThrow().isInherited()).isTrue();
        assertThat(queue.hasRoom()).isFalse();
        put(25);
        for (int i = 1; i < 25; i++) {
            assertThat(take()).isEqualTo(i);
        }
        assertThat(queue.first().orElseThrow().kind()).isEqualTo(Kind.END);
        queue.taken();
        assertThat(queue.first().orElseThrow().isInherited()).isFalse();
        assertThat(take()).isEqualTo(25);
        assertThat(queue.hasRoom()).isTrue();
    }

    @Test
    void forgetsWhatWasNotWrittenToItsEnd() throws IOException {
        put(0);
        put(1);
        try (var torn = new RandomAccessFile(files().getFirst().toFile(), "rw")) {
            torn.setLength(torn.length() - 1);
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
        while (queue.hasRoom()) {
            put(put++);
        }
        assertThat(put).isBetween(2 * MIB / BYTES, 3 * MIB / BYTES + 1);
        put(put++); // a last drain cannot wait
        assertThat(takeAll()).hasSize(put);
        assertThat(queue.hasRoom()).isTrue();
    }
}
