// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The session daemon that works in a run directory, as a process.
public final class RunningDaemon {
    private static final long LONGEST_END_SECONDS = 40;
    private static final long LOOK_MILLIS = 20;

    private RunningDaemon() {}

    /// The process that its file names, if that has the lock of the run directory open: the id may
    /// be of another time or of another process id namespace.
    public static Optional<ProcessHandle> find(Places places) throws IOException {
        String text;
        try {
            text = Files.readString(places.pidFile()).strip();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (!text.matches("[0-9]{1,10}") || !hasOpen(text, places.lockFile())) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(text));
    }

    /// Whether a daemon has the run directory, or is about to take it: its lock is held.
    static boolean isLocked(Places places) {
        try {
            String file = ":" + Files.getAttribute(places.lockFile(), "unix:ino") + " ";
            try (Stream<String> locks = Files.lines(Path.of("/proc/locks"))) {
                return locks.anyMatch(line -> line.contains(file));
            }
        } catch (IOException | UncheckedIOException e) {
            return false; // It has never been there, or nobody may see the locks.
        }
    }

    /// Sends it SIGTERM and waits until it has ended.
    ///
    /// @throws Failure when it has not ended by then
    public static void end(ProcessHandle daemon, Places places) throws IOException, Failure {
        end(daemon, "session", places.logFile());
    }

    /// As before, of any kind of daemon.
    ///
    /// @param log where it may have said why it does not end
    public static void end(ProcessHandle daemon, String kind, Path log)
            throws IOException, Failure {
        daemon.destroy();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_END_SECONDS);
        while (System.nanoTime() < deadline) {
            if (hasEnded(daemon.pid())) {
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while the " + kind + " daemon ends", e);
            }
        }
        throw new Failure(
                "The %s daemon (PID %d) has not ended within %d s; its log is %s. Kill it with"
                                .formatted(kind, daemon.pid(), LONGEST_END_SECONDS, log)
                        + " kill -9: nothing that was recorded is lost");
    }

    /// Whether a process of this user has a file open.
    public static boolean hasOpen(String pid, Path file) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc", pid, "fd"))) {
            for (Path each : all) {
                if (Files.exists(each) && Files.isSameFile(each, file)) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false; // It has ended, or it is another user's.
        }
        return false;
    }

    /// Whether nothing of it is left but, perhaps, a process that nobody has waited for.
    private static boolean hasEnded(long pid) {
        try {
            Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "exe"));
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
