// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.file.StateLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceOutputTest {
    private static final UUID SEED = UUID.randomUUID();
    private static final int BYTES = 4096;
    private static final StreamKey KEY = Packets.key(0, 0);

    @TempDir private Path directory;

    @Test
    void goesOnBehindTheLastWholePacketOfAKilledDaemon() throws IOException, CtfException {
        try (var first = new TraceOutput(directory, SEED)) {
            Packets.write(first, KEY, 0, BYTES);
            Packets.write(first, KEY, 1, BYTES);
        }
        for (int torn = 1; torn < BYTES; torn += 511) {
            cut(stream("c_0"), 2 * BYTES);
            Files.write(stream("c_0"), new byte[torn], StandardOpenOption.APPEND);
            Files.write(IndexFile.of(stream("c_0")), new byte[7], StandardOpenOption.APPEND);
            try (var next = new TraceOutput(directory, SEED)) {
                assertThat(next.last(KEY).map(IndexEntry::sequence)).contains(1L);
                Packets.write(next, KEY, 2, BYTES);
            }
            assertThat(sequences("c_0"))
                    .as("torn after %d bytes", torn)
                    .containsExactly(0L, 1L, 2L);
        }
    }

    @Test
    void aTraceThatWasMovedAwayIsBegunAnew() throws IOException, CtfException {
        Path trace = directory.resolve("trace");
        Path moved = directory.resolve("moved");
        try (var output = new TraceOutput(trace, SEED)) {
            output.metadata(KEY.traceDirectory(), "first");
            Packets.write(output, KEY, 0, BYTES);
            Files.move(trace, moved);
            assertThat(output.mayGrow(KEY, 0, 1)).isFalse();
            output.metadata(KEY.traceDirectory(), "first, second");
            Packets.write(output, KEY, 1, BYTES);

            assertThat(output.problem()).contains("has moved, removed or emptied");
        }
        assertThat(sequences(in(moved, "c_0"))).containsExactly(0L);
        assertThat(sequences(in(trace, "c_0"))).containsExactly(1L);
        assertThat(in(trace, "metadata")).hasContent("first, second");
    }

    @Test
    void metadataThatWasRemovedIsWrittenAgain() throws IOException {
        try (var output = new TraceOutput(directory, SEED)) {
            output.metadata(KEY.traceDirectory(), "text");
            Packets.write(output, KEY, 0, BYTES);
            Files.delete(in(directory, "metadata"));
            Packets.write(output, KEY, 1, BYTES);

            assertThat(in(directory, "metadata")).hasContent("text");
            assertThat(output.problem())
                    .contains("emptied")
                    .contains("metadata: recording goes on in a new one");
        }
    }

    @Test
    void aStreamThatWasEmptiedHoldsNothingMadeUp() throws IOException, CtfException {
        try (var output = new TraceOutput(directory, SEED)) {
            Packets.write(output, KEY, 0, BYTES);
            Packets.write(output, KEY, 1, BYTES);
            cut(stream("c_0"), 0);
            Packets.write(output, KEY, 2, BYTES);

            assertThat(output.problem()).contains("emptied");
        }
        assertThat(sequences("c_0")).containsExactly(2L);
    }

    @Test
    void whatOthersPutInTheTracesPlaceIsLeftAlone() throws IOException {
        Path trace = directory.resolve("trace");
        try (var output = new TraceOutput(trace, SEED)) {
            Packets.write(output, KEY, 0, BYTES);
            Files.move(trace, directory.resolve("moved"));
            Files.createDirectories(in(trace, "c_0").getParent());
            Files.writeString(in(trace, "c_0"), "theirs");
            IndexEntry lost = Packets.entry(1, BYTES, 10, 0);
            output.packet(KEY, lost, Packets.packet(output.traceUuid(Packets.TRACE), lost));

            assertThat(in(trace, "c_0")).hasContent("theirs");
            assertThat(output.lostRecords()).isEqualTo(10);
            assertThat(output.problem()).contains("has moved, removed or emptied");
        }
    }

    private static Path in(Path trace, String file) {
        return trace.resolve(KEY.traceDirectory()).resolve(file);
    }

    @Test
    void aPacketThatHasGrownTakesItsOwnPlace() throws IOException, CtfException {
        try (var output = new TraceOutput(directory, SEED)) {
            assertThat(output.mayGrow(KEY, 0, 1)).isFalse();
            Packets.write(output, KEY, 0, BYTES);
            Packets.write(output, KEY, 1, 200);
            assertThat(output.mayGrow(KEY, 0, 1)).as("not the last").isFalse();
            assertThat(output.mayGrow(KEY, 1, 300)).isTrue();
            Packets.write(output, KEY, 1, 500);
            output.end(KEY);
            assertThat(output.last(KEY).orElseThrow().packetBits()).isEqualTo(500 * 8);
            assertThat(output.mayGrow(KEY, 1, 1)).as("opened again").isTrue();
            Packets.write(output, KEY, 1, 700);
            Packets.write(output, KEY, 2, BYTES);
        }
        assertThat(sequences("c_0")).containsExactly(0L, 1L, 2L);
        assertThat(stream("c_0")).hasSize(2 * BYTES + 700);
        assertThat(IndexFile.of(stream("c_0")))
                .hasSize(IndexFile.HEADER_BYTES + 3L * IndexFile.ENTRY_BYTES);
    }

    @Test
    void aDaemonThatWasKilledWhileAPacketGrewLeavesItAsItWas() throws IOException, CtfException {
        try (var first = new TraceOutput(directory, SEED)) {
            Packets.write(first, KEY, 0, 200);
        }
        Files.write(stream("c_0"), new byte[300], StandardOpenOption.APPEND); // not its header yet
        try (var next = new TraceOutput(directory, SEED)) {
            assertThat(next.last(KEY).orElseThrow().packetBits()).isEqualTo(200 * 8);
            Packets.write(next, KEY, 0, 500);
        }
        assertThat(sequences("c_0")).containsExactly(0L);
        assertThat(stream("c_0")).hasSize(500);
    }

    @Test
    void aPacketDoesNotGrowBeyondTheFilesLimit() throws IOException, CtfException {
        StreamKey key = Packets.key(BYTES, 2);
        try (var output = new TraceOutput(directory, SEED)) {
            Packets.write(output, key, 0, BYTES - 100);
            assertThat(output.mayGrow(key, 0, 100)).isTrue();
            assertThat(output.mayGrow(key, 0, 101)).isFalse();
        }
    }

    @Test
    void makesNoFileForAStreamThatIsOnlyAskedAfter() throws IOException {
        try (var output = new TraceOutput(directory, SEED)) {
            assertThat(output.last(KEY)).isEmpty();
            assertThat(output.last(Packets.key(BYTES, 2))).isEmpty();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void remembersWhatADaemonBeforeItHasLost() throws IOException, CtfException {
        Path account = directory.resolve("lost");
        LostRecords.in(account).add(KEY, Packets.entry(0, BYTES, 3, 0));
        LostRecords.in(account).add(KEY, Packets.entry(1, BYTES, 4, 0));
        try (var output = new TraceOutput(directory, SEED, LostRecords.in(account))) {
            Packets.write(output, KEY, 0, BYTES);

            assertThat(output.lostRecords()).isEqualTo(7);
            assertThat(output.problem()).contains("before this one").contains(directory.toString());
            assertThat(output.last(KEY).orElseThrow().discardedEvents()).isZero();
        }
        assertThat(packets("c_0").getLast().entry().discardedEvents()).isEqualTo(7);
    }

    /// No packet comes after a loss where the disk is full: the last one says it.
    @Test
    void tellsAtItsEndWhatWasLostAfterTheLastPacketAndOnlyOnce() throws IOException, CtfException {
        Path account = directory.resolve("lost");
        var lost = LostRecords.in(account);
        try (var output = new TraceOutput(directory, SEED, lost)) {
            Packets.write(output, KEY, 0, BYTES);
            lost.add(KEY, Packets.entry(1, BYTES, 5, 0));
            output.tellLosses();
            output.tellLosses();
            assertThat(packets("c_0").getLast().entry().discardedEvents()).isEqualTo(5);
            lost.add(KEY, Packets.entry(2, BYTES, 2, 0));
        }
        assertThat(packets("c_0").getLast().entry().discardedEvents()).isEqualTo(7);
        try (var next = new TraceOutput(directory, SEED, LostRecords.in(account))) {
            assertThat(next.last(KEY).orElseThrow().discardedEvents()).isZero();
            Packets.write(next, KEY, 1, BYTES);
        }
        assertThat(packets("c_0").getLast().entry().discardedEvents()).isEqualTo(7);
    }

    /// A reader tells of a loss between the ends of two packets.
    @Test
    void aLossReachesToTheEndOfTheLastPacketThatWasLost() throws IOException, CtfException {
        Path account = directory.resolve("lost");
        try (var output = new TraceOutput(directory, SEED, LostRecords.in(account))) {
            Packets.write(output, KEY, 0, BYTES);
            output.lose(KEY, Packets.entry(700, BYTES, 5, 0));
            output.tellLosses();
            assertThat(packets("c_0").getLast().entry().endTicks()).isEqualTo(1_700);
        }
        LostRecords next = LostRecords.in(account);
        assertThat(next.of(KEY).endTicks()).isEqualTo(1_700);
        assertThat(stored("c_0").getLast().endTicks()).as("in the packet").isEqualTo(1_700);
    }

    /// What the ring itself had discarded by then no packet tells any more.
    @Test
    void tellsWhatTheRingHadDiscardedBesideWhatCouldNotBeStored() throws IOException, CtfException {
        try (var output = new TraceOutput(directory, SEED)) {
            Packets.write(output, KEY, 0, BYTES);
            output.lose(KEY, Packets.entry(1, BYTES, 5, 30));
            output.lose(KEY, Packets.entry(2, BYTES, 5, 70));
        }
        assertThat(packets("c_0").getLast().entry().discardedEvents()).isEqualTo(80);
    }

    @Test
    void understandsTheAccountOfLossesOfAnEarlierVersion() throws IOException {
        Path account = directory.resolve("lost");
        StateLog.open(account).append("12\t" + Packets.TRACE + "/c_0");

        assertThat(LostRecords.in(account).of(KEY).records()).isEqualTo(12);
        assertThat(LostRecords.in(account).sum()).isEqualTo(12);
    }

    @Test
    void aDiskThatHasHealedIsSaidToHaveFailedUntilThen() throws IOException {
        Path blocker = Files.createDirectories(IndexFile.of(stream("c_0")));
        try (var output = new TraceOutput(directory, SEED)) {
            IndexEntry lost = Packets.entry(0, BYTES, 10, 0);
            output.packet(KEY, lost, Packets.packet(output.traceUuid(Packets.TRACE), lost));
            assertThat(output.problem()).startsWith("Cannot write below " + directory);
            Files.delete(blocker);
            Packets.write(output, KEY, 1, BYTES);

            assertThat(output.problem())
                    .matches("Nothing could be written below .* until \\d\\d:\\d\\d:\\d\\d: .*");
        }
    }

    @Test
    void replacesTheStreamsOfAnotherSession() throws IOException, CtfException {
        try (var other = new TraceOutput(directory, UUID.randomUUID())) {
            Packets.write(other, KEY, 7, BYTES);
        }
        try (var output = new TraceOutput(directory, SEED)) {
            assertThat(output.last(KEY)).isEmpty();
            Packets.write(output, KEY, 0, BYTES);
        }
        assertThat(sequences("c_0")).containsExactly(0L);
    }

    @Test
    void keepsAsManyFilesOfAStreamAsAskedAndGoesOnWithTheNewest() throws IOException, CtfException {
        StreamKey key = Packets.key(2 * BYTES, 3);
        try (var output = new TraceOutput(directory, SEED)) {
            for (int i = 0; i < 8; i++) {
                Packets.write(output, key, i, BYTES);
            }
        }
        try (var next = new TraceOutput(directory, SEED)) {
            assertThat(next.last(key).map(IndexEntry::sequence)).contains(7L);
            Packets.write(next, key, 8, BYTES);
        }
        assertThat(sequences("c_0_0")).containsExactly(6L, 7L);
        assertThat(sequences("c_0_1")).containsExactly(8L);
        assertThat(sequences("c_0_2")).containsExactly(4L, 5L);
        assertThat(stream("c_0_3")).doesNotExist();
    }

    @Test
    void countsWhatCannotBeStoredAndTellsItInTheNextPacket() throws IOException, CtfException {
        Path blocker = Files.createDirectories(IndexFile.of(stream("c_0"))); // no file opens there
        try (var output = new TraceOutput(directory, SEED)) {
            IndexEntry lost = Packets.entry(0, BYTES, 10, 3);
            output.packet(KEY, lost, Packets.packet(output.traceUuid(Packets.TRACE), lost));
            assertThat(output.lostRecords()).isEqualTo(10);
            assertThat(output.problem()).contains("Cannot write below " + directory);
            Files.delete(blocker);
            IndexEntry stored = Packets.entry(1, BYTES, 10, 4);
            output.packet(KEY, stored, Packets.packet(output.traceUuid(Packets.TRACE), stored));
            assertThat(output.lostRecords()).isEqualTo(10);
        }
        assertThat(packets("c_0").getLast().entry().discardedEvents()).isEqualTo(14);
    }

    @Test
    void leavesTheCountToACallerThatComesAgain() throws IOException {
        Files.createDirectories(IndexFile.of(stream("c_0")));
        try (var output = new TraceOutput(directory, SEED)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> Packets.write(output, KEY, 0, BYTES));
            assertThat(output.lostRecords()).isZero();
            assertThat(output.problem()).isNotEmpty();
        }
    }

    @Test
    void appendsToMetadataAndReplacesWhatDoesNotContinue() throws IOException {
        Path file = directory.resolve(Packets.TRACE).resolve("metadata");
        try (var output = new TraceOutput(directory, SEED)) {
            output.metadata(Packets.TRACE, "one");
            Object inode = Files.getAttribute(file, "unix:ino");
            output.metadata(Packets.TRACE, "one two");
            assertThat(file).hasContent("one two");
            assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
        }
        try (var output = new TraceOutput(directory, SEED)) {
            output.metadata(Packets.TRACE, "one two three");
            assertThat(file).hasContent("one two three");
            output.metadata(Packets.TRACE, "other");
            assertThat(file).hasContent("other");
        }
    }

    private Path stream(String name) {
        return directory.resolve(Packets.TRACE).resolve(name);
    }

    private List<PacketLocation> packets(String name) throws IOException, CtfException {
        try (FileChannel index = FileChannel.open(IndexFile.of(stream(name)))) {
            return IndexFile.read(name, index, Files.size(stream(name)));
        }
    }

    /// As the packets themselves tell.
    private List<IndexEntry> stored(String name) throws IOException, CtfException {
        Files.delete(IndexFile.of(stream(name)));
        try (var again = new TraceOutput(directory, SEED)) {
            return List.of(again.last(KEY).orElseThrow());
        }
    }

    private List<Long> sequences(String name) throws IOException, CtfException {
        return packets(name).stream().map(packet -> packet.entry().sequence()).toList();
    }

    private static List<Long> sequences(Path file) throws IOException, CtfException {
        try (FileChannel index = FileChannel.open(IndexFile.of(file))) {
            return IndexFile.read(file.getFileName().toString(), index, Files.size(file)).stream()
                    .map(packet -> packet.entry().sequence())
                    .toList();
        }
    }

    private static void cut(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }
}
