// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.contrail.analysis.convert.View;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file that ends anywhere shows what is intact before its end, or says what is wrong.
///
/// Own small traces are cut at every byte. Files of the corpus up to 64 KiB are cut at a few bytes
/// each, at every byte with `-Dtruncation.cuts=all -Dsurefire.timeout=0` (hours).
class TruncationTest {
    private static final int TRACES = 12;
    private static final int CUTS_OF_A_FILE = 2;
    private static final long MOST_BYTES = 64 << 10;

    @TempDir private Path folder;

    private record Shown(int status, String out, List<String> lines) {}

    private Shown show() {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status =
                View.main(
                        new String[] {"--clock-gmt", folder.toString()},
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Shown(
                status,
                out.toString(StandardCharsets.ISO_8859_1),
                err.toString(StandardCharsets.UTF_8).lines().toList());
    }

    /// Cuts the trace's only stream, or its metadata.
    private void cut(String name, byte[] whole, String text, IntStream lengths, String what)
            throws IOException {
        for (int length : lengths.toArray()) {
            Files.write(folder.resolve(name), Arrays.copyOf(whole, length));
            Shown shown = show();
            assertThat(shown.lines)
                    .as("%s: %s cut at %d", what, name, length)
                    .allMatch(line -> line.startsWith("ERROR: ") || line.startsWith("WARNING: "));
            assertThat(shown.status)
                    .isEqualTo(shown.lines.stream().anyMatch(line -> line.startsWith("E")) ? 1 : 0);
            if (!name.equals("metadata")) {
                assertThat(text).as("%s: %s cut at %d", what, name, length).startsWith(shown.out);
            }
        }
        Files.write(folder.resolve(name), whole);
    }

    private void replace(Path metadata, Path stream) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        Files.copy(metadata, folder.resolve("metadata"));
        Files.copy(stream, folder.resolve("s"));
    }

    @Test
    void showsWhatIsIntactOfOwnTracesCutAtEveryByte(@TempDir Path traces) throws IOException {
        for (int seed = 0; seed < TRACES; seed++) {
            Path trace = traces.resolve("t" + seed);
            RandomTrace.write(seed, trace);
            replace(trace.resolve("metadata"), trace.resolve("s0"));
            String text = show().out;
            for (String name : List.of("s", "metadata")) {
                byte[] whole = Files.readAllBytes(folder.resolve(name));
                cut(name, whole, text, IntStream.range(0, whole.length), "seed " + seed);
            }
        }
    }

    @Test
    void showsWhatIsIntactOfTheCorpus() throws IOException {
        Optional<Path> corpus = CorpusTest.corpus();
        assumeTrue(corpus.isPresent(), "no corpus beside the checkout: shared/traces is absent");
        List<Path> metadata;
        try (Stream<Path> all = Files.walk(corpus.get())) {
            metadata = all.filter(path -> path.endsWith("metadata")).sorted().toList();
        }
        var random = new Random(1);
        int cuts = 0;
        for (Path declared : metadata) {
            List<Path> streams;
            try (Stream<Path> all = Files.list(declared.getParent())) {
                streams =
                        all.filter(path -> !path.equals(declared))
                                .filter(TruncationTest::isSmall)
                                .sorted()
                                .toList();
            }
            for (Path stream : streams) {
                replace(declared, stream);
                String text = show().out;
                byte[] whole = Files.readAllBytes(stream);
                cut("s", whole, text, lengths(whole, random), stream.toString());
                cuts++;
            }
            if (!streams.isEmpty() && isSmall(declared)) {
                byte[] whole = Files.readAllBytes(declared);
                cut("metadata", whole, "", lengths(whole, random), declared.toString());
            }
        }
        assertThat(cuts).isPositive();
    }

    private static boolean isSmall(Path path) {
        try {
            long size = Files.size(path);
            return Files.isRegularFile(path) && size > 0 && size <= MOST_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    private static IntStream lengths(byte[] whole, Random random) {
        return "all".equals(System.getProperty("truncation.cuts"))
                ? IntStream.range(0, whole.length)
                : random.ints(CUTS_OF_A_FILE, 0, whole.length);
    }
}
