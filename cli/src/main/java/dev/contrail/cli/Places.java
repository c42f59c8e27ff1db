// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Where things are, by LTTng's environment variables (`architecture.md`, "Names outside").
///
/// @param home `LTTNG_HOME` or the home directory
/// @param runDirectory sockets, lock and sessions of the daemon that this user commands
record Places(int uid, Path home, Path runDirectory) {

    static Places of(Map<String, String> environment) throws IOException {
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

    /// Where clients connect.
    Path controlSocket() {
        return runDirectory.resolve("control.sock");
    }

    /// Where applications connect.
    Path applicationSocket() {
        return runDirectory.resolve("apps.sock");
    }

    Path pidFile() {
        return runDirectory.resolve("sessiond.pid");
    }

    Path lockFile() {
        return runDirectory.resolve("sessiond.lock");
    }

    Path logFile() {
        return runDirectory.resolve("sessiond.log");
    }
}
