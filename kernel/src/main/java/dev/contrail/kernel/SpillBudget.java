// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.posix.ProcFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// Memory that the spills of a daemon may take, together. Any thread.
final class SpillBudget {
    private static final long LEAST = 16 << 20;
    private static final long MOST = 1 << 30;
    private static final int PART_OF_MEMORY = 8;
    private static final System.Logger LOG = System.getLogger(SpillBudget.class.getName());

    private final long bytes;
    private final AtomicLong taken = new AtomicLong();

    /// An eighth of the memory, and 1 GiB at most.
    static SpillBudget ofThisMachine() {
        long kib = 0;
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemTotal:")) {
                    kib = ProcFiles.number(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException unknown) {
            LOG.log(System.Logger.Level.DEBUG, "no /proc/meminfo", unknown);
        }
        return new SpillBudget(Math.clamp((kib << 10) / PART_OF_MEMORY, LEAST, MOST));
    }

    SpillBudget(long bytes) {
        this.bytes = bytes;
    }

    long bytes() {
        return bytes;
    }

    /// Takes so many bytes, if they are left.
    boolean take(long wanted) {
        long before = taken.get();
        while (before + wanted <= bytes) {
            if (taken.compareAndSet(before, before + wanted)) {
                return true;
            }
            before = taken.get();
        }
        return false;
    }

    /// Takes what is taken already.
    void force(long had) {
        taken.addAndGet(had);
    }

    void giveBack(long had) {
        taken.addAndGet(-had);
    }
}
