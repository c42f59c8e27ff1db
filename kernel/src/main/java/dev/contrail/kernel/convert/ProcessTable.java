// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.convert;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which process a thread belongs to, as far as `/proc` still tells; best effort, because records
/// are converted after the fact. Owned by the thread that converts.
final class ProcessTable {
    private static final int THREADS_KEPT = 16_384;
    private static final long INITIAL_PID_NAMESPACE = 4_026_531_836L;

    private final SyscallsInFlight calls;
    private final Map<Integer, Process> threads =
            new LinkedHashMap<>(1024, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Integer, Process> eldest) {
                    return size() > THREADS_KEPT;
                }
            };

    /// What is known of a thread's process.
    ///
    /// @param virtualIds the thread's ids, from the outermost pid namespace to its own
    @SuppressWarnings("ArrayRecordComponent")
    record Process(int pid, long pidNamespace, int[] virtualIds) {}

    ProcessTable(SyscallsInFlight calls) {
        this.calls = calls;
    }

    Process of(int thread) {
        Process known = threads.get(thread);
        if (known == null) {
            known = read(thread, thread);
            threads.put(thread, known);
        }
        return known;
    }

    /// A thread id may have been used before: forgets what it was.
    void born(int thread, int parent) {
        boolean isThread = calls.isCloningThread(parent);
        threads.put(thread, read(thread, isThread ? of(parent).pid() : thread));
    }

    /// @param pidIfGone the process when the thread is gone already
    private static Process read(int thread, int pidIfGone) {
        int pid = pidIfGone;
        int[] ids = {thread};
        try { // its name is of any bytes, and often the beginning of a longer one
            Path status = Path.of("/proc/" + thread + "/status");
            for (String line : Files.readString(status, ISO_8859_1).split("\n")) {
                if (line.startsWith("Tgid:")) {
                    pid = Integer.parseInt(line.substring(5).strip());
                } else if (line.startsWith("NSpid:")) {
                    String[] columns = line.substring(6).strip().split("\\s+");
                    ids = new int[Math.min(columns.length, 32)];
                    for (int i = 0; i < ids.length; i++) {
                        ids[i] = Integer.parseInt(columns[i]);
                    }
                }
            }
        } catch (IOException | NumberFormatException gone) {
            return new Process(pid, INITIAL_PID_NAMESPACE, ids);
        }
        return new Process(pid, namespace(thread, "pid"), ids);
    }

    /// The inode number of a thread's namespace, or 0 when it may not be looked at.
    static long namespace(int thread, String kind) {
        try {
            String link =
                    Files.readSymbolicLink(Path.of("/proc/" + thread + "/ns/" + kind)).toString();
            int open = link.indexOf('[');
            return Long.parseLong(link.substring(open + 1, link.length() - 1));
        } catch (IOException | RuntimeException gone) {
            return kind.equals("pid") ? INITIAL_PID_NAMESPACE : 0;
        }
    }
}
