// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.SmallTrace;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.IndexFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recorder adds event classes, packets and index entries, or lets packets grow in place, while a
/// reader opens the trace again and again.
class GrowingTraceStressTest {
    private static final int PACKETS = 3000;
    private static final int MOST_EVENTS = 50;
    private static final int HEADER_BYTES = 80;

    private final CountDownLatch isRead = new CountDownLatch(1);

    @TempDir private Path folder;

    @Test
    void readsAGrowingTraceWithoutDamageAndNeverLessThanBefore() throws Exception {
        readWhile(this::write);
    }

    @Test
    void readsGrowingPacketsWithoutDamageAndNeverLessThanBefore() throws Exception {
        readWhile(this::grow);
    }

    private void readWhile(Runnable writing) throws Exception {
        SmallTrace trace = new SmallTrace(folder);
        trace.file("c_0");
        trace.index("c_0", 0);
        var writer = new FutureTask<>(writing, null);
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
                    metadata.write(ByteBuffer.wrap(event.getBytes(StandardCharsets.UTF_8)));
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

    /// Each packet grows from one event to [#MOST_EVENTS], each 10th of a class that is new in the
    /// metadata: the event is written first, then the header, then the entry. The second half comes
    /// after the first reading.
    private void grow() {
        try (FileChannel metadata = append(folder.resolve("metadata"));
                FileChannel stream = write(folder.resolve("c_0"));
                FileChannel index = write(folder.resolve("index/c_0.idx"))) {
            String block = Files.readString(folder.resolve("metadata"));
            block = block.substring(block.indexOf("event {\n\tname"));
            long offset = 0;
            int length = 0;
            for (int i = 0; i < PACKETS; i++) {
                if (i == PACKETS / 2) {
                    isRead.await();
                }
                int number = i / MOST_EVENTS;
                int first = number * MOST_EVENTS;
                if (i == first) {
                    offset += length;
                    length = 0;
                }
                if (i > 0 && i % 10 == 0) {
                    String event = block.replace("\tid = 0;", "\tid = " + i / 10 + ";");
                    metadata.write(ByteBuffer.wrap(event.getBytes(StandardCharsets.UTF_8)));
                }
                long[] ticks = LongStream.rangeClosed(first + 1, i + 1).toArray();
                byte[] packet = SmallTrace.packet(0, number, 0, ticks);
                int eventBytes = (packet.length - HEADER_BYTES) / ticks.length;
                for (int k = 0; k < ticks.length; k++) {
                    int id = (first + k) / 10;
                    packet[HEADER_BYTES + k * eventBytes] = (byte) id;
                    packet[HEADER_BYTES + k * eventBytes + 1] = (byte) (id >> 8);
                }
                if (length > 0) {
                    ByteBuffer tail = ByteBuffer.wrap(packet, length, packet.length - length);
                    stream.write(tail, offset + length);
                    stream.write(ByteBuffer.wrap(packet, 0, HEADER_BYTES), offset);
                } else {
                    stream.write(ByteBuffer.wrap(packet), offset);
                }
                length = packet.length;
                long bits = length * 8L;
                var entry = new IndexEntry(bits, bits, first + 1, i + 1, 1, 0, 0, 0, number);
                index.write(
                        IndexFile.entry(offset, entry),
                        IndexFile.HEADER_BYTES + (long) number * IndexFile.ENTRY_BYTES);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static FileChannel write(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.WRITE);
    }

    private static FileChannel append(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.APPEND);
    }
}
