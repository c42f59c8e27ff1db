// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/// A process as it describes itself, looked for from where we are: it may count process ids in
/// another namespace. Owned by one thread.
///
/// A process is its id and its start time; no lock that an open and close of the file would drop,
/// and no time stamp of the file, says anything about it.
public final class WriterProcess {
    /// Linux gives the first process id namespace this inode (`PROC_PID_INIT_INO`).
    private static final long FIRST_PID_NAMESPACE = 0xeffffffcL;

    /// Start times are told in ticks of 10 ms, rounded once in each time namespace.
    private static final long START_TOLERANCE = 2;

    /// A search through all processes is not repeated sooner.
    private static final long SEARCH_NANOS = 5_000_000_000L;

    private static final Path PROC = Path.of("/proc");

    private final long id;
    private final long start;
    private final long namespace;
    private final UUID boot;

    /// Its id as we count, or 0 as long as it was not found.
    private long found;

    private long searchedAt;
    private WriterState searched = WriterState.UNKNOWN;

    /// @param id as it counts
    /// @param start in clock ticks after boot, or 0 when it could not tell
    /// @param namespace inode of the process id namespace it counts in, or 0 when it is not told
    /// @param boot of the machine, or [ProcFacts#NO_BOOT]
    public WriterProcess(long id, long start, long namespace, UUID boot) {
        this.id = id;
        this.start = start;
        this.namespace = namespace;
        this.boot = boot;
    }

    /// Its id as this process counts; 0 when it is not found.
    public long foundId() {
        if (found == 0) {
            state();
        }
        return found;
    }

    /// Unknown where `/proc` cannot be read now, as by who has no descriptor left.
    public WriterState state() {
        try {
            return look();
        } catch (IOException e) {
            return WriterState.UNKNOWN;
        }
    }

    private WriterState look() throws IOException {
        if (!boot.equals(ProcFacts.NO_BOOT) && !boot.equals(ProcFacts.BOOT)) {
            return WriterState.ENDED;
        }
        if (start == 0) {
            return WriterState.UNKNOWN;
        }
        if (found != 0) {
            return isRunning(found) ? WriterState.LIVES : WriterState.ENDED;
        }
        boolean isHere = namespace == ProcFacts.PID_NAMESPACE && namespace != 0;
        if ((isHere || namespace == 0) && isRunning(id) && isCalled(id)) {
            found = id;
            return WriterState.LIVES;
        }
        if (isHere) {
            return WriterState.ENDED;
        }
        long now = System.nanoTime();
        if (searchedAt != 0 && now - searchedAt < SEARCH_NANOS) {
            return searched;
        }
        searchedAt = now;
        return searched = search();
    }

    /// From the first process id namespace all processes are seen, those of every other among them.
    private WriterState search() {
        boolean seesAll = ProcFacts.PID_NAMESPACE == FIRST_PID_NAMESPACE;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long candidate = Long.parseLong(process.getFileName().toString());
                if (!isCalled(candidate)) {
                    continue;
                }
                if (isRunning(candidate)) {
                    found = candidate;
                    return WriterState.LIVES;
                }
                seesAll &= namespace != 0 || isInOurTime(candidate);
            }
        } catch (IOException | RuntimeException e) {
            return WriterState.UNKNOWN;
        }
        seesAll &= Files.exists(PROC.resolve("1")); // not with `hidepid`
        return seesAll ? WriterState.ENDED : WriterState.UNKNOWN;
    }

    /// Whether it tells start times as we do. Rings before layout minor 1 have those of their time
    /// namespace, and no process id namespace.
    private static boolean isInOurTime(long candidate) {
        Path own = PROC.resolve("self/ns/time");
        if (!Files.exists(own)) {
            return true; // a kernel without time namespaces
        }
        try {
            return Files.readSymbolicLink(own)
                    .equals(Files.readSymbolicLink(PROC.resolve(candidate + "/ns/time")));
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether the process that we call `candidate` is called [#id] in one of its namespaces.
    private boolean isCalled(long candidate) throws IOException {
        try {
            for (String line : Files.readAllLines(PROC.resolve(candidate + "/status"))) {
                if (!line.startsWith("NSpid:")) {
                    continue;
                }
                return List.of(line.split("\\s+")).contains(Long.toString(id));
            }
            return candidate == id; // a kernel without namespaces
        } catch (IOException e) {
            if (ProcFacts.isNoProcess(e)) {
                return false;
            }
            throw e;
        }
    }

    private boolean isRunning(long candidate) throws IOException {
        List<String> stat = ProcFacts.stat(Long.toString(candidate));
        if (stat.isEmpty()) {
            return false;
        }
        if (Math.abs(ProcFacts.start(stat) - start) > START_TOLERANCE) {
            return false;
        }
        boolean isZombie = "ZX".contains(stat.get(0));
        return !isZombie || Long.parseLong(stat.get(17)) > 1; // its first thread ended, others run
    }
}
