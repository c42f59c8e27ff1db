// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a test needs of the machine; a test that lacks it is skipped with one line that says so.
final class Needs {
    private static final Path INSTANCES = Path.of("/sys/kernel/tracing/instances");

    private static final Pattern UNREACHED =
            Pattern.compile("(Could not|Failure to) transfer (artifact )?(?!dev\\.contrail:)");

    private Needs() {}

    /// A tool of the field, from the path.
    static void tool(String name) {
        boolean isThere =
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
        check(isThere, name + " is not installed (./check --install-peers)");
    }

    /// A header of the distribution's, below `/usr/include` or the machine's own part of it.
    ///
    /// @param name of its package
    static void header(String path, String name) {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        check(
                Stream.of("", machine + "-linux-gnu")
                        .anyMatch(each -> Files.exists(Path.of("/usr/include", each, path))),
                name + " is not installed");
    }

    /// Tracefs that may be written.
    static void kernel() {
        check(
                Files.isWritable(INSTANCES),
                "kernel tracing tests skipped: tracefs not writable (run as root, or mount tracefs"
                        + " and chown an instance, see contrail doctor)");
    }

    /// Plugins of Maven's, which are here or can be fetched, if that is not what this output of
    /// Maven's complains of.
    static void plugins(String output) {
        check(
                !UNREACHED.matcher(output).find(),
                "Maven's plugins are not all here, and their repository cannot be reached");
    }

    /// Where a JDK is: 17, or the tests' own.
    static Path jdk(String which) {
        if (which.equals("own")) {
            return Path.of(System.getProperty("java.home"));
        }
        String home = System.getProperty("jdk17.home", "");
        check(!home.isEmpty(), "no JDK 17 is known (-Djdk17.home=DIR)");
        return Path.of(home);
    }

    static void memoryGroups(Path parent, boolean isSecond) throws IOException {
        check(
                MemoryGroup.isThere(parent, isSecond),
                "no control groups of memory can be made in " + parent);
    }

    static void root() {
        check("root".equals(System.getProperty("user.name")), "needs root");
    }

    /// A file system over another one, in mount namespaces of one's own.
    static void overlay() throws IOException, InterruptedException {
        root();
        String mounts =
                "mount -t tmpfs none /mnt && mkdir /mnt/u /mnt/w /mnt/r &&"
                        + " mount -t overlay -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w none /mnt/r";
        Process process =
                new ProcessBuilder("unshare", "--mount", "sh", "-c", mounts)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        check(process.waitFor() == 0, "no overlay file system can be mounted here");
    }

    private static void check(boolean isThere, String what) {
        if (!isThere) {
            System.out.println("SKIPPED: " + what);
        }
        assumeTrue(isThere, what);
    }
}
