// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What `/proc` says about this process and this machine.
public final class ProcFiles {
    private ProcFiles() {}

    /// The user id of this process.
    public static int userId() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    /// The id of this process: where the link `/proc/self` leads. `ProcessHandle` knows it too, for
    /// some twenty classes and a pool of threads.
    public static long processId() {
        try {
            return Long.parseLong(Files.readSymbolicLink(Path.of("/proc/self")).toString());
        } catch (IOException | RuntimeException e) {
            return ProcessHandle.current().pid();
        }
    }

    /// The start time of this process in clock ticks after boot; 0 when it cannot be read.
    public static long processStart() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[19]); // field 22 of proc_pid_stat(5); the first here is 3
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    /// `MemAvailable` in bytes, or `Long.MAX_VALUE` when unknown.
    static long availableMemory() {
        return fieldOf(Path.of("/proc/meminfo"), "MemAvailable:", 1024);
    }

    /// The number behind `name` in a file of lines, times `unit`; `Long.MAX_VALUE` when there is
    /// none.
    static long fieldOf(Path file, String name, long unit) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (!line.startsWith(name)) continue;
                return Long.parseLong(line.substring(name.length()).trim().split(" ")[0]) * unit;
            }
        } catch (IOException | RuntimeException e) {
            return Long.MAX_VALUE;
        }
        return Long.MAX_VALUE;
    }
}
