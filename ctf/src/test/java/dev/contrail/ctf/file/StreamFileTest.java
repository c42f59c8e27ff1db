// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.Traces;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamFileTest {
    private static final byte[] FIRST = Traces.packet(0, 1000, 3);
    private static final byte[] SECOND = Traces.packet(1, 2000, 5);

    @TempDir private Path folder;

    private StreamFile scan(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("ch_0"), bytes);
        try (FileChannel channel = FileChannel.open(file)) {
            return StreamFile.scan(channel);
        }
    }

    @Test
    void findsEveryPacketWithItsEntry() throws IOException {
        StreamFile found = scan(Traces.concatenated(FIRST, SECOND));
        assertThat(found.wholeBytes()).isEqualTo(FIRST.length + SECOND.length);
        assertThat(found.traceUuid()).isEqualTo(Traces.UUID_OF_TRACE);
        assertThat(found.packets())
                .extracting(PacketLocation::offsetBytes)
                .containsExactly(0L, (long) FIRST.length);
        assertThat(found.packets().get(1).entry())
                .isEqualTo(
                        new IndexEntry(
                                SECOND.length * 8L,
                                (SECOND.length - 3) * 8L,
                                2000,
                                2005,
                                -1,
                                0,
                                0,
                                5,
                                1));
    }

    @Test
    void findsTheTornTailWhereverTheFileIsCut() throws IOException {
        byte[] whole = Traces.concatenated(FIRST, SECOND);
        for (int length = 0; length < whole.length; length++) {
            StreamFile found = scan(Arrays.copyOf(whole, length));
            int expected = length >= FIRST.length ? 1 : 0;
            assertThat(found.packets()).hasSize(expected);
            assertThat(found.wholeBytes()).isEqualTo(expected == 1 ? FIRST.length : 0);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 8, 79 * 8, 641, -8, Long.MAX_VALUE & ~7L, Long.MIN_VALUE, 1L << 62})
    void endsAtAPacketSizeThatMakesNoSense(long bits) throws IOException {
        byte[] whole = Traces.concatenated(FIRST, SECOND);
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putLong(FIRST.length + 56, bits);
        assertThat(scan(whole).wholeBytes()).isEqualTo(FIRST.length);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, 1L << 40})
    void endsAtAContentSizeThatMakesNoSense(long bits) throws IOException {
        byte[] whole = Traces.concatenated(FIRST, SECOND);
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putLong(FIRST.length + 48, bits);
        assertThat(scan(whole).wholeBytes()).isEqualTo(FIRST.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 20, 24})
    void endsAtAPacketOfAnotherStream(int at) throws IOException {
        byte[] whole = Traces.concatenated(FIRST, SECOND);
        whole[FIRST.length + at] ^= 1;
        assertThat(scan(whole).wholeBytes()).isEqualTo(FIRST.length);
    }
}
