// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A control group of the kernel's, of either version, whose processes may have so much memory: who
/// has more is killed. Only root can have this.
final class MemoryGroup implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private final Path directory;

    private MemoryGroup(Path directory) {
        this.directory = directory;
    }

    static MemoryGroup make(long bytes) throws IOException {
        Needs.root();
        boolean isSecond = Files.exists(ROOT.resolve("cgroup.controllers"));
        Path parent = isSecond ? ROOT : ROOT.resolve("memory");
        Needs.memoryGroups(parent, isSecond);
        Path made = Files.createTempDirectory(parent, "contrail-it-");
        Files.writeString(
                made.resolve(isSecond ? "memory.max" : "memory.limit_in_bytes"),
                Long.toString(bytes));
        return new MemoryGroup(made);
    }

    /// Words of a shell that is to be in it.
    String enter() {
        return "echo $$ >" + directory.resolve("cgroup.procs");
    }

    /// After its last process has ended.
    @Override
    public void close() throws IOException {
        for (String each : Files.readAllLines(directory.resolve("cgroup.procs"))) {
            throw new IOException("process %s is still in %s".formatted(each, directory));
        }
        Files.delete(directory);
    }

    /// Whether a controller is there.
    static boolean isThere(Path parent, boolean isSecond) throws IOException {
        return isSecond
                ? List.of(
                                Files.readString(parent.resolve("cgroup.subtree_control"))
                                        .strip()
                                        .split(" "))
                        .contains("memory")
                : Files.isWritable(parent);
    }
}
