// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.tracefs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Finds the processes that hold a file open below a directory.
final class Holders {
    private Holders() {}

    /// Process ids; processes that may not be looked at are left out.
    static List<Integer> of(Path directory) throws IOException {
        var holders = new ArrayList<Integer>();
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process.resolve("fd"), directory)) {
                    holders.add(Integer.parseInt(process.getFileName().toString()));
                }
            }
        }
        return holders;
    }

    private static boolean holds(Path descriptors, Path directory) {
        try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
            for (Path link : links) {
                if (target(link).startsWith(directory)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | UncheckedIOException | DirectoryIteratorException goneOrHidden) {
            return false;
        }
    }

    private static Path target(Path link) throws IOException {
        try {
            return Files.readSymbolicLink(link);
        } catch (NoSuchFileException closed) {
            return Path.of("");
        }
    }
}
