// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import dev.contrail.recorder.domain.StreamKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamTailTest {
    private static final UUID SEED = UUID.fromString("0b4c0f4e-2f9a-4d0a-9a3f-6f3c27b1c001");
    private static final StreamKey KEY = Packets.key(0, 0);
    private static final int BYTES = 200;
    private static final int PACKETS = 4;

    @TempDir private Path directory;

    @Test
    void endsWithTheLastWholePacketWhereverDataAndIndexWereCut() throws IOException, CtfException {
        byte[][] files = recorded();
        for (int data = 0; data <= files[0].length; data += 7) {
            for (int index = 0; index <= files[1].length; index += 5) {
                repair(Arrays.copyOf(files[0], data), Arrays.copyOf(files[1], index));
                assertThat(sequences())
                        .describedAs("%d bytes of data, %d of index", data, index)
                        .isEqualTo(LongStream.range(0, data / BYTES).boxed().toList());
            }
        }
    }

    @Test
    void believesNoIndexThatDoesNotFitItsStream() throws IOException, CtfException {
        byte[][] files = recorded();
        var random = new Random(41);
        for (int i = 0; i < 500; i++) {
            byte[] index = files[1].clone();
            for (int j = 0; j < 4; j++) {
                index[random.nextInt(index.length)] = (byte) random.nextInt();
            }
            // What lies before the last entry is not looked at.
            System.arraycopy(files[1], 16, index, 16, index.length - 16 - IndexFile.ENTRY_BYTES);
            repair(files[0], index);
            assertThat(sequences()).containsExactly(0L, 1L, 2L, 3L);
        }
    }

    @Test
    void readsTheEndOfALongStreamOnly() throws IOException {
        byte[][] files = recorded();
        ByteBuffer packet = ByteBuffer.wrap(files[0], 0, BYTES);
        int many = 200_000;
        try (FileChannel data = open(stream());
                FileChannel index = open(IndexFile.of(stream()))) {
            var entries = ByteBuffer.allocate(many * IndexFile.ENTRY_BYTES);
            for (int i = 0; i < many; i++) {
                IndexFile.putEntry(entries, (long) i * BYTES, Packets.entry(i, BYTES, 10, 0));
            }
            index.write(IndexFile.header(), 0);
            index.write(entries.flip(), 16);
            // A file with holes: the packets between would stop whoever walked over them.
            data.write(packet.duplicate(), 0);
            data.write(lastPacket(many - 1), (long) (many - 1) * BYTES);
            StreamTail tail = StreamTail.repair(data, index, uuid());
            assertThat(tail.wholeBytes()).isEqualTo((long) many * BYTES);
            assertThat(tail.last().orElseThrow().entry().sequence()).isEqualTo(many - 1L);
        }
    }

    @Test
    void mendsEveryStreamBelowADirectoryButThoseThatAreWritten() throws IOException, CtfException {
        byte[][] files = recorded();
        Files.write(stream(), Arrays.copyOf(files[0], 3 * BYTES + 7));
        StreamTail.mendAll(directory, directory.resolve(Packets.TRACE));
        assertThat(Files.size(stream())).isEqualTo(3 * BYTES + 7);
        StreamTail.mendAll(directory, directory.resolve("boot-2"));
        assertThat(sequences()).containsExactly(0L, 1L, 2L);
    }

    private static ByteBuffer lastPacket(long sequence) {
        return Packets.packet(uuid(), Packets.entry(sequence, BYTES, 10, 0));
    }

    private byte[][] recorded() throws IOException {
        try (var output = new TraceOutput(directory, SEED)) {
            for (int i = 0; i < PACKETS; i++) {
                Packets.write(output, KEY, i, BYTES);
            }
        }
        return new byte[][] {
            Files.readAllBytes(stream()), Files.readAllBytes(IndexFile.of(stream()))
        };
    }

    private void repair(byte[] data, byte[] index) throws IOException {
        Files.write(stream(), data);
        Files.write(IndexFile.of(stream()), index);
        try (FileChannel one = open(stream());
                FileChannel other = open(IndexFile.of(stream()))) {
            StreamTail.repair(one, other, uuid());
        }
    }

    private List<Long> sequences() throws IOException, CtfException {
        try (FileChannel index = FileChannel.open(IndexFile.of(stream()))) {
            List<PacketLocation> packets = IndexFile.read("c", index, Files.size(stream()));
            return packets.stream().map(packet -> packet.entry().sequence()).toList();
        }
    }

    private static UUID uuid() {
        return new TraceOutput(Path.of("unused"), SEED).traceUuid(Packets.TRACE);
    }

    private Path stream() {
        return directory.resolve(Packets.TRACE).resolve("c_0");
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
}
