// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Random traces, right and wrong ones, beside babeltrace2 2.0.4: what is read, what is refused,
/// and what is said of losses is the same, but for the rows of `docs/differences.md`.
///
/// `bench/differential.sh` goes on with other seeds for as long as one likes.
class DifferentialInteropTest {
    private static final int SEEDS = 15;
    private static final int LONG_SEEDS = 1500;

    @TempDir private Path folder;

    @BeforeEach
    void needsThePeer() {
        assumeTrue(Files.isExecutable(Peer.PROGRAM), "babeltrace2 is not installed");
    }

    private void compare(TraceKind kind, long first, int count)
            throws IOException, InterruptedException {
        var readers =
                new SideBySide(
                        Files.createDirectories(folder.resolve("out")), KnownDifferences.read());
        for (long seed = first; seed < first + count; seed++) {
            Path trace = folder.resolve("trace");
            List<Path> traces = kind.write(seed, trace);
            Optional<Difference> found = readers.compare(traces, TraceKind.options(seed));
            assertThat(found).as("%s seed %d", kind, seed).isEmpty();
            DifferentialFuzz.delete(trace);
        }
        assertThat(readers.agreed() + readers.refused())
                .as("babeltrace2 has come to an end: " + readers.account())
                .isGreaterThan(count);
    }

    @ParameterizedTest
    @EnumSource
    void knownSeedsAreReadTheSame(TraceKind kind) throws IOException, InterruptedException {
        compare(kind, 0, SEEDS);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    void manyFreshOnes(TraceKind kind) throws IOException, InterruptedException {
        compare(kind, new Random().nextInt(Integer.MAX_VALUE), LONG_SEEDS);
    }

    private void compareOwn(OwnKind kind, long first, int count)
            throws IOException, InterruptedException {
        Path out = Files.createDirectories(folder.resolve("out"));
        var comparison = new Ctf2Comparison(out, new SideBySide(out, KnownDifferences.read()));
        for (long seed = first; seed < first + count; seed++) {
            Path trace = folder.resolve("trace");
            assertThat(kind.find(seed, trace, comparison)).as("%s seed %d", kind, seed).isEmpty();
            DifferentialFuzz.delete(trace);
        }
    }

    @ParameterizedTest
    @EnumSource
    void knownSeedsAreReadTheSameHoweverWritten(OwnKind kind)
            throws IOException, InterruptedException {
        compareOwn(kind, 0, SEEDS);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    void manyFreshOnesHoweverWritten(OwnKind kind) throws IOException, InterruptedException {
        compareOwn(kind, new Random().nextInt(Integer.MAX_VALUE), LONG_SEEDS);
    }

    @Test
    void everyRowOfThePageIsUnderstood() throws IOException {
        long rows =
                Files.readAllLines(KnownDifferences.PAGE).stream()
                        .filter(line -> line.matches("\\| (peer|ours|metadata) .*"))
                        .count();
        assertThat(rows).isGreaterThan(20).isEqualTo(KnownDifferences.read().size());
    }
}
