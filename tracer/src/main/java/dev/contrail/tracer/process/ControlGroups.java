// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The memory limits that the control groups of this process set, of version 1 and 2: cgroups(7),
/// and the kernel's `cgroup-v1/memory.rst` and `cgroup-v2.rst`.
public final class ControlGroups {
    private static final String VERSION_1 = "memory.limit_in_bytes";
    private static final String VERSION_2 = "memory.max";
    private static final String KILLS_1 = "memory.oom_control";
    private static final String KILLS_2 = "memory.events";
    private static final String KILLED = "oom_kill ";

    /// Version 1 says so much, less a page, for no limit.
    private static final long UNLIMITED = Long.MAX_VALUE & -65536L;

    private ControlGroups() {}

    /// The limits that this process is under, its own group's first.
    public static List<Path> limits() {
        try {
            return limits(
                    Files.readAllLines(Path.of("/proc/self/cgroup")),
                    Files.readAllLines(Path.of("/proc/self/mountinfo")));
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }

    /// How many processes the kernel has killed in the control group of a process, because it had
    /// no more memory.
    ///
    /// @param processId as this process counts
    /// @return where that count is; null when it cannot be seen from here
    public static @Nullable Path killCount(long processId) {
        try {
            List<Path> limits =
                    limits(
                            Files.readAllLines(Path.of("/proc/" + processId + "/cgroup")),
                            Files.readAllLines(Path.of("/proc/self/mountinfo")));
            for (Path limit : limits) {
                Path count = limit.resolveSibling(limit.endsWith(VERSION_2) ? KILLS_2 : KILLS_1);
                if (Files.isReadable(count)) {
                    return count; // the process's own group's
                }
            }
        } catch (IOException | RuntimeException e) {
            // it has ended, or there is no such file system
        }
        return null;
    }

    /// What stands at a [#killCount]; 0 when it does not any more.
    public static long kills(Path killCount) {
        try {
            for (String line : Files.readAllLines(killCount)) {
                if (line.startsWith(KILLED)) {
                    return Long.parseLong(line.substring(KILLED.length()).trim());
                }
            }
        } catch (IOException | RuntimeException e) {
            // the group is no more
        }
        return 0;
    }

    /// The same from the lines of `/proc/self/cgroup` and `/proc/self/mountinfo`.
    static List<Path> limits(List<String> groups, List<String> mounts) {
        List<Path> found = new ArrayList<>();
        for (String mount : mounts) {
            int separator = mount.indexOf(" - ");
            if (separator < 0) {
                continue;
            }
            String[] place = mount.substring(0, separator).split(" ");
            String[] type = mount.substring(separator + 3).split(" ");
            if (place.length < 5 || type.length < 3) {
                continue;
            }
            boolean isVersion2 = type[0].equals("cgroup2");
            boolean isVersion1 = type[0].equals("cgroup") && has(type[2], "memory");
            if (!isVersion1 && !isVersion2) {
                continue;
            }
            for (String group : groups) {
                String[] fields = group.split(":", 3); // hierarchy, controllers, path
                if (fields.length < 3) {
                    continue;
                }
                if (isVersion2 ? !fields[0].equals("0") : !has(fields[1], "memory")) {
                    continue;
                }
                Path top = Path.of(place[4]);
                Path own = top.resolve(below(place[3], fields[2])).normalize();
                for (; own != null && own.startsWith(top); own = own.getParent()) {
                    found.add(own.resolve(isVersion2 ? VERSION_2 : VERSION_1));
                }
            }
        }
        return found;
    }

    private static boolean has(String list, String name) {
        return Arrays.asList(list.split(",")).contains(name);
    }

    /// Where the group `path` lies below a mount that shows the hierarchy from `root` on. In a
    /// container the path may be the host's: then the mount is all that can be seen.
    private static String below(String root, String path) {
        if (root.equals("/")) {
            return path.substring(1);
        }
        if (path.startsWith(root + "/")) {
            return path.substring(root.length() + 1);
        }
        return "";
    }

    /// The lowest of the limits that this process is under, in bytes; 0 when there is none.
    public static long memoryLimit() {
        long lowest = UNLIMITED;
        for (Path limit : limits()) {
            try {
                String most = Files.readString(limit).trim();
                lowest = most.equals("max") ? lowest : Math.min(lowest, Long.parseLong(most));
            } catch (IOException | RuntimeException e) {
                // the root group of version 2 has no such file
            }
        }
        return lowest == UNLIMITED ? 0 : lowest;
    }

    /// What the limit leaves, in bytes; cache that can be dropped is not counted as used.
    ///
    /// @return `Long.MAX_VALUE` when there is none
    public static long bytesLeft(Path limit) {
        boolean isVersion2 = limit.endsWith(VERSION_2);
        try {
            String most = Files.readString(limit).trim();
            if (most.equals("max")) {
                return Long.MAX_VALUE;
            }
            String usage = isVersion2 ? "memory.current" : "memory.usage_in_bytes";
            long used = Long.parseLong(Files.readString(limit.resolveSibling(usage)).trim());
            long cache =
                    ProcFacts.fieldOf(
                            limit.resolveSibling("memory.stat"),
                            isVersion2 ? "inactive_file " : "total_inactive_file ",
                            1);
            if (cache == Long.MAX_VALUE) {
                cache = 0;
            }
            return Math.max(0, Long.parseLong(most) - used + cache);
        } catch (IOException | RuntimeException e) {
            return Long.MAX_VALUE; // the root group of version 2 has no such files
        }
    }
}
