// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

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

    /// Deletes it, if there is nothing but directories in it.
    public static void deleteIfEmpty(Path directory) throws IOException {
        List<Path> all;
        try (var below = Files.walk(directory)) {
            all = below.sorted(Comparator.reverseOrder()).toList();
        }
        if (all.stream().allMatch(each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))) {
            for (Path each : all) {
                Files.delete(each);
            }
        }
    }
}
