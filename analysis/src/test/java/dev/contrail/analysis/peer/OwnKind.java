// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/// Random traces whose readings by ours, or by both of what ours has written, must agree.
enum OwnKind {
    /// Traces of CTF 1.8, declared and written as the other version.
    VERSIONS {
        @Override
        Optional<String> find(long seed, Path folder, Ctf2Comparison comparison)
                throws IOException, InterruptedException {
            TraceKind[] kinds = TraceKind.values();
            return comparison.find(
                    kinds[(int) (seed % kinds.length)].write(seed, folder).getFirst());
        }
    },

    /// Traces of CTF 2 over the whole grammar.
    CTF2 {
        @Override
        Optional<String> find(long seed, Path folder, Ctf2Comparison comparison)
                throws IOException, InterruptedException {
            RandomCtf2.write(seed, folder, false);
            return comparison.find(folder);
        }
    },

    /// Those with something wrong in their metadata.
    ODD_CTF2 {
        @Override
        Optional<String> find(long seed, Path folder, Ctf2Comparison comparison)
                throws IOException, InterruptedException {
            RandomCtf2.write(seed, folder, true);
            return comparison.find(folder);
        }
    },

    /// Copies whose index is damaged: they are read as without it.
    INDEXES {
        @Override
        Optional<String> find(long seed, Path folder, Ctf2Comparison comparison)
                throws IOException {
            TraceKind kind = seed % 2 == 0 ? TraceKind.RIGHT : TraceKind.TIMES;
            Path trace = kind.write(seed, folder.resolve("of")).getFirst();
            Path copy = folder.resolve("copy");
            Ctf2Comparison.copy(trace, copy, "1.8");
            Path index = copy.resolve("index");
            if (!Files.exists(index)) {
                return Optional.empty();
            }
            var random = new Random(seed);
            try (Stream<Path> files = Files.list(index)) {
                for (Path each : files.toList()) {
                    Files.write(each, DamagedTrace.damaged(random, Files.readAllBytes(each)));
                }
            }
            List<List<String>> options =
                    List.of(
                            List.of("--clock-gmt", copy.toString()),
                            List.of("-c", "sink.text.details", copy.toString()),
                            List.of("--clock-gmt", "--stream-intersection", copy.toString()));
            List<Reading> with = options.stream().map(Ours::read).toList();
            DifferentialFuzz.delete(index);
            List<Reading> without = options.stream().map(Ours::read).toList();
            for (int i = 0; i < with.size(); i++) {
                boolean isSame =
                        !with.get(i).hasDied()
                                && with.get(i).status() == without.get(i).status()
                                && with.get(i).out().equals(without.get(i).out());
                if (!isSame) {
                    return Ctf2Comparison.different(
                            "damaged index, " + options.get(i), with.get(i), without.get(i));
                }
            }
            return Optional.empty();
        }
    };

    /// The first thing that is not the same.
    abstract Optional<String> find(long seed, Path folder, Ctf2Comparison comparison)
            throws IOException, InterruptedException;
}
