// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// A directory and all that is in it.
public final class DirectoryTree {
    private DirectoryTree() {}

    /// Deletes it. Links are deleted, not followed.
    public static void delete(Path directory) throws IOException {
        try (var below = Files.walk(directory)) {
            for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
