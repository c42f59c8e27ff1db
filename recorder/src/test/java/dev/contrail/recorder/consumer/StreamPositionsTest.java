// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.output.Packets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamPositionsTest {
    @TempDir private Path directory;

    private static StreamKey stream(int number) {
        return new StreamKey(Packets.TRACE, "c", Integer.toString(number), number, 0, 0);
    }

    @Test
    void tellsTheNextDaemonHowFarEachStreamHasCome() throws IOException {
        Path file = directory.resolve("positions");
        var positions = StreamPositions.in(file);
        assertThat(positions.isNew()).isTrue();
        assertThat(file).doesNotExist();
        for (int i = 0; i < 20; i++) {
            positions.stored(stream(i % 10), Packets.entry(i, 1000 + i, 10, i));
        }
        positions.end(stream(3));
        positions.close();

        var next = StreamPositions.in(file);
        assertThat(next.isNew()).isFalse();
        assertThat(next.of(stream(0))).contains(Packets.entry(10, 1010, 10, 10));
        assertThat(next.of(stream(3))).isEmpty();
        assertThat(next.of(stream(9))).contains(Packets.entry(19, 1019, 10, 19));
        long size = Files.size(file);
        next.stored(stream(77), Packets.entry(1, 1000, 10, 0)); // in the slot that is free
        next.close();
        assertThat(Files.size(file)).isEqualTo(size);
        assertThat(StreamPositions.in(file).of(stream(77))).isPresent();
    }

    @Test
    void readsWhatIsWholeOfADamagedFile() throws IOException {
        Path file = directory.resolve("positions");
        var positions = StreamPositions.in(file);
        positions.stored(stream(1), Packets.entry(1, 1000, 10, 0));
        positions.stored(stream(2), Packets.entry(2, 1000, 10, 0));
        positions.close();
        byte[] bytes = Files.readAllBytes(file);
        bytes[512] = -1;
        bytes[513] = -1; // a name longer than its slot
        Files.write(file, bytes);
        var next = StreamPositions.in(file);
        assertThat(next.of(stream(1))).isPresent();
        assertThat(next.of(stream(2))).isEmpty();
    }
}
