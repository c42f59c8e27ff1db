// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.cli.console.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A directory for traces, looked at before anything runs.
final class OutputDirectory {
    private OutputDirectory() {}

    /// A new one, or one that holds nothing.
    ///
    /// @param given what the user names
    static Path empty(String given) throws IOException, Failure {
        Path output = of(given);
        if (Files.exists(output)) {
            try (var below = Files.list(output)) {
                if (below.findAny().isPresent()) {
                    throw new Failure("%s is not empty: name a new directory".formatted(output));
                }
            }
        }
        return output;
    }

    /// One that is there, or can be made.
    ///
    /// @param given what the user names
    static Path of(String given) throws Failure {
        if (given.isEmpty()) {
            throw new Failure(
                    "--output names no directory: is a variable that it is made of empty?");
        }
        Path output = Path.of(given).toAbsolutePath().normalize();
        if (!Files.exists(output)) {
            checkParent(output);
        } else if (!Files.isDirectory(output)) {
            throw new Failure("%s is no directory".formatted(output));
        }
        return output;
    }

    /// What of the way to it is there must be directories, and the last of them must take another.
    private static void checkParent(Path output) throws Failure {
        Path parent = output.getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        if (parent == null) {
            return;
        }
        if (!Files.isDirectory(parent)) {
            throw new Failure("%s: Not a directory: %s is a file".formatted(output, parent));
        }
        if (!Files.isWritable(parent)) {
            throw new Failure(
                    "%s: Permission denied: you may not write to %s; name another directory"
                            .formatted(output, parent));
        }
    }
}
