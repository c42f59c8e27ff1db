// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.file;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// Memory that what waits for a slow output may take, together: spills, or queues of packets. Any
/// thread.
public final class SpillBudget {
    private static final long LEAST = 16 << 20;
    private static final long MOST = 1 << 30;
    private static final int PART_OF_MEMORY = 8;

    /// This part of a file system is left to others.
    private static final int PART_LEFT = 4;

    private static final System.Logger LOG = System.getLogger(SpillBudget.class.getName());

    private final long bytes;
    private final AtomicLong taken = new AtomicLong();

    /// An eighth of the memory, and 1 GiB at most.
    public static SpillBudget ofThisMachine() {
        long kib = 0;
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemTotal:")) {
                    kib = Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException | NumberFormatException unknown) {
            LOG.log(System.Logger.Level.DEBUG, "no /proc/meminfo", unknown);
        }
        return new SpillBudget(Math.clamp((kib << 10) / PART_OF_MEMORY, LEAST, MOST));
    }

    /// Whether so many bytes more would leave too little of a file system to others.
    public static boolean isShort(FileStore store, long wanted) throws IOException {
        return store.getUsableSpace() - wanted <= store.getTotalSpace() / PART_LEFT;
    }

    /// @param bytes so many in all
    public SpillBudget(long bytes) {
        this.bytes = bytes;
    }

    /// All that may be taken.
    public long bytes() {
        return bytes;
    }

    /// Takes so many bytes, if they are left.
    public boolean take(long wanted) {
        long before = taken.get();
        while (before + wanted <= bytes) {
            if (taken.compareAndSet(before, before + wanted)) {
                return true;
            }
            before = taken.get();
        }
        return false;
    }

    /// Whether so many bytes are left.
    public boolean has(long wanted) {
        return taken.get() + wanted <= bytes;
    }

    /// Takes what is taken already, or cannot wait.
    public void force(long had) {
        taken.addAndGet(had);
    }

    /// So many bytes less are taken.
    public void giveBack(long had) {
        taken.addAndGet(-had);
    }
}
