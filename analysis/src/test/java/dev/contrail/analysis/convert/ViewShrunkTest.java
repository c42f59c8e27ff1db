// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.SmallTrace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file that is cut while a packet of it is mapped: memory that is not there any more.
class ViewShrunkTest {
    /// Of a packet that is mapped, as it is larger than 16 MiB.
    private static final int EVENTS = 700_000;

    private static final int LEFT_BYTES = 1 << 20;

    @TempDir private Path folder;

    /// Cuts a file as soon as something is written.
    private static final class Cutter extends OutputStream {
        private final Path file;
        private long written;

        Cutter(Path file) {
            this.file = file;
        }

        @Override
        public void write(int b) throws IOException {
            write(ByteBuffer.allocate(1).put(0, (byte) b).array(), 0, 1);
        }

        @Override
        public void write(byte[] bytes, int start, int count) throws IOException {
            written += count;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(LEFT_BYTES);
            }
        }
    }

    @Test
    void saysThatAFileHasBecomeShorter() throws IOException {
        long[] ticks = LongStream.range(0, EVENTS).toArray();
        Path file = new SmallTrace(folder).file("c_0", packet(0, 0, 0, ticks));
        var out = new Cutter(file);
        var err = new ByteArrayOutputStream();

        int status =
                View.main(
                        new String[] {folder.toString()},
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8));

        assertThat(status).isEqualTo(1);
        assertThat(out.written).isPositive();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "ERROR: A trace file has become shorter while it was read: what is missing"
                                + " cannot be shown\n");
    }
}
