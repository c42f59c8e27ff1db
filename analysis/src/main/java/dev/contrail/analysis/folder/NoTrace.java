// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import dev.contrail.ctf.file.ForeignFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// Why there is no trace where somebody looked for one.
public final class NoTrace {
    private NoTrace() {}

    /// What is missing in a file or folder, or what it is instead, and what to do.
    public static String why(Path root) {
        if (Files.isDirectory(root)) {
            return "no `metadata` file in this folder or below it"
                    + foreign(root).map(each -> "; " + each).orElse("");
        }
        return root.endsWith("metadata")
                ? "name the folder that this file is in"
                : ForeignFile.of(root)
                        .orElse("neither a folder with a `metadata` file nor the ring of a JVM");
    }

    /// Metadata that is compressed in a way that is not read.
    private static Optional<String> foreign(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.getFileName().toString().startsWith("metadata."))
                    .flatMap(
                            file -> ForeignFile.of(file).map(each -> file + " is " + each).stream())
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
