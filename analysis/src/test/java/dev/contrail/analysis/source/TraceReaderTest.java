// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import static dev.contrail.analysis.SmallTrace.EPOCH;
import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.convert.View;
import dev.contrail.analysis.convert.ViewOptions;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.file.IndexFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceReaderTest {
    private static final byte[] A0 = packet(0, 0, 0, 10, 20, 30);
    private static final byte[] A1 = packet(0, 1, 0, 40, 50);
    private static final byte[] A2 = packet(0, 2, 7, 60);

    @TempDir private Path folder;

    /// Ticks of all events, as the payload tells them; checks them against the times.
    private static List<Long> ticks(TraceReader reader) throws IOException {
        var ticks = new ArrayList<Long>();
        while (reader.nextEvent()) {
            long n = -(Long) reader.event().field("n").orElseThrow();
            assertThat(reader.event().nanos()).isEqualTo(EPOCH + n);
            assertThat(reader.event().ticks()).isEqualTo(n);
            ticks.add(n);
        }
        return ticks;
    }

    private TraceReader open() throws IOException {
        return TraceReader.open(List.of(folder));
    }

    @Test
    void givesFieldsByNameAndScope() throws IOException {
        new SmallTrace(folder).file("c_0", A0);
        try (TraceReader reader = open()) {
            assertThat(reader.nextEvent()).isTrue();
            EventRecord event = reader.event();
            assertThat(event.name()).isEqualTo("tick");
            assertThat(event.eventClass().logLevel()).isEqualTo(6);
            assertThat(event.fields(Scope.PAYLOAD).sequencedKeySet())
                    .containsExactly("n", "text", "_values_length", "values");
            assertThat(event.field("text")).contains("é\n");
            assertThat(event.field("values")).contains(List.of(1L, 65535L));
            assertThat(event.field("nosuch")).isEmpty();
            assertThat(event.fields(Scope.COMMON_CONTEXT)).isEmpty();
            assertThat(event.fields(Scope.PACKET_CONTEXT)).containsEntry("packet_seq_num", 0L);
            assertThat(event.environment()).containsEntry("vpid", 42L);
            assertThat(event.stream().id()).isZero();
            assertThat(reader.traces()).extracting(Trace::name).containsExactly("host1");
        }
    }

    @Test
    void mergesStreamsByTimeAndThenByStream() throws IOException {
        SmallTrace trace = new SmallTrace(folder);
        trace.file("b", packet(1, 0, 0, 5, 20, 45));
        trace.file("a", A0, A1);
        try (TraceReader reader = open()) {
            assertThat(ticks(reader)).containsExactly(5L, 10L, 20L, 20L, 30L, 40L, 45L, 50L);
            assertThat(reader.damage()).isEmpty();
        }
    }

    @Test
    void joinsFilesOfOneStreamAndDropsPacketsThatSnapshotsHoldTwice() throws IOException {
        new SmallTrace(folder.resolve("first")).file("c_0_1", A0, packet(0, 1, 0, 40));
        new SmallTrace(folder.resolve("second")).file("c_0_0", A1, A2);
        try (TraceReader reader = open()) {
            assertThat(ticks(reader)).containsExactly(10L, 20L, 30L, 40L, 50L, 60L);
            assertThat(reader.traces()).hasSize(1);
        }
    }

    @Test
    void readsAGrowingFileUpToTheLastWholePacketQuietly() throws IOException {
        for (int cut = 1; cut < A1.length; cut++) {
            SmallTrace trace = new SmallTrace(folder);
            trace.file("c_0", A0, Arrays.copyOf(A1, cut));
            trace.index("c_0", 1, A0, A1);
            try (TraceReader reader = open()) {
                assertThat(ticks(reader)).containsExactly(10L, 20L, 30L);
                assertThat(reader.damage()).isEmpty();
                assertThat(reader.warnings()).isEmpty();
            }
        }
    }

    @Test
    void findsPacketsThatTheIndexDoesNotListYet() throws IOException {
        SmallTrace trace = new SmallTrace(folder);
        trace.file("c_0", A0, A1);
        trace.index("c_0", 1, A0, A1);
        try (TraceReader reader = open()) {
            assertThat(ticks(reader)).containsExactly(10L, 20L, 30L, 40L, 50L);
        }
    }

    /// Packet size, times, lost events, sequence number of the first, second or last entry.
    @ParameterizedTest
    @CsvSource({"0, 24", "2, 32", "1, 31", "1, 39", "1, 40", "0, 47", "1, 64", "2, 71"})
    void doesNotBelieveAnIndexThatSaysSomethingElseThanThePackets(int entry, int at)
            throws IOException {
        byte[] last = packet(0, 2, 0, 70, 80);
        SmallTrace trace = new SmallTrace(folder);
        trace.file("c_0", A0, A1, last);
        trace.index("c_0", 3, A0, A1, last);
        Path index = folder.resolve("index/c_0.idx");
        byte[] bytes = Files.readAllBytes(index);
        bytes[IndexFile.HEADER_BYTES + entry * IndexFile.ENTRY_BYTES + at] ^= 0x40;
        Files.write(index, bytes);
        try (TraceReader reader = open()) {
            assertThat(ticks(reader)).containsExactly(10L, 20L, 30L, 40L, 50L, 70L, 80L);
            assertThat(reader.warnings())
                    .singleElement()
                    .asString()
                    .contains("c_0.idx: entry", "the packets are found without the index");
        }
    }

    /// A counter that is higher has counted; one that is lower has not, or has begun anew.
    @ParameterizedTest
    @CsvSource({"0, 9223372036854775807", "3, 5", "0, -9223372036854775804", "-1, 4"})
    void tellsHoweverManyEventsWereLost(long before, long after) throws IOException {
        new SmallTrace(folder).file("c_0", packet(0, 0, before, 10), packet(0, 1, after, 20));
        var err = new ByteArrayOutputStream();
        View.main(
                new String[] {folder.toString()},
                new ByteArrayOutputStream(),
                new PrintStream(err));
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("discarded " + Long.toUnsignedString(after - before) + " events");
    }

    @Test
    void aCounterThatFallsTellsOfNoLoss() throws IOException {
        new SmallTrace(folder)
                .file("c_0", packet(0, 0, 0, 10), packet(0, 1, 9, 20), packet(0, 2, 8, 30));
        var err = new ByteArrayOutputStream();
        View.main(
                new String[] {folder.toString()},
                new ByteArrayOutputStream(),
                new PrintStream(err));
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(1)
                .first()
                .asString()
                .contains("discarded 9 events");
    }

    @Test
    void yieldsWhatIsIntactWhereverAFileIsCut() throws IOException {
        SmallTrace trace = new SmallTrace(folder);
        Path file = trace.file("c_0", A0, A1);
        trace.file("c_1", packet(1, 0, 0, 100));
        byte[] whole = Files.readAllBytes(file);
        int most = 0;
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            try (TraceReader reader = open()) {
                List<Long> ticks = ticks(reader);
                assertThat(ticks).endsWith(100L).isSorted();
                assertThat(ticks.size() - 1).isBetween(most, most + 1);
                most = ticks.size() - 1;
                boolean isWhole = length == 0 || length == A0.length;
                assertThat(reader.damage()).hasSize(isWhole ? 0 : 1);
                assertThat(reader.damage()).allMatch(line -> line.contains("c_0: packet "));
            }
        }
        assertThat(most).isEqualTo(4);
    }

    /// As of a trace that was copied while there was no room.
    @ParameterizedTest
    @CsvSource({
        "104, '10 20 30', 'is cut: only 104 of its 130 bytes are here, whose events were read'",
        "120, '10 20 30 40', 'is cut: only 120 of its 130 bytes are here, whose events were read'",
        "79, '10 20 30', 'is cut within its header: only 79 bytes of it are here'",
        "3, '10 20 30', 'is cut within its header: only 3 bytes of it are here'",
    })
    void saysHowMuchThereIsOfAPacket(int bytes, String ticks, String what) throws IOException {
        new SmallTrace(folder).file("c_0", A0, Arrays.copyOf(A1, bytes));
        try (TraceReader reader = open()) {
            assertThat(ticks(reader))
                    .isEqualTo(Arrays.stream(ticks.split(" ")).map(Long::valueOf).toList());
            assertThat(reader.damage())
                    .singleElement()
                    .asString()
                    .startsWith(folder + "/c_0: packet 1 at byte %d ".formatted(A0.length) + what)
                    .contains("; if this is a copy, copy it again");
        }
    }

    @Test
    void goesOnAtTheNextPacketBehindDamage() throws IOException {
        byte[] wrong = A1.clone();
        wrong[0] ^= 1;
        new SmallTrace(folder).file("c_0", A0, wrong, A2);
        try (TraceReader reader = open()) {
            assertThat(ticks(reader)).containsExactly(10L, 20L, 30L, 60L);
            assertThat(reader.damage())
                    .singleElement()
                    .asString()
                    .contains("c_0: packet 1 at byte " + A0.length)
                    .contains("magic number c0 1f fc c1, want c1 1f fc c1");
        }
    }

    @Test
    void saysWhereMetadataIsThatIsCompressedInAWayThatIsNotRead() throws IOException {
        Path metadata = Files.createDirectories(folder.resolve("a/b")).resolve("metadata.xz");
        Files.write(metadata, new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0});
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            assertThat(reader.damage())
                    .singleElement()
                    .asString()
                    .contains("no trace here", metadata + " is compressed by xz: unpack it");
        }
    }

    @Test
    void tellsTheFirstOfManyDamagedPacketsAndCountsTheOthers() throws IOException {
        byte[] wrong = A1.clone();
        wrong[80] = 9; // the event class
        new SmallTrace(folder).file("c_0", wrong, wrong, A0, wrong, A2);
        try (TraceReader reader = open()) {
            assertThat(ticks(reader)).contains(10L, 20L, 30L, 60L);
            assertThat(reader.damage())
                    .satisfiesExactly(
                            first -> assertThat(first).contains("c_0: packet 0 at byte 0, event 0"),
                            rest -> assertThat(rest).endsWith("c_0: 2 more packets are damaged"));
        }
    }

    @Test
    void accountsForDiscardedEventsAndMissingPackets() throws IOException {
        new SmallTrace(folder).file("c_0", A0, A2);
        var lost = new ArrayList<Message>();
        try (TraceReader reader = open()) {
            while (reader.next()) {
                if (!(reader.current() instanceof EventRecord)) {
                    lost.add(reader.current());
                }
            }
        }
        assertThat(lost)
                .filteredOn(Message.DiscardedPackets.class::isInstance)
                .singleElement()
                .satisfies(message -> {
                    var packets = (Message.DiscardedPackets) message;
                    assertThat(packets.count()).isEqualTo(1);
                    assertThat(packets.beginNanos()).hasValue(EPOCH + 30);
                    assertThat(packets.endNanos()).hasValue(EPOCH + 60);
                });
        assertThat(lost)
                .filteredOn(Message.DiscardedEvents.class::isInstance)
                .singleElement()
                .satisfies(message ->
                        assertThat(((Message.DiscardedEvents) message).count()).isEqualTo(7));
    }

    @Test
    void aPacketBeginTellsItsContextAndTicks() throws IOException {
        new SmallTrace(folder).file("c_0", A0, A2);
        var sequences = new ArrayList<Object>();
        var ticks = new ArrayList<Long>();
        try (TraceReader reader = open()) {
            while (reader.next()) {
                if (reader.current() instanceof Message.PacketBegin begin) {
                    sequences.add(begin.context().fields().get("packet_seq_num"));
                    ticks.add(begin.ticks());
                }
            }
        }
        assertThat(sequences).containsExactly(0L, 2L);
        assertThat(ticks).containsExactly(10L, 60L);
    }

    @Test
    void printsAnEventAsBabeltraceDoes() throws IOException {
        new SmallTrace(folder).file("c_0", A0);
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status =
                View.main(
                        new String[] {
                            "--clock-gmt", "--end=1600000000.000000020", folder.toString()
                        },
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        [12:26:40.000000010] (+?.?????????) host1:(42) tick: { n = -10, text = "é\\n", _values_length = 2, values = [ [0] = 1, [1] = 65535 ] }
                        [12:26:40.000000020] (+0.000000010) host1:(42) tick: { n = -20, text = "é\\n", _values_length = 2, values = [ [0] = 1, [1] = 65535 ] }
                        """);
    }

    @Test
    void saysThatThereIsNoTrace() {
        var err = new ByteArrayOutputStream();
        int status =
                View.run(
                        List.of(folder),
                        ViewOptions.DEFAULT,
                        new ByteArrayOutputStream(),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(status).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no trace here");
    }

    @Test
    void followsSymbolicLinksAndEndsAtLoops() throws IOException {
        Path trace = Files.createDirectories(folder.resolve("trace"));
        new SmallTrace(trace).file("c_0", A0);
        Path parent = Files.createDirectories(folder.resolve("parent"));
        Path link = Files.createSymbolicLink(parent.resolve("link"), trace);
        Files.createSymbolicLink(parent.resolve("loop"), parent);
        Files.createSymbolicLink(parent.resolve("dangling"), folder.resolve("nowhere"));
        for (Path root : List.of(link, parent)) {
            try (TraceReader reader = TraceReader.open(List.of(root))) {
                assertThat(ticks(reader)).containsExactly(10L, 20L, 30L);
            }
        }
    }
}
