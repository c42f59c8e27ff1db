// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.domain.StreamKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewestPacketsTest {
    private static final StreamKey ONE = Packets.key(0, 0);
    private static final StreamKey OTHER = new StreamKey(Packets.TRACE, "c", "1", 1, 0, 0);

    @TempDir private Path directory;

    @Test
    void sendsTheNewestOfEachStreamWithinTheBound() throws Exception {
        try (var output = new TraceOutput(directory, UUID.randomUUID())) {
            var newest = new NewestPackets(output, 40_000, directory);
            for (int i = 0; i < 100; i++) {
                add(newest, output, ONE, i);
                add(newest, output, OTHER, i);
            }
            newest.flush();
            assertThat(newest.leftOut())
                    .isEqualTo(Map.of(0, new NewestPackets.LeftOut(200 - 9, 0)));
            assertThat(output.last(ONE).map(IndexEntry::sequence)).contains(99L);
            assertThat(output.last(OTHER).map(IndexEntry::sequence)).contains(99L);
        }
        Path trace = directory.resolve(Packets.TRACE);
        assertThat(trace.resolve("c_0").toFile().length() + trace.resolve("c_1").toFile().length())
                .isEqualTo(9 * 4096);
        assertThat(trace.resolve("c_0").toFile().length()).isBetween(4 * 4096L, 5 * 4096L);
    }

    @Test
    void boundsTheWholeAlsoWhereOneStreamHasOnlyOneLargePacket() throws Exception {
        StreamKey dump = new StreamKey(Packets.TRACE, "c", StreamKey.STATE_DUMP, 2, 0, 0);
        try (var output = new TraceOutput(directory, UUID.randomUUID())) {
            var newest = new NewestPackets(output, 40_000, directory);
            IndexEntry before = Packets.entry(0, 4096, 7, 0);
            newest.packet(dump, before, Packets.packet(output.traceUuid(Packets.TRACE), before));
            IndexEntry large = Packets.entry(200, 32_768, 5, 0);
            newest.packet(dump, large, Packets.packet(output.traceUuid(Packets.TRACE), large));
            for (int i = 1; i < 100; i++) {
                add(newest, output, ONE, i);
            }
            newest.flush();
            assertThat(newest.leftOut()).isEqualTo(Map.of(0, new NewestPackets.LeftOut(99 - 1, 7)));
        }
        Path trace = directory.resolve(Packets.TRACE);
        assertThat(trace.resolve("c_0").toFile().length()).isEqualTo(4096);
        assertThat(trace.resolve("c_statedump").toFile().length()).isEqualTo(32_768);
    }

    /// Without it readers would know that there was a loss before, and not how large.
    @Test
    void keepsTheEmptyPacketInFrontOfAStreamThatHasLostRecords() throws Exception {
        try (var output = new TraceOutput(directory, UUID.randomUUID())) {
            var newest = new NewestPackets(output, 20_000, directory);
            UUID uuid = output.traceUuid(Packets.TRACE);
            IndexEntry front = Packets.entry(0, 512, 0, 0);
            newest.packet(ONE, front, Packets.packet(uuid, front));
            for (int i = 1; i < 100; i++) {
                IndexEntry entry = Packets.entry(i, 4096, 1, 7);
                newest.packet(ONE, entry, Packets.packet(uuid, entry));
            }
            newest.flush();
            assertThat(newest.leftOut()).isEqualTo(Map.of(0, new NewestPackets.LeftOut(99 - 4, 0)));
        }
        Path stream = directory.resolve(Packets.TRACE).resolve("c_0");
        assertThat(stream).hasSize(512 + 4 * 4096);
        try (FileChannel index = FileChannel.open(IndexFile.of(stream))) {
            assertThat(IndexFile.read("c_0", index, Files.size(stream)))
                    .extracting(packet -> packet.entry().discardedEvents())
                    .containsExactly(0L, 7L, 7L, 7L, 7L);
        }
    }

    @Test
    void refusesABoundBelowOnePacketOfEachStream() throws IOException {
        try (var output = new TraceOutput(directory, UUID.randomUUID())) {
            var newest = new NewestPackets(output, 8_000, directory);
            add(newest, output, ONE, 0);
            add(newest, output, OTHER, 0);
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(newest::flush)
                    .withMessageContaining("8192 bytes");
        }
        assertThat(directory).isEmptyDirectory();
    }

    private static void add(NewestPackets newest, TraceOutput output, StreamKey key, long number)
            throws IOException {
        IndexEntry entry = Packets.entry(number, 4096, 1, 0);
        newest.packet(key, entry, Packets.packet(output.traceUuid(Packets.TRACE), entry));
    }
}
