// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.machine;

import dev.contrail.recorder.LeftSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The session daemons that run with other run directories, as far as this user may look into them.
final class OtherDaemons {
    private static final Path SOCKETS = Path.of("/proc/net/unix");

    /// What `control.sock` is called when a daemon binds it (`ControlServer`).
    private static final String SOCKET = "/.control.sock.new";

    /// Columns of a line there before the path, and the flag of a socket that listens
    /// (proc_pid_net(5); `__SO_ACCEPTCON` of the kernel's `net.h`).
    private static final int PATH_COLUMN = 7;

    private static final int FLAGS_COLUMN = 3;
    private static final String LISTENING = "00010000";

    private OtherDaemons() {}

    /// Their sessions by id, each with its name and the run directory of its daemon.
    ///
    /// @param own whose daemon is none of them
    static Map<Long, String> sessions(Path own) {
        var sessions = new TreeMap<Long, String>();
        for (Path each : runDirectories()) {
            if (!each.equals(own)) {
                LeftSession.in(each)
                        .forEach(its ->
                                sessions.put(its.id(), "%s (%s)".formatted(its.name(), each)));
            }
        }
        return sessions;
    }

    private static Set<Path> runDirectories() {
        var directories = new LinkedHashSet<Path>();
        try {
            for (String line : Files.readString(SOCKETS, StandardCharsets.UTF_8).split("\n")) {
                runDirectory(line).ifPresent(directories::add);
            }
        } catch (IOException e) {
            return Set.of(); // such as a path that is no UTF-8
        }
        return directories;
    }

    private static Optional<Path> runDirectory(String line) {
        String[] columns = line.split(" +", PATH_COLUMN + 1);
        boolean isDaemon =
                columns.length > PATH_COLUMN
                        && columns[FLAGS_COLUMN].equals(LISTENING)
                        && columns[PATH_COLUMN].startsWith("/")
                        && columns[PATH_COLUMN].endsWith(SOCKET);
        try {
            return isDaemon
                    ? Optional.ofNullable(Path.of(columns[PATH_COLUMN]).getParent())
                    : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
