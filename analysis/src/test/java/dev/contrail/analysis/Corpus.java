// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The traces beside the checkout, for tests that need many.
public final class Corpus {
    private Corpus() {}

    public static Optional<Path> folder() {
        for (Path folder = Path.of("").toAbsolutePath();
                folder != null;
                folder = folder.getParent()) {
            Path traces = folder.resolve("shared/traces");
            if (Files.isDirectory(traces)) {
                return Optional.of(traces);
            }
        }
        return Optional.empty();
    }

    /// The folders with metadata in some groups, sorted.
    public static List<Path> traces(Path corpus, String... groups) throws IOException {
        var traces = new ArrayList<Path>();
        for (String group : groups) {
            try (Stream<Path> below = Files.walk(corpus.resolve(group))) {
                below.filter(path -> Files.isRegularFile(path.resolve("metadata")))
                        .sorted()
                        .forEach(traces::add);
            }
        }
        return traces;
    }
}
