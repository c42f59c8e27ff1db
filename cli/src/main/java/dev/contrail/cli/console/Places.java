// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Where things are, by LTTng's environment variables (`architecture.md`, "Names outside").
///
/// @param home `LTTNG_HOME` or the home directory
/// @param runDirectory sockets, lock and sessions of the daemon that this user commands
public record Places(int uid, Path home, Path runDirectory) {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /// Those of this process and an environment.
    public static Places of(Map<String, String> environment) throws IOException {
        int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        String given = environment.getOrDefault("LTTNG_HOME", "");
        String own = environment.getOrDefault("HOME", "");
        Path home =
                Path.of(
                        !given.isEmpty()
                                ? given
                                : !own.isEmpty() ? own : System.getProperty("user.home"));
        String run = environment.getOrDefault("LTTNG_RUNDIR", "");
        Path runDirectory =
                !run.isEmpty()
                        ? Path.of(run)
                        : uid == 0 ? Path.of("/run/contrail") : home.resolve(".contrail");
        return new Places(uid, home.toAbsolutePath(), runDirectory.toAbsolutePath());
    }

    /// Where directories lie that last as long as a command: the system's place for them, or the
    /// memory that rings need anyway where that place cannot be written, as in a container whose
    /// root is read-only.
    public static Path temporary() {
        Path usual = Path.of(System.getProperty("java.io.tmpdir"));
        return Files.isWritable(usual) ? usual : SHARED_MEMORY;
    }

    /// Where clients connect.
    public Path controlSocket() {
        return runDirectory.resolve("control.sock");
    }

    /// Where applications connect.
    public Path applicationSocket() {
        return runDirectory.resolve("apps.sock");
    }

    /// Has the running daemon's process id.
    public Path pidFile() {
        return runDirectory.resolve("sessiond.pid");
    }

    /// Has the options of the running daemon, one word per line, for one that takes its place when
    /// it has died; a daemon that ends properly removes it, as it does [#pidFile].
    public Path optionsFile() {
        return runDirectory.resolve("sessiond.options");
    }

    /// The identity of every daemon that works here.
    public Path daemonFile() {
        return runDirectory.resolve("daemon");
    }

    /// Locked by the running daemon.
    public Path lockFile() {
        return runDirectory.resolve("sessiond.lock");
    }

    /// Has the ports, the log and the health socket of relay daemons.
    public Path relayDirectory() {
        return runDirectory.resolve("relayd");
    }

    /// What a daemon in the background prints.
    public Path logFile() {
        return runDirectory.resolve("sessiond.log");
    }
}
