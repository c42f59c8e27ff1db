// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What a test needs of the machine; a test that lacks it is skipped with one line that says so.
final class Needs {
    private static final Path INSTANCES = Path.of("/sys/kernel/tracing/instances");

    private Needs() {}

    /// A tool of the field, from the path.
    static void tool(String name) {
        boolean isThere =
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
        check(isThere, name + " is not installed (./check --install-peers)");
    }

    /// Tracefs that may be written.
    static void kernel() {
        check(
                Files.isWritable(INSTANCES),
                "kernel tracing tests skipped: tracefs not writable (run as root, or mount tracefs"
                        + " and chown an instance, see contrail doctor)");
    }

    static void root() {
        check("root".equals(System.getProperty("user.name")), "needs root");
    }

    private static void check(boolean isThere, String what) {
        if (!isThere) {
            System.out.println("SKIPPED: " + what);
        }
        assumeTrue(isThere, what);
    }
}
