// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.source.TraceReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What cannot be read is told, and the rest is read.
class UnreadableFilesTest {
    /// A regular file that nobody can read from its beginning, root neither.
    private static final Path UNREADABLE = Path.of("/proc/self/mem");

    @TempDir private Path folder;

    private Path trace;

    @BeforeEach
    void makeTrace() throws IOException {
        trace = folder.resolve("trace");
        SmallTrace small = new SmallTrace(trace);
        small.file("c_0", packet(0, 0, 0, 10, 20));
        small.file("c_1", packet(1, 0, 0, 15), packet(1, 1, 0, 25));
    }

    private static List<String> read(TraceReader reader) throws IOException {
        var times = new ArrayList<String>();
        while (reader.nextEvent()) {
            times.add(Long.toString(reader.event().nanos() - SmallTrace.EPOCH));
        }
        return times;
    }

    @Test
    void aFileThatCannotBeReadCostsItsEvents() throws IOException {
        Files.createSymbolicLink(trace.resolve("c_2.gz"), UNREADABLE);
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            assertThat(read(reader)).containsExactly("10", "15", "20", "25");
            assertThat(reader.damage())
                    .containsExactly(trace.resolve("c_2.gz") + ": Input/output error");
        }
    }

    /// It takes no bytes of the disk, and would take an hour to look through.
    @Test
    void aSparseFileIsNotSearchedForEver() throws IOException {
        Path file = trace.resolve("c_1");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            assertThat(read(reader)).containsExactly("10", "15", "20", "25");
            assertThat(reader.damage()).hasSize(2);
            assertThat(reader.damage().get(1))
                    .startsWith(file + ": no packet begins in 1024 MiB after byte ")
                    .contains("what follows is not looked at");
        }
    }

    @Test
    void behindAHoleIsTheNextPacket() throws IOException {
        Path file = trace.resolve("c_1");
        try (var holed = new RandomAccessFile(file.toFile(), "rw")) {
            holed.seek(holed.length() + 3_000_001);
            holed.write(packet(1, 2, 0, 35));
        }
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            assertThat(read(reader)).containsExactly("10", "15", "20", "25", "35");
            assertThat(reader.damage()).hasSize(1);
        }
    }

    @Test
    void soDoesOneThatIsGoneBeforeItIsRead() throws IOException {
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            Files.delete(trace.resolve("c_1"));
            assertThat(read(reader)).containsExactly("10", "20");
            assertThat(reader.damage().getFirst())
                    .startsWith(trace.resolve("c_1") + ": packet 0 at byte 0: No such file");
        }
    }

    @Test
    void metadataThatCannotBeReadCostsItsTrace() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.createSymbolicLink(other.resolve("metadata"), UNREADABLE);
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            assertThat(read(reader)).containsExactly("10", "15", "20", "25");
            assertThat(reader.damage())
                    .containsExactly(other.resolve("metadata") + ": Input/output error");
        }
    }

    @Test
    void anIndexThatCannotBeReadIsDoneWithout() throws IOException {
        Path index = Files.createDirectory(trace.resolve("index")).resolve("c_1.idx");
        Files.createSymbolicLink(index, UNREADABLE);
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            assertThat(read(reader)).containsExactly("10", "15", "20", "25");
            assertThat(reader.damage()).isEmpty();
            assertThat(reader.warnings())
                    .containsExactly(
                            index
                                    + ": Input/output error; the packets are found without the index");
        }
    }

    /// Here because of a path that is too long, which keeps root out, too.
    @Test
    void aFolderThatCannotBeSearchedKeepsNobodyFromTheOthers() throws IOException {
        Path top = folder.resolve("x".repeat(200));
        Path inner = folder.resolve("y".repeat(200));
        Path end = top;
        Path innerEnd = inner;
        for (int i = 0; i < 10; i++) {
            end = end.resolve("x".repeat(200));
            innerEnd = innerEnd.resolve("y".repeat(200));
        }
        Files.createDirectories(end);
        Files.createDirectories(innerEnd);
        Path moved = end.resolve("inner");
        Files.move(inner, moved);
        try {
            var unreadable = new ArrayList<String>();
            assertThat(TraceFolder.find(folder, unreadable::add)).containsExactly(trace);
            assertThat(unreadable).singleElement().asString().endsWith(": File name too long");
            assertThatThrownBy(() -> TraceFolder.find(folder)).hasMessage(unreadable.getFirst());
            try (TraceReader reader = TraceReader.open(List.of(folder))) {
                assertThat(read(reader)).hasSize(4);
                assertThat(reader.damage()).isEqualTo(unreadable);
            }
        } finally {
            Files.move(moved, inner);
        }
    }

    @Test
    @Timeout(60)
    void aFolderIsSearchedOnceHoweverManyLinksLeadToIt() throws IOException {
        Files.createSymbolicLink(folder.resolve("latest"), trace);
        for (int i = 0; i < 14; i++) {
            Path each = Files.createDirectory(folder.resolve("user" + i));
            for (int j = 0; j < 14; j++) {
                Files.createSymbolicLink(each.resolve("friend" + j), folder.resolve("user" + j));
            }
            Files.createSymbolicLink(each.resolve("all"), folder);
        }
        assertThat(TraceFolder.find(folder)).containsExactly(trace);
        Path links = Files.createDirectory(folder.resolve("links"));
        for (String name : List.of("b", "a", "c")) {
            Files.createSymbolicLink(links.resolve(name), trace);
        }
        assertThat(TraceFolder.find(links)).containsExactly(links.resolve("a"));
        try (TraceReader reader = TraceReader.open(List.of(folder.resolve("latest"), trace))) {
            assertThat(reader.sources()).hasSize(2);
            assertThat(read(reader)).hasSize(4);
        }
    }
}
