// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/// What `/proc` says about this process and this machine.
public final class ProcFacts {
    /// What a machine that does not tell its boot id has.
    public static final UUID NO_BOOT = new UUID(0, 0);

    /// The identity of this boot.
    public static final UUID BOOT = boot();

    /// The inode of the process id namespace that `/proc` and this process count in; 0 when they
    /// differ, or it cannot be told.
    public static final long PID_NAMESPACE = pidNamespace();

    /// By how much `CLOCK_MONOTONIC` of this process is ahead of the initial time namespace's, in
    /// nanoseconds.
    static final long MONOTONIC_AHEAD = ahead("monotonic");

    /// The same of `CLOCK_BOOTTIME`, which start times are told in, in clock ticks.
    private static final long START_AHEAD = ahead("boottime") / 10_000_000;

    private ProcFacts() {}

    /// The lines of a file that has a process's name, which is of any bytes but a line's end; what
    /// else is in it is ASCII.
    static List<String> lines(Path file) throws IOException {
        return List.of(Files.readString(file, ISO_8859_1).split("\n"));
    }

    private static UUID boot() {
        try {
            return UUID.fromString(
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim());
        } catch (IOException | RuntimeException e) {
            return NO_BOOT;
        }
    }

    private static long pidNamespace() {
        try {
            for (String line : lines(Path.of("/proc/self/status"))) {
                if (line.startsWith("NSpid:") && line.trim().split("\\s+").length != 2) {
                    return 0;
                }
            }
            return namespace("pid");
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    /// The file tells the offsets of the namespace that children get: ours if that is the same.
    private static long ahead(String clock) {
        try {
            Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/time"));
            if (!own.equals(Files.readSymbolicLink(Path.of("/proc/self/ns/time_for_children")))) {
                return 0;
            }
            for (String line : Files.readAllLines(Path.of("/proc/self/timens_offsets"))) {
                String[] words = line.trim().split("\\s+");
                if (words.length == 3 && words[0].equals(clock)) {
                    return Long.parseLong(words[1]) * 1_000_000_000L + Long.parseLong(words[2]);
                }
            }
        } catch (IOException | RuntimeException e) {
            return 0; // a kernel without time namespaces
        }
        return 0;
    }

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

    /// The words that this process was started with, a space between them; empty when they cannot
    /// be read.
    public static String commandLine() {
        try {
            byte[] words = Files.readAllBytes(Path.of("/proc/self/cmdline"));
            return new String(words, UTF_8).replace('\0', ' ').trim();
        } catch (IOException e) {
            return "";
        }
    }

    /// The inode number of this process's namespace of a kind, as `net`; 0 when it has none, or it
    /// cannot be read.
    public static long namespace(String kind) {
        return namespace("self", kind);
    }

    /// The same of another process.
    static long namespace(String process, String kind) {
        try {
            String link = Files.readSymbolicLink(Path.of("/proc", process, "ns", kind)).toString();
            return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    /// A user or group id of this process as its namespace has it, at this moment.
    ///
    /// @param line `Uid:` or `Gid:` (proc_pid_status(5))
    /// @param column 1 for the real, 2 for the effective, 3 for the saved one
    public static long ownId(String line, int column) {
        try {
            for (String each : lines(Path.of("/proc/self/status"))) {
                if (each.startsWith(line)) {
                    return Long.parseLong(each.split("\\s+")[column]);
                }
            }
        } catch (IOException | RuntimeException e) {
            return -1;
        }
        return -1;
    }

    /// The start time of this process in clock ticks after boot, in the initial time namespace; 0
    /// when it cannot be read.
    public static long processStart() {
        try {
            List<String> stat = stat("self");
            return stat.isEmpty() ? 0 : start(stat);
        } catch (IOException e) {
            return 0;
        }
    }

    /// The fields of a process's `stat` from the third on (proc_pid_stat(5)); empty when there is
    /// no such process.
    ///
    /// @throws IOException when that cannot be told
    static List<String> stat(String process) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", process, "stat"), ISO_8859_1);
            return List.of(stat.substring(stat.lastIndexOf(')') + 2).trim().split(" "));
        } catch (IOException e) {
            if (isNoProcess(e)) {
                return List.of();
            }
            throw e;
        }
    }

    /// Whether the process has ended: its directory is gone, or what was opened in it says so.
    static boolean isNoProcess(IOException failure) {
        return failure instanceof NoSuchFileException
                || "No such process".equals(failure.getMessage());
    }

    /// The start time, field 22, as the initial time namespace tells it.
    static long start(List<String> stat) {
        return Long.parseLong(stat.get(19)) - START_AHEAD;
    }

    /// How many threads of the machine wait for each processor, now (proc_loadavg(5)); 0 when that
    /// cannot be read.
    public static int waiting() {
        try {
            String running = Files.readString(Path.of("/proc/loadavg")).split(" ")[3];
            int count = Integer.parseInt(running.substring(0, running.indexOf('/')));
            return Math.max(0, count - 1) / Runtime.getRuntime().availableProcessors();
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    /// `MemAvailable` in bytes, or `Long.MAX_VALUE` when unknown.
    public static long availableMemory() {
        return fieldOf(Path.of("/proc/meminfo"), "MemAvailable:", 1024);
    }

    /// The number after `name` in a file of lines, times `unit`; `Long.MAX_VALUE` when there is
    /// none.
    static long fieldOf(Path file, String name, long unit) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (!line.startsWith(name)) {
                    continue;
                }
                return Long.parseLong(line.substring(name.length()).trim().split(" ")[0]) * unit;
            }
        } catch (IOException | RuntimeException e) {
            return Long.MAX_VALUE;
        }
        return Long.MAX_VALUE;
    }
}
