// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Files.writeString(file(daemon), runDirectory + "\n" + owner + "\n");
    }

    /// Strikes out a daemon that has left nothing.
    static void leave(UUID daemon) throws IOException {
        Files.deleteIfExists(file(daemon));
    }

    /// Whether that daemon, running or to be restarted, has that session.
    static boolean claims(UUID daemon, long session) {
        try {
            List<String> lines = Files.readAllLines(file(daemon));
            if (!lines.get(1).isEmpty()
                    && ProcessHandle.of(Long.parseLong(lines.get(1))).isEmpty()) {
                return false;
            }
            return Files.isDirectory(
                    Path.of(lines.getFirst(), "sessions", Long.toHexString(session)));
        } catch (IOException | RuntimeException unknown) {
            return false; // Nobody knows that daemon any more.
        }
    }

    private static Path file(UUID daemon) {
        return DIRECTORY.resolve(daemon.toString());
    }
}
