// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.write;

import static dev.contrail.ctf.FieldClass.signed;
import static dev.contrail.ctf.FieldClass.unsigned;
import static dev.contrail.ctf.Traces.struct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.Traces;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CtfWriterTest {
    private static final ClockClass CLOCK = Traces.CLOCK;
    private static final StreamClass STREAM = new StreamClass(0, CLOCK.id());
    private static final EventClass TICK =
            event(3, "tick", new Member("_n", signed(32)), new Member("_text", new TextClass()));

    @TempDir private Path temporary;
    private Path folder;

    private static EventClass event(long id, String name, Member... fields) {
        return new EventClass(
                id, 0, name, EventClass.NO_LOG_LEVEL, StructureClass.ABSENT, struct(fields));
    }

    private CtfWriter create(CtfVersion version, int packetBytes) throws IOException {
        folder = temporary.resolve("trace_" + version + packetBytes);
        return CtfWriter.create(folder, trace(), version, packetBytes);
    }

    private static TraceClass trace() {
        return new TraceClass(
                TraceClass.NO_UUID,
                ByteOrder.LITTLE_ENDIAN,
                StructureClass.ABSENT,
                new LinkedHashMap<>(Map.of("hostname", "host1")),
                List.of(CLOCK));
    }

    private List<IndexEntry> index() throws IOException, CtfException {
        Path file = folder.resolve("channel_0");
        try (FileChannel index = FileChannel.open(IndexFile.of(file))) {
            return IndexFile.read("index", index, Files.size(file)).stream()
                    .map(PacketLocation::entry)
                    .toList();
        }
    }

    /// Event class ids and ticks, decoded.
    private List<String> records() throws IOException, CtfException {
        TracePlan plan = TracePlan.of("m", MetadataFile.read("m", folder.resolve("metadata")));
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("channel_0")));
        var decoder = new PacketDecoder(plan);
        var records = new ArrayList<String>();
        int at = 0;
        while (at < file.limit()) {
            IndexEntry entry =
                    decoder.begin(file.slice(at, file.limit() - at), "f", 0, at, 1 << 30);
            while (decoder.next()) {
                records.add(decoder.event().eventClass().id() + "@" + decoder.ticks());
            }
            at += (int) (entry.packetBits() / 8);
        }
        return records;
    }

    /// As in the README.
    @Test
    void writesATraceInTenLines() throws IOException, CtfException {
        folder = temporary.resolve("ten-lines");
        var environment = new LinkedHashMap<String, Object>(Map.of("hostname", "host1"));
        var trace =
                new TraceClass(
                        UUID.randomUUID(),
                        ByteOrder.LITTLE_ENDIAN,
                        StructureClass.ABSENT,
                        environment,
                        List.of(CLOCK));
        var fields =
                new StructureClass(
                        List.of(new Member("_n", signed(32)), new Member("_text", new TextClass())),
                        1);
        var tick =
                new EventClass(
                        0, 0, "tick", EventClass.NO_LOG_LEVEL, StructureClass.ABSENT, fields);
        try (CtfWriter writer =
                CtfWriter.create(folder, trace, CtfVersion.CTF_2, CtfWriter.PACKET_BYTES)) {
            CtfStream stream = writer.stream(new StreamClass(0, CLOCK.id()), "channel_0");
            stream.append(tick, 1_000, 42, "text");
            stream.flush();
        }
        assertThat(records()).containsExactly("0@1000");
    }

    @Test
    void packetsEndAtTheirSizeAndALargerRecordHasOneOfItsOwn() throws IOException, CtfException {
        try (CtfWriter writer = create(CtfVersion.CTF_1_8, 200)) {
            CtfStream stream = writer.stream(STREAM, "channel_0");
            for (int i = 0; i < 20; i++) {
                stream.append(TICK, 100 + i, i, i == 10 ? "x".repeat(500) : "short");
            }
        }
        assertThat(records()).hasSize(20).startsWith("3@100").endsWith("3@119");
        List<IndexEntry> index = index();
        assertThat(index).allMatch(each -> each.packetBits() <= 1600 || each.packetBits() > 4000);
        assertThat(index).hasSizeBetween(4, 8);
        for (int i = 0; i < index.size(); i++) {
            assertThat(index.get(i).sequence()).isEqualTo(i);
            assertThat(index.get(i).beginTicks()).isLessThanOrEqualTo(index.get(i).endTicks());
        }
    }

    @Test
    void longPausesAndLargeIdsTakeTheLongHeader() throws IOException, CtfException {
        EventClass far = event(-2, "far", new Member("_n", signed(8)));
        try (CtfWriter writer = create(CtfVersion.CTF_1_8, 1000)) {
            CtfStream stream = writer.stream(STREAM, "channel_0");
            stream.append(TICK, 1, 0, "");
            stream.append(TICK, 1L << 32, 0, "");
            stream.append(TICK, 1L << 40, 0, "");
            stream.append(far, -1, 0);
        }
        assertThat(records()).containsExactly("3@1", "3@" + (1L << 32), "3@" + (1L << 40), "-2@-1");
    }

    @Test
    void countsWhatIsMissing() throws IOException, CtfException {
        try (CtfWriter writer = create(CtfVersion.CTF_2, 1000)) {
            CtfStream stream = writer.stream(STREAM, "channel_0");
            stream.begin(5);
            stream.flush(9);
            stream.skipPackets(2);
            stream.append(TICK, 20, 0, "");
            stream.discardEvents(7);
        }
        List<IndexEntry> index = index();
        assertThat(index).extracting(IndexEntry::sequence).containsExactly(0L, 3L);
        assertThat(index).extracting(IndexEntry::discardedEvents).containsExactly(0L, 7L);
        assertThat(index).extracting(IndexEntry::endTicks).containsExactly(9L, 20L);
    }

    @Test
    void refusesWhatDoesNotFitAndLeavesNoTraceOfIt() throws IOException, CtfException {
        var labels = new EnumerationClass(unsigned(8), List.of(new Mapping("a", 2, 3)));
        EventClass all =
                event(
                        4,
                        "all",
                        new Member("_e", labels),
                        new Member("_len", unsigned(8)),
                        new Member("_s", new SequenceClass(signed(8), "_len")),
                        new Member("_in", struct(new Member("_t", new TextClass()))));
        try (CtfWriter writer = create(CtfVersion.CTF_1_8, 1000)) {
            CtfStream stream = writer.stream(STREAM, "channel_0");
            refused(stream, all, "event.fields.e: want a label of the enumeration", "b");
            refused(stream, all, "event.fields.e: want an integer from 0 to 255, found -1", -1);
            refused(stream, all, "event.fields.len: want an integer from 0 to 255", 2, 256);
            refused(stream, all, "event.fields.s: want 2 elements", 2, 2, List.of(1));
            refused(
                    stream,
                    all,
                    "event.fields.s[1]: want an integer from -128 to 127, found 128",
                    2,
                    2,
                    List.of(1, 128));
            refused(
                    stream,
                    all,
                    "event.fields.in: want no member",
                    2,
                    0,
                    List.of(),
                    Map.of("x", 1));
            refused(stream, all, "event.fields.in.t: want a text", 2, 0, List.of(), Map.of());
            refused(stream, all, "found one with it", 2, 0, List.of(), Map.of("t", "a\0b"));
            assertThatThrownBy(() -> stream.append(all, 1, "a"))
                    .hasMessage("event `all`: event.fields: want 4 members, found 1 of them");
            stream.append(all, 1, "a", 1, List.of(-128), Map.of("_t", "x"));
            refused(stream, all, "event.fields.e: want an integer", 2.5);
            stream.append(TICK, 2, 1, "x");
            EventClass other = event(3, "other", new Member("_n", signed(32)));
            assertThatThrownBy(() -> stream.append(other, 3, 1))
                    .hasMessage("another event class has the id 3 of `other`");
            EventClass bad = event(9, "bad", new Member("_s", new SequenceClass(signed(8), "no")));
            assertThatThrownBy(() -> stream.append(bad, 3, List.of())).hasMessageContaining("no");
        }
        assertThat(records()).containsExactly("4@1", "3@2");
        assertThat(index()).extracting(IndexEntry::beginTicks).first().isEqualTo(1L);
    }

    private static void refused(CtfStream stream, EventClass event, String why, Object... first) {
        var values = new ArrayList<Object>(List.of(first));
        values.addAll(Collections.nCopies(4 - first.length, 0));
        assertThatThrownBy(() -> stream.append(event, 0, values.toArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("event `all`: ")
                .hasMessageContaining(why);
    }

    @Test
    void filesAreTheOwnersAloneAndNoTraceIsOverwritten() throws IOException {
        try (CtfWriter writer = create(CtfVersion.CTF_1_8, 1000)) {
            writer.stream(STREAM, "channel_0").append(TICK, 1, 1, "x");
            assertThatThrownBy(() -> writer.stream(STREAM, "channel_0"))
                    .isInstanceOf(FileAlreadyExistsException.class);
            assertThatThrownBy(() -> writer.stream(STREAM, "../x")).hasMessageContaining("../x");
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
        assertThatThrownBy(() -> CtfWriter.create(folder, trace()))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aStreamWhoseIndexCannotBeginLeavesNoFileAndNoOpenOne() throws IOException {
        try (CtfWriter writer = create(CtfVersion.CTF_1_8, 1000)) {
            Path data = folder.resolve("channel_0");
            Path index = IndexFile.of(data);
            Files.createDirectories(index);
            assertThatThrownBy(() -> writer.stream(STREAM, "channel_0"))
                    .isInstanceOf(FileAlreadyExistsException.class)
                    .hasMessageContaining("channel_0.idx");
            assertThat(data).doesNotExist();
            assertThat(openFiles()).noneMatch(name -> name.startsWith(data.toString()));
            Files.delete(index);
            writer.stream(STREAM, "channel_0");
        }
        assertThat(folder.resolve("channel_0")).exists();
    }

    /// Names of the process's open files; a deleted one's ends with a word about that.
    private static List<String> openFiles() throws IOException {
        var names = new ArrayList<String>();
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            for (Path file : files.toList()) {
                names.add(Files.readSymbolicLink(file).toString());
            }
        }
        return names;
    }

    @Test
    void classesMayComeWhileRecordsAreWritten() throws IOException, CtfException {
        try (CtfWriter writer = create(CtfVersion.CTF_2, 1000)) {
            CtfStream stream = writer.stream(STREAM, "channel_0");
            for (int i = 0; i < 3; i++) {
                stream.append(event(i, "e" + i, new Member("_n", unsigned(8))), i, i);
                stream.append(event(0, "e0", new Member("_n", unsigned(8))), i, i);
            }
        }
        assertThat(records()).containsExactly("0@0", "0@0", "1@1", "0@1", "2@2", "0@2");
    }

    @Test
    void handsPacketsOverWithoutAFolder() throws IOException, CtfException {
        CtfWriter writer = CtfWriter.inMemory(new TraceClass(CLOCK), 4096);
        writer.declare(List.of(STREAM), List.of(TICK));
        Metadata metadata = writer.declared();
        var packets = new ArrayList<ByteBuffer>();
        var entries = new ArrayList<IndexEntry>();
        CtfStream stream =
                writer.stream(
                        STREAM,
                        7,
                        (packet, entry) -> {
                            packets.add(ByteBuffer.allocate(packet.remaining()).put(packet).flip());
                            entries.add(entry);
                        });
        for (int i = 0; i < 1000; i++) {
            stream.append(TICK, i, i, "text");
        }
        writer.close();
        assertThat(entries).hasSizeGreaterThan(2).allMatch(each -> each.streamInstanceId() == 7);
        var decoder = new PacketDecoder(TracePlan.of("metadata", metadata));
        long events = 0;
        for (int i = 0; i < packets.size(); i++) {
            int size = packets.get(i).remaining();
            IndexEntry found = decoder.begin(packets.get(i), "memory", i, 0, size);
            assertThat(found.endTicks()).isEqualTo(entries.get(i).endTicks());
            while (decoder.next()) {
                assertThat(decoder.ticks()).isEqualTo(events++);
            }
        }
        assertThat(events).isEqualTo(1000);
    }

    @Test
    void declaresNothingMoreOnceReadersHaveTheMetadata() throws IOException {
        CtfWriter writer = CtfWriter.inMemory(new TraceClass(CLOCK), 4096);
        writer.declare(List.of(STREAM), List.of());
        writer.declared();
        CtfStream stream = writer.stream(STREAM, 0, (_, _) -> {});
        assertThatThrownBy(() -> stream.append(TICK, 1, 2, "text"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tick");
        assertThatThrownBy(() -> writer.stream(STREAM, 1, "file"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("file");
    }
}
