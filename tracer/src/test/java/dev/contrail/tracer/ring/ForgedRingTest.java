// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.ring.read.PacketReceiver;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.RingException;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.read.RingPacket;
import dev.contrail.tracer.ring.read.StoredPacket;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is in a ring file, reading it ends in a value or an [IOException].
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ForgedRingTest {
    private static final long[] VALUES = {
        0, 1, -1, 7, 4095, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE
    };

    @TempDir(factory = SharedMemory.class)
    Path directory;

    private Path file;
    private byte[] genuine;
    private int control;
    private int cellTable;

    @BeforeEach
    void makeARing() throws Exception {
        String size = "-Dcontrail.ring.size=" + 2 * Layout.MIN_FILE;
        Process child =
                Flood.start(
                        directory, Flood.class, List.of(size, "DISCARD", "4096", "16", "2", "200"));
        file = Path.of(child.inputReader().readLine());
        child.waitFor();
        genuine = Files.readAllBytes(file);
        control = Layout.MIN_FILE;
        cellTable = control + 17 * Layout.CONTROL_SIZE;
    }

    /// Uses everything there is.
    private void read() throws IOException {
        try (RingFile ring = RingFile.open(file, -1)) {
            ring.writer();
            ring.heartbeatNanos();
            for (Pool pool : ring.pools()) {
                pool.snapshot();
                ring.events(pool);
                pool.totals();
                Store store = new Store();
                pool.drain(store, false);
                pool.drain(store, true);
            }
        }
    }

    private void write(byte[] content) throws IOException {
        Files.write(file, content);
    }

    private void readsOrRefuses(String what) {
        try {
            read();
        } catch (IOException e) {
            assertThat(e).as(what).hasMessageMatching("(?s).+");
        } catch (RuntimeException | Error e) {
            throw new AssertionError(what, e);
        }
    }

    @Test
    void readsTheGenuineFile() throws IOException {
        read();
    }

    @Test
    void survivesAnyValueInAnyFieldOfAnyTable() throws IOException {
        int[][] areas = {
            {0, 256},
            {Layout.POOLS_OFFSET, Layout.POOL_SIZE},
            {Layout.METADATA_OFFSET, 16},
            {control, 4 * Layout.CONTROL_SIZE},
            {cellTable, 2 * Layout.CELL_SIZE}
        };
        for (int[] area : areas) {
            for (int at = area[0]; at < area[0] + area[1]; at += 4) {
                for (long value : VALUES) {
                    byte[] forged = genuine.clone();
                    for (int i = 0; i < (at % 8 == 0 ? 8 : 4); i++) {
                        forged[at + i] = (byte) (value >> 8 * i);
                    }
                    write(forged);
                    readsOrRefuses("byte " + at + " value " + value);
                }
            }
        }
    }

    @Test
    void survivesRandomDamage() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 1000; round++) {
            byte[] forged = genuine.clone();
            for (int i = 0; i < 40; i++) {
                int bound = random.nextBoolean() ? Layout.METADATA_OFFSET + 600 : forged.length;
                int from = random.nextBoolean() ? control : 0;
                forged[from + random.nextInt(Math.min(bound, forged.length - from))] =
                        (byte) random.nextInt();
            }
            write(forged);
            readsOrRefuses("seed " + seed + " round " + round);
        }
    }

    @Test
    void refusesATruncatedFileAtEverySize() throws IOException {
        for (int length = 0; length < genuine.length; length += length < 4096 ? 61 : 4001) {
            byte[] cut = Arrays.copyOf(genuine, length);
            write(cut);
            readsOrRefuses("length " + length);
            write(genuine);
        }
    }

    @Test
    void refusesAFileThatIsCutWhileItIsOpen() throws IOException {
        for (int length : new int[] {0, 4096, 1 << 20, (1 << 20) + 4096}) {
            write(genuine);
            try (RingFile ring = RingFile.open(file, -1)) {
                Pool pool = ring.pools().get(0);
                try (RandomAccessFile cutter = new RandomAccessFile(file.toFile(), "rw")) {
                    cutter.setLength(length);
                }
                assertThatThrownBy(pool::snapshot).isInstanceOf(RingException.class);
                assertThatThrownBy(() -> pool.drain(new Store(), true))
                        .isInstanceOf(RingException.class);
                assertThatThrownBy(pool::totals).isInstanceOf(RingException.class);
                assertThatThrownBy(() -> ring.events(pool)).isInstanceOf(RingException.class);
                assertThatThrownBy(ring::pools).isInstanceOf(RingException.class);
            }
        }
    }

    @Test
    void turnsAFaultDuringAPassIntoAnException() throws IOException {
        try (RingFile ring = RingFile.open(file, -1)) {
            Pool pool = ring.pools().get(0);
            PacketReceiver cutter =
                    new PacketReceiver() {
                        @Override
                        public StoredPacket lastStored(int cell) {
                            return StoredPacket.NONE;
                        }

                        @Override
                        public boolean mayGrow(int cell, long sequence, int moreBytes) {
                            return false;
                        }

                        @Override
                        public void packet(RingPacket packet) throws IOException {
                            try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                                cut.setLength(0);
                            }
                        }
                    };
            assertThatThrownBy(() -> pool.drain(cutter, true))
                    .isInstanceOf(RingException.class)
                    .hasMessageContaining("cut");
        }
    }

    @Test
    void refusesLinksAndOtherPeoplesFiles() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        assertThatThrownBy(() -> RingFile.open(link, -1)).hasMessageContaining("regular");
        int owner = ProcFacts.userId();
        RingFile.open(file, owner).close();
        assertThatThrownBy(() -> RingFile.open(file, owner + 1)).hasMessageContaining("owned by");
        assertThatThrownBy(() -> RingFile.open(directory, -1)).hasMessageContaining("regular");
        Files.createLink(directory.resolve("twin"), file);
        assertThatThrownBy(() -> RingFile.open(file, -1)).hasMessageContaining("2 links");
    }

    @Test
    void saysWhatIsWrongAndWhere() throws IOException {
        byte[] forged = genuine.clone();
        forged[Layout.H_MAJOR] = 9;
        write(forged);
        assertThatThrownBy(() -> RingFile.open(file, -1))
                .hasMessage(file + ": byte 8: layout version 9, want 1 to 1");
    }

    @Test
    void saysWhatIsNoRing() throws IOException {
        byte[] forged = genuine.clone();
        Arrays.fill(forged, 0, 8, (byte) 0);
        write(forged);
        assertThatThrownBy(() -> RingFile.open(file, -1))
                .hasMessageStartingWith(file + ": not a ring yet, or no more: ");
        forged[0] = 1;
        write(forged);
        assertThatThrownBy(() -> RingFile.open(file, -1))
                .hasMessageStartingWith(file + ": not a ring: ");
        write(Arrays.copyOf(genuine, 5000));
        assertThatThrownBy(() -> RingFile.open(file, -1))
                .hasMessageStartingWith(file + ": not a whole ring: its size is 5000 bytes");
    }

    @Test
    void saysWhatTheProgramIsCalled() throws IOException {
        assertThat(programName(genuine)).isEqualTo("Flood");
        byte[] older = genuine.clone();
        older[Layout.H_MINOR] = 3;
        assertThat(programName(older)).isEmpty();
        byte[] unended = genuine.clone();
        Arrays.fill(unended, Layout.H_PROGRAM, Layout.HEADER_SIZE, (byte) 'a');
        assertThat(programName(unended)).hasSize(Layout.PROGRAM_SIZE);
    }

    private String programName(byte[] content) throws IOException {
        write(content);
        try (RingFile ring = RingFile.open(file, -1)) {
            return ring.programName();
        }
    }
}
