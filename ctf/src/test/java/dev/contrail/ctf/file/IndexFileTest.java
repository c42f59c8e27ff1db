// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.CtfException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexFileTest {
    /// An index that lttng-consumerd 2.13.9 wrote: a user space trace's first stream, one packet.
    private static final String LTTNG =
            "c1f1dcc1000000010000000100000048"
                    + "0000000000000000000000000000800000000000000029680000"
                    + "00d6d35054f2000000d6dfdb4978000000000000000000000000"
                    + "0000000000000000000000000000000000000000";

    private static final IndexEntry ENTRY =
            new IndexEntry(0x8000, 0x2968, 0xd6d35054f2L, 0xd6dfdb4978L, -1, 0, 0, 0, 0);

    @TempDir private Path folder;

    private List<PacketLocation> read(byte[] bytes, long streamBytes)
            throws IOException, CtfException {
        Path file = Files.write(folder.resolve("c_0.idx"), bytes);
        try (FileChannel channel = FileChannel.open(file)) {
            return IndexFile.read("c_0.idx", channel, streamBytes);
        }
    }

    private static byte[] lttng() {
        return HexFormat.of().parseHex(LTTNG);
    }

    @Test
    void writesTheBytesThatLttngWrites() {
        ByteBuffer written = ByteBuffer.allocate(88);
        written.put(IndexFile.header()).put(IndexFile.entry(0, ENTRY));
        assertThat(HexFormat.of().formatHex(written.array())).isEqualTo(LTTNG);
    }

    @Test
    void readsTheBytesThatLttngWrites() throws IOException, CtfException {
        assertThat(read(lttng(), 4096)).containsExactly(new PacketLocation(0, ENTRY));
    }

    @Test
    void refusesEveryTruncation() {
        for (int length = 0; length < 88; length++) {
            byte[] cut = Arrays.copyOf(lttng(), length);
            assertThatThrownBy(() -> read(cut, 4096)).isInstanceOf(CtfException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, magic",
        "7, 2, version",
        "12, 127, entries of",
        "15, 55, entries of",
        "23, 1, offset",
        "24, -1, packet of",
        "31, 1, packet of",
        "30, 0, packet of",
        "38, -1, content of",
        "40, -1, begins at",
    })
    void refusesAWrongByte(int at, int value, String about) {
        byte[] wrong = lttng();
        wrong[at] = (byte) value;
        assertThatThrownBy(() -> read(wrong, 4096))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining(about);
    }

    @Test
    void refusesAnIndexThatDoesNotFillItsStreamFile() {
        assertThatThrownBy(() -> read(lttng(), 4097))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining("want the stream file's 4097");
        assertThatThrownBy(() -> read(lttng(), 4095)).isInstanceOf(CtfException.class);
    }

    @Test
    void readsLongerEntriesOfALaterVersion() throws IOException, CtfException {
        byte[] later = Arrays.copyOf(lttng(), 96);
        later[11] = 2;
        later[15] = 80;
        assertThat(read(later, 4096)).containsExactly(new PacketLocation(0, ENTRY));
    }

    @Test
    void readsShorterEntriesOfVersion10() throws IOException, CtfException {
        byte[] earlier = Arrays.copyOf(lttng(), 72);
        earlier[11] = 0;
        earlier[15] = 56;
        IndexEntry entry = read(earlier, 4096).getFirst().entry();
        assertThat(entry.streamInstanceId()).isEqualTo(IndexEntry.NONE);
        assertThat(entry.sequence()).isEqualTo(IndexEntry.NONE);
        assertThat(entry.endTicks()).isEqualTo(ENTRY.endTicks());
    }
}
