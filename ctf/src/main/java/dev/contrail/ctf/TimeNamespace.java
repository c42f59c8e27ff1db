// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The time namespace of this process: time_namespaces(7).
final class TimeNamespace {
    private static final Path OWN = Path.of("/proc/self/ns/time");
    private static final Path OF_CHILDREN = Path.of("/proc/self/ns/time_for_children");
    private static final Path OFFSETS = Path.of("/proc/self/timens_offsets");

    private TimeNamespace() {}

    /// By how much `CLOCK_MONOTONIC` is ahead of the initial namespace's, in which the kernel's
    /// tracers tell the time; nanoseconds, 0 where there are no time namespaces.
    static long monotonicAheadNanos() {
        try {
            // The file tells the offsets of the namespace that children get.
            if (!Files.readSymbolicLink(OWN).equals(Files.readSymbolicLink(OF_CHILDREN))) {
                return 0;
            }
            for (String line : Files.readAllLines(OFFSETS)) {
                String[] words = line.strip().split("\\s+");
                if (words.length == 3 && words[0].equals("monotonic")) {
                    return Long.parseLong(words[1]) * 1_000_000_000L + Long.parseLong(words[2]);
                }
            }
            return 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
