// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;

/// Makes files and directories that only their owner may read.
public final class PrivateFiles {
    private PrivateFiles() {}

    /// The directory, made with its parents where it is missing.
    public static Path directory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        return path;
    }

    /// Creates the directory.
    ///
    /// @return whether it is ours: nobody else has made it before
    public static boolean isCreated(Path path) throws IOException {
        try {
            Files.createDirectory(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /// Creates the file with that content, or, where there is no room for it, nothing.
    ///
    /// @throws FileAlreadyExistsException when there is one
    public static void createWith(Path path, String text) throws IOException {
        try (FileChannel file =
                open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    public static FileChannel open(Path path, Set<? extends OpenOption> options)
            throws IOException {
        return FileChannel.open(
                path,
                options,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /// Appends the text, whole or not at all.
    public static void append(Path path, String text) throws IOException {
        try (FileChannel file =
                open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE))) {
            long end = file.size();
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            try {
                for (long at = end; bytes.hasRemaining(); ) {
                    at += file.write(bytes, at);
                }
            } catch (IOException e) {
                file.truncate(end); // Cutting needs no space.
                throw e;
            }
        }
    }

    /// Replaces the file's content, whole or not at all.
    public static void replace(Path path, String text) throws IOException {
        Path next = path.resolveSibling("." + path.getFileName() + ".new");
        Files.deleteIfExists(next);
        append(next, text);
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Deletes a directory and what is in it, not following links.
    public static void deleteTree(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (var below = Files.walk(path)) {
            for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
