// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.ring.ProcFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Where session daemons listen for applications.
public final class SocketPaths {
    private static final String NAME = "apps.sock";
    private static final Path ROOTS = Path.of("/run/contrail", NAME);

    private SocketPaths() {}

    /// `$LTTNG_RUNDIR/apps.sock`; without that variable root's daemon, and, for any other user, the
    /// user's own.
    static List<Path> all() {
        Map<String, String> environment = System.getenv();
        String runDirectory = environment.get("LTTNG_RUNDIR");
        if (runDirectory != null && !runDirectory.isEmpty())
            return List.of(Path.of(runDirectory, NAME));
        String home = environment.getOrDefault("LTTNG_HOME", environment.get("HOME"));
        if (home == null || isRoot()) return List.of(ROOTS);
        return List.of(ROOTS, Path.of(home, ".contrail", NAME));
    }

    private static boolean isRoot() {
        try {
            return ProcFiles.userId() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
