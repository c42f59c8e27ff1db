// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.process.ProcFacts;
import java.io.File;
import java.io.IOException;
import java.util.List;

/// Where session daemons listen for applications.
final class SocketPaths {
    private static final String NAME = "apps.sock";
    private static final String ROOTS = "/run/contrail";

    private SocketPaths() {}

    /// `$LTTNG_RUNDIR/apps.sock`; without that variable root's daemon, and the user's own. Cheap:
    /// see [ApplicationLink].
    static List<File> candidates() {
        String runDirectory = System.getenv("LTTNG_RUNDIR");
        if (runDirectory != null && !runDirectory.isEmpty()) {
            return List.of(new File(runDirectory, NAME));
        }
        String home = System.getenv("LTTNG_HOME");
        if (home == null) {
            home = System.getenv("HOME");
        }
        File roots = new File(ROOTS, NAME);
        if (home == null) {
            return List.of(roots);
        }
        return List.of(roots, new File(new File(home, ".contrail"), NAME));
    }

    /// Those of them that this user connects to: root has no daemon below its home directory.
    static List<File> all() {
        List<File> candidates = candidates();
        return candidates.size() > 1 && isRoot() ? candidates.subList(0, 1) : candidates;
    }

    private static boolean isRoot() {
        try {
            return ProcFacts.userId() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
