// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.contrail.analysis.SmallTrace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The reader in other people's programs: interrupted, closed early, asked at the wrong time.
class TraceReaderUseTest {
    private static final int PACKETS = 1000;
    private static final int EVENTS = 3;

    @TempDir private Path folder;

    /// An interrupt clears itself nowhere here.
    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    private TraceReader open(boolean isCompressed) throws IOException {
        var packets = new byte[PACKETS][];
        for (int i = 0; i < PACKETS; i++) {
            packets[i] = packet(0, i, 0, 10 * i, 10 * i + 1, 10 * i + 2);
        }
        Path file = new SmallTrace(folder).file("c_0", packets);
        if (isCompressed) {
            var compressed = new ByteArrayOutputStream();
            try (var gzip =
                    new GZIPOutputStream(compressed) {
                        {
                            def.setLevel(Deflater.NO_COMPRESSION); // more than is read at once
                        }
                    }) {
                gzip.write(Files.readAllBytes(file));
            }
            Files.write(folder.resolve("c_0.gz"), compressed.toByteArray());
            Files.delete(file);
        }
        return TraceReader.open(List.of(folder));
    }

    /// Java closes a file that an interrupted thread reads.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptCostsNoPacket(boolean isCompressed) throws IOException {
        int read = 0;
        int interrupted = 0;
        try (TraceReader reader = open(isCompressed)) {
            while (true) {
                try {
                    if (!reader.nextEvent()) {
                        break;
                    }
                    if (++read % 500 == 0) {
                        Thread.currentThread().interrupt();
                    }
                } catch (ClosedByInterruptException e) {
                    assertThat(Thread.interrupted()).isTrue();
                    interrupted++;
                }
            }
            assertThat(reader.damage()).isEmpty();
        }
        assertThat(read).isEqualTo(EVENTS * PACKETS);
        assertThat(interrupted).isPositive();
    }

    @Test
    void anInterruptIsNoDamageOfATrace() throws IOException {
        open(false).close();
        Thread.currentThread().interrupt();
        assertThatIOException()
                .isThrownBy(() -> TraceReader.open(List.of(folder)))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aClosedReaderReadsNothingMore() throws IOException {
        TraceReader reader = open(false);
        assertThat(reader.nextEvent()).isTrue();
        reader.close();
        reader.close();
        assertThatIllegalStateException()
                .isThrownBy(reader::nextEvent)
                .withMessage("the reader is closed");
    }

    @Test
    void thereIsNoEventBeforeTheFirstAndAfterTheLast() throws IOException {
        try (TraceReader reader = open(false)) {
            assertThatIllegalStateException().isThrownBy(reader::event);
            assertThatIllegalStateException().isThrownBy(reader::current);
            while (reader.next()) {
                reader.current();
            }
            assertThat(reader.next()).isFalse();
            assertThatIllegalStateException().isThrownBy(reader::event);
        }
    }
}
