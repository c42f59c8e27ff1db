// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.IndexEntry;
import dev.contrail.ctf.IndexFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recorder adds event classes, packets and index entries while a reader opens the trace again
/// and again.
class GrowingTraceStressTest {
    private static final int PACKETS = 3000;

    private final CountDownLatch isRead = new CountDownLatch(1);

    @TempDir private Path folder;

    @Test
    void readsAGrowingTraceWithoutDamageAndNeverLessThanBefore() throws Exception {
        SmallTrace trace = new SmallTrace(folder);
        trace.file("c_0");
        trace.index("c_0", 0);
        var writer = new FutureTask<>(this::write, null);
        Thread thread = new Thread(writer, "recorder");
        thread.start();
        int most = 0;
        boolean isLast = false;
        while (!isLast) {
            isLast = writer.isDone();
            int events = 0;
            try (TraceReader reader = TraceReader.open(List.of(folder))) {
                while (reader.nextEvent()) {
                    assertThat(reader.event().ticks()).isEqualTo(events + 1);
                    events++;
                }
                assertThat(reader.damage()).isEmpty();
                assertThat(reader.warnings()).isEmpty();
            }
            assertThat(events).isGreaterThanOrEqualTo(most);
            most = events;
            isRead.countDown();
        }
        writer.get(); // fails the test if writing failed
        assertThat(most).isEqualTo(PACKETS);
    }

    /// Each 10th packet has an event of a class that is new in the metadata. The second half comes
    /// after the first reading.
    private void write() {
        try (FileChannel metadata = append(folder.resolve("metadata"));
                FileChannel stream = append(folder.resolve("c_0"));
                FileChannel index = append(folder.resolve("index/c_0.idx"))) {
            String block = Files.readString(folder.resolve("metadata"));
            block = block.substring(block.indexOf("event {\n\tname"));
            long offset = 0;
            for (int i = 0; i < PACKETS; i++) {
                if (i == PACKETS / 2) {
                    isRead.await();
                }
                int id = i / 10;
                if (i % 10 == 0 && id > 0) {
                    String event = block.replace("\tid = 0;", "\tid = " + id + ";");
                    metadata.write(
                            ByteBuffer.wrap(
                                    event.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                }
                byte[] packet = SmallTrace.packet(0, i, 0, i + 1);
                packet[80] = (byte) id;
                packet[81] = (byte) (id >> 8);
                stream.write(ByteBuffer.wrap(packet));
                var entry =
                        new IndexEntry(
                                packet.length * 8L,
                                packet.length * 8L,
                                i + 1,
                                i + 1,
                                1,
                                0,
                                0,
                                0,
                                i);
                index.write(IndexFile.entry(offset, entry));
                offset += packet.length;
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static FileChannel append(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.APPEND);
    }
}
