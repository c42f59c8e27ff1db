// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import static dev.contrail.analysis.SmallTrace.packet;
import static dev.contrail.analysis.SmallTrace.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.convert.View;
import dev.contrail.analysis.source.Summary;
import dev.contrail.ctf.CtfException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A trace of compressed files is read as the one that it was made from.
class CompressedTraceTest {
    @TempDir private Path folder;

    private SmallTrace trace;
    private byte[][] packets;
    private String err = "";
    private String plain = "";

    /// Two streams, of which one is longer than what is kept in memory of a compressed one.
    @BeforeEach
    void makeTrace() throws IOException {
        trace = new SmallTrace(folder);
        var random = new Random(7);
        packets = new byte[4000][];
        long at = 0;
        for (int i = 0; i < packets.length; i++) {
            long[] ticks = ticks(random, at);
            at = ticks[ticks.length - 1];
            packets[i] = packet(0, i, 0, ticks);
        }
        trace.file("c_0", packets);
        trace.file("c_1", packet(1, 0, 0, 5, 17), packet(1, 1, 3, 30));
        plain = read(0);
        assertThat(plain.lines().count()).isGreaterThan(20_000);
        assertThat(Files.size(folder.resolve("c_0"))).isGreaterThan(2 << 18);
    }

    private String read(int status, String... options) {
        var out = new ByteArrayOutputStream();
        var errors = new ByteArrayOutputStream();
        String[] arguments = Arrays.copyOf(options, options.length + 1);
        arguments[options.length] = folder.toString();
        assertThat(View.main(arguments, out, new PrintStream(errors, true))).isEqualTo(status);
        err = errors.toString(StandardCharsets.UTF_8);
        return out.toString(StandardCharsets.UTF_8);
    }

    private Path gzip(String name) throws IOException {
        Path compressed = folder.resolve(name + ".gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            Files.copy(folder.resolve(name), out);
        }
        Files.delete(folder.resolve(name));
        return compressed;
    }

    @Test
    void streamsAreRead() throws IOException {
        gzip("c_0");
        assertThat(read(0)).isEqualTo(plain);
        assertThat(read(0, "--output-format=json").lines().count())
                .isGreaterThan(plain.lines().count());
    }

    @Test
    void soIsMetadataAndEveryCommandTakesIt() throws IOException {
        Summary.OneTrace before = Summary.of(List.of(folder), true).traces().getFirst();
        for (String name : List.of("c_0", "c_1", "metadata")) {
            gzip(name);
        }
        assertThat(read(0)).isEqualTo(plain);
        Summary.OneTrace after = Summary.of(List.of(folder), true).traces().getFirst();
        assertThat(after.classes()).isEqualTo(before.classes());
        assertThat(after.bytes()).isEqualTo(before.bytes());
        assertThat(after.range().orElseThrow()).isEqualTo(before.range().orElseThrow());
        assertThat(after.discardedEvents()).isEqualTo(before.discardedEvents());

        Path copy = folder.resolve("copy");
        read(0, "--output-format=ctf", "--output=" + copy);
        assertThat(copy.resolve("host1")).isDirectoryContaining("glob:**/c_0");
        var out = new ByteArrayOutputStream();
        var none = new PrintStream(OutputStream.nullOutputStream());
        assertThat(View.main(new String[] {copy.toString()}, out, none)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize((int) plain.lines().count());
        assertThat(read(0, "--output-format=ctf-metadata")).contains("trace {");
    }

    @Test
    void filesOfTheProgramZstdAreRead() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/zstd")), "zstd is not installed");
        for (String level : List.of("-1", "-3", "-19", "--no-check")) {
            byte[] original = Files.readAllBytes(folder.resolve("c_0"));
            for (String name : List.of("c_0", "metadata")) {
                zstd(level, "--keep", folder.resolve(name).toString());
            }
            byte[] metadata = Files.readAllBytes(folder.resolve("metadata"));
            Files.delete(folder.resolve("c_0"));
            Files.delete(folder.resolve("metadata"));
            assertThat(read(0)).as(level).isEqualTo(plain);
            Files.write(folder.resolve("c_0"), original);
            Files.write(folder.resolve("metadata"), metadata);
            Files.delete(folder.resolve("c_0.zst"));
            Files.delete(folder.resolve("metadata.zst"));
        }
    }

    private static void zstd(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("zstd", "-q"));
        command.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    /// Nobody compresses indexes: they lie where they were.
    @Test
    void packetsAreFoundByTheIndexOfTheOrigin() throws Exception {
        trace.index("c_0", 3000, packets);
        Path compressed = gzip("c_0");
        assertThat(packets(compressed).isIndexed()).isTrue();
        assertThat(packets(compressed).packets()).hasSize(packets.length);
        assertThat(read(0)).isEqualTo(plain);

        Files.delete(compressed);
        trace.file("c_0", Arrays.copyOf(packets, 2999));
        compressed = gzip("c_0");
        assertThat(packets(compressed).isIndexed()).isFalse();
        assertThat(packets(compressed).packets()).hasSize(2999);
        assertThat(packets(compressed).warnings())
                .singleElement()
                .asString()
                .contains("c_0.idx: packets end at byte ")
                .endsWith("; the packets are found without the index");
    }

    private PacketFile packets(Path file) throws CtfException {
        TraceFolder opened = TraceFolder.open(folder, folder);
        return opened.packets(opened.plan()).stream()
                .filter(each -> each.path().equals(file))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void severalMembersAreOneFile() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("c_0"));
        Files.delete(folder.resolve("c_0"));
        var joined = new ByteArrayOutputStream();
        for (int from = 0; from < whole.length; from += 100_000) {
            try (OutputStream out = new GZIPOutputStream(joined)) {
                out.write(whole, from, Math.min(100_000, whole.length - from));
            }
        }
        Files.write(folder.resolve("c_0.gz"), joined.toByteArray());
        assertThat(read(0)).isEqualTo(plain);
    }

    @Test
    void whatIsDamagedIsToldWithItsPlace() throws IOException {
        Path compressed = gzip("c_0");
        byte[] bytes = Files.readAllBytes(compressed);
        Files.write(compressed, Arrays.copyOf(bytes, bytes.length / 2));
        String read = read(1);
        assertThat(read.lines().count()).isGreaterThan(5000);
        assertThat(plain).startsWith(read.lines().limit(5000).reduce("", (a, b) -> a + b + "\n"));
        assertThat(err)
                .containsPattern(
                        "c_0\\.gz: the compressed data cannot be read after \\d+ bytes of trace");

        bytes[bytes.length / 2] ^= 0x55;
        Files.write(compressed, bytes);
        read(1);
        assertThat(err).contains("c_0.gz: the compressed data cannot be read after ");

        Files.write(compressed, Arrays.copyOf(bytes, 5));
        assertThat(read(1).lines()).hasSize(3);
        assertThat(err).contains("c_0.gz: the compressed data cannot be read after 0 bytes");
    }

    @Test
    void damagedMetadataIsAnError() throws IOException {
        Path compressed = gzip("metadata");
        byte[] bytes = Files.readAllBytes(compressed);
        Files.write(compressed, Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(read(1)).isEmpty();
        assertThat(err).contains("metadata.gz: the compressed data cannot be read");
    }

    @Test
    void aFileThatIsOnlyCalledCompressedIsNot() throws IOException {
        Files.move(folder.resolve("c_0"), folder.resolve("c_0.gz"));
        assertThat(read(0)).isEqualTo(plain);
    }

    @Test
    void aCompressedFileBesideItsOriginIsNotReadTwice() throws IOException {
        byte[] original = Files.readAllBytes(folder.resolve("c_0"));
        gzip("c_0");
        Files.write(folder.resolve("c_0"), original);
        assertThat(read(0)).isEqualTo(plain);
    }

    @Test
    void bytesCanBeReadInAnyOrder() throws IOException {
        byte[] original = Files.readAllBytes(folder.resolve("c_0"));
        Path compressed = gzip("c_0");
        ListedStream listed = ListedStream.of(compressed);
        assertThat(listed.sizeBytes()).isEqualTo(original.length);
        var random = new Random(11);
        try (StreamBytes bytes = listed.open()) {
            for (int i = 0; i < 60; i++) {
                int at = random.nextInt(original.length);
                ByteBuffer buffer = ByteBuffer.allocate(1 + random.nextInt(300_000));
                bytes.read(buffer, at);
                int length = Math.min(buffer.capacity(), original.length - at);
                byte[] read = new byte[buffer.remaining()];
                buffer.get(read);
                assertThat(read).isEqualTo(Arrays.copyOfRange(original, at, at + length));
            }
        }
    }
}
