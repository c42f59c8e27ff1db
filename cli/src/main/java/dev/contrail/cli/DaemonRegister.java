// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;

/// Which daemon has which run directory, so that each can tell whose tracefs instances may be taken
/// up again: a file per daemon, with the run directory and, for one that lives inside a command,
/// the command's process id.
final class DaemonRegister {
    private static final Path DIRECTORY = Path.of("/run/contrail/daemons");

    private DaemonRegister() {}

    /// Enters a daemon.
    ///
    /// @param isPrivate whether it ends with this process and nobody takes over from it
    static void enter(UUID daemon, Path runDirectory, boolean isPrivate) throws IOException {
        Files.createDirectories(DIRECTORY);
        String owner = isPrivate ? Long.toString(ProcessHandle.current().pid()) : "";
        // Whole at once: another daemon may look for its sessions at this moment.
        Path next = DIRECTORY.resolve(daemon + ".new");
        Files.writeString(next, runDirectory + "\n" + owner + "\n");
        Files.move(next, file(daemon), StandardCopyOption.ATOMIC_MOVE);
    }

    /// Strikes out the daemons that have ended and cannot be restarted: their run directory is
    /// gone, or the command in which they lived.
    static void strikeOut() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(DIRECTORY)) {
            for (Path entry : entries) {
                if (isGone(entry)) {
                    Files.deleteIfExists(entry);
                }
            }
        }
    }

    /// Whether that daemon, running or to be restarted, has that session.
    static boolean claims(UUID daemon, long session) {
        try {
            List<String> lines = Files.readAllLines(file(daemon));
            return !hasOwnerEnded(lines)
                    && Files.isDirectory(
                            Path.of(lines.getFirst(), "sessions", Long.toHexString(session)));
        } catch (IOException | RuntimeException unknown) {
            return false; // Nobody knows that daemon any more.
        }
    }

    private static boolean isGone(Path entry) {
        try {
            List<String> lines = Files.readAllLines(entry);
            return hasOwnerEnded(lines) || !Files.isDirectory(Path.of(lines.getFirst()));
        } catch (IOException | RuntimeException unknown) {
            return false; // It is being written.
        }
    }

    private static boolean hasOwnerEnded(List<String> lines) {
        return !lines.get(1).isEmpty() && ProcessHandle.of(Long.parseLong(lines.get(1))).isEmpty();
    }

    private static Path file(UUID daemon) {
        return DIRECTORY.resolve(daemon.toString());
    }
}
