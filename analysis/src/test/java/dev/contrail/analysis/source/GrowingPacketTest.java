// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.SmallTrace;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The last packet of a stream is written on in place: first what is new, then the packet's header,
/// then its index entry. A reader may come in between each of them.
class GrowingPacketTest {
    private static final int HEADER_BYTES = 80;

    private final byte[] first = SmallTrace.packet(0, 0, 0, 1, 2);
    private final byte[] before = SmallTrace.packet(0, 1, 0, 3, 4);

    /// Grown by more than the bytes that begin a packet.
    private final byte[] after =
            SmallTrace.packet(0, 1, 0, LongStream.rangeClosed(3, 30).toArray());

    @TempDir private Path folder;
    private SmallTrace trace;
    private Path file;

    @BeforeEach
    void writesTwoPackets() throws IOException {
        trace = new SmallTrace(folder);
        file = trace.file("c_0", first, before);
        trace.index("c_0", 2, first, before);
    }

    @Test
    void readsWhatWasThereWhenThePacketHasGrownAfterTheTraceWasOpened() throws IOException {
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            writeTail();
            writeHeader();
            trace.index("c_0", 2, first, after);
            assertThat(ticks(reader)).isEqualTo(ticksTo(4));
            assertThat(reader.damage()).isEmpty();
        }
    }

    @Test
    void readsWhatTheHeaderSaysWhenTheIndexIsBehind() throws IOException {
        writeTail();
        writeHeader();
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            assertThat(ticks(reader)).isEqualTo(ticksTo(30));
            assertThat(reader.damage()).isEmpty();
        }
    }

    @Test
    void findsThePacketsBehindTheOneWhoseEntryIsBehind() throws IOException {
        byte[] next = SmallTrace.packet(0, 2, 0, 31);
        trace.file("c_0", first, after, next);
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            assertThat(ticks(reader)).isEqualTo(ticksTo(31));
            assertThat(reader.damage()).isEmpty();
        }
    }

    @Test
    void waitsForTheHeaderThatIsAboutToBeWritten() throws Exception {
        writeTail();
        Thread reading = Thread.currentThread();
        Thread writer =
                new Thread(() -> {
                    while (reading.getState() != Thread.State.TIMED_WAITING) {
                        Thread.onSpinWait();
                    }
                    try {
                        writeHeader();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        writer.setDaemon(true);
        writer.start();
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            assertThat(ticks(reader)).isEqualTo(ticksTo(30));
            assertThat(reader.damage()).isEmpty();
        }
        writer.join();
    }

    @Test
    void tellsOfBytesBehindTheLastPacketThatNobodyWritesOn() throws IOException {
        writeTail();
        Files.setLastModifiedTime(
                file, FileTime.from(System.currentTimeMillis() - 60_000, TimeUnit.MILLISECONDS));
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            assertThat(ticks(reader)).isEqualTo(ticksTo(4));
            assertThat(reader.damage()).hasSize(1);
        }
    }

    @Test
    void tellsOfAHeaderThatPromisesMoreThanTheFileHas() throws IOException {
        writeHeader();
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            assertThat(ticks(reader)).isEqualTo(ticksTo(4));
            assertThat(reader.damage()).singleElement().asString().contains("bytes are here");
        }
    }

    @Test
    void tellsOfAPacketBeforeTheLastThatIsLongerThanItsEntry() throws IOException {
        byte[] longer = SmallTrace.packet(0, 0, 0, 1, 2, 3);
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(longer, 0, HEADER_BYTES);
        }
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            assertThat(ticks(reader)).isEqualTo(ticksTo(4));
            assertThat(reader.damage()).hasSize(1);
        }
    }

    private void writeTail() throws IOException {
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(out.length());
            out.write(Arrays.copyOfRange(after, before.length, after.length));
        }
    }

    private void writeHeader() throws IOException {
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(first.length);
            out.write(after, 0, HEADER_BYTES);
        }
    }

    private static List<Long> ticksTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private static List<Long> ticks(TraceReader reader) throws IOException {
        var ticks = new ArrayList<Long>();
        while (reader.nextEvent()) {
            ticks.add(reader.event().ticks());
        }
        return ticks;
    }
}
