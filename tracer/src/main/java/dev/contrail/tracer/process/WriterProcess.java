// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// A process as it describes itself, looked for from where we are: it may count process ids in
/// another namespace. Owned by one thread.
///
/// A process is its id, its start time and the namespace that it counts ids in: in two containers
/// the first processes are called 1 both, and may have been started in the same clock tick. No lock
/// that an open and close of the file would drop, and no time stamp of the file, says anything
/// about it.
public final class WriterProcess {
    /// Linux gives the first process id namespace this inode (`PROC_PID_INIT_INO`).
    private static final long FIRST_PID_NAMESPACE = 0xeffffffcL;

    /// Start times are told in ticks of 10 ms, rounded once in each time namespace.
    private static final long START_TOLERANCE = 2;

    /// A search through all processes is not repeated sooner.
    private static final long SEARCH_NANOS = 5_000_000_000L;

    /// Processes that nothing tells apart; what is beyond them is not looked at.
    private static final int MAX_ALIKE = 64;

    private static final Path PROC = Path.of("/proc");
    private static final Path NO_RING = Path.of("");

    private final long id;
    private final long start;
    private final long namespace;
    private final UUID boot;
    private final Path ring;

    /// Its id as we count, or 0 as long as it was not found.
    private long found;

    /// Whether several were alike: then the last one that runs need not be it.
    private boolean isUnsure;

    private long searchedAt;
    private WriterState searched = WriterState.UNKNOWN;

    /// @param id as it counts
    /// @param start in clock ticks after boot, or 0 when it could not tell
    /// @param namespace inode of the process id namespace it counts in, or 0 when it is not told
    /// @param boot of the machine, or [ProcFacts#NO_BOOT]
    public WriterProcess(long id, long start, long namespace, UUID boot) {
        this(id, start, namespace, boot, NO_RING);
    }

    /// @param ring the file that it has mapped, which tells it from others that are alike
    public WriterProcess(long id, long start, long namespace, UUID boot, Path ring) {
        this.id = id;
        this.start = start;
        this.namespace = namespace;
        this.boot = boot;
        this.ring = ring;
    }

    /// The processes that have told that id and start time of themselves, as this process counts,
    /// at most 64: in several process id namespaces there may be several.
    ///
    /// @param id as the process counts, in whichever namespace
    /// @param start in clock ticks after boot
    public static List<Long> called(long id, long start) {
        return new WriterProcess(id, start, 0, ProcFacts.NO_BOOT).alike().running;
    }

    /// Its id as this process counts; 0 when it is not found, or cannot be told from others.
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
        Alike alike = alike();
        List<Long> running = alike.running;
        if (running.isEmpty()) {
            return alike.isAll ? WriterState.ENDED : WriterState.UNKNOWN;
        }
        if (running.size() > 1) {
            isUnsure = true;
            running = running.stream().filter(this::hasMapped).toList();
        }
        if (running.size() == 1 && (!isUnsure || hasMapped(running.get(0)))) {
            found = running.get(0);
        }
        return WriterState.LIVES;
    }

    /// What a search has found.
    ///
    /// @param running processes that may be it
    /// @param isAll whether there are no others
    private record Alike(List<Long> running, boolean isAll) {}

    private Alike alike() {
        var running = new ArrayList<Long>();
        boolean seesAll = ProcFacts.PID_NAMESPACE == FIRST_PID_NAMESPACE;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long candidate = Long.parseLong(process.getFileName().toString());
                if (!isCalled(candidate) || !isInItsNamespace(candidate)) {
                    continue;
                }
                if (isRunning(candidate)) {
                    running.add(candidate);
                    if (running.size() == MAX_ALIKE) {
                        return new Alike(running, false);
                    }
                } else {
                    seesAll &= namespace != 0 || isInOurTime(candidate);
                }
            }
        } catch (IOException | RuntimeException e) {
            return new Alike(running, false);
        }
        seesAll &= Files.exists(PROC.resolve("1")); // not with `hidepid`
        return new Alike(running, seesAll);
    }

    /// Whether that may be so: whose namespace cannot be read is in any.
    private boolean isInItsNamespace(long candidate) {
        long its = namespace == 0 ? 0 : ProcFacts.namespace(Long.toString(candidate), "pid");
        return its == 0 || its == namespace;
    }

    /// Whether the process is seen to have mapped the ring (proc_pid_maps(5)), by inode and name:
    /// some file systems tell another device there than to who asks for the file's attributes.
    private boolean hasMapped(long candidate) {
        if (ring.equals(NO_RING)) {
            return false;
        }
        Path file = PROC.resolve(candidate + "/maps");
        try (BufferedReader maps = Files.newBufferedReader(file, ISO_8859_1)) {
            String inode = Files.getAttribute(ring, "unix:ino").toString();
            String name = "/" + ring.getFileName();
            for (String line = maps.readLine(); line != null; line = maps.readLine()) {
                if (line.contains(name) && line.split(" +", 6)[4].equals(inode)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | RuntimeException e) {
            return false;
        }
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

    /// Whether the process that we call `candidate` is called [#id] in its own namespace, or where
    /// it does not tell that namespace, in one of those that it is seen in.
    private boolean isCalled(long candidate) throws IOException {
        try {
            for (String line : ProcFacts.lines(PROC.resolve(candidate + "/status"))) {
                if (!line.startsWith("NSpid:")) {
                    continue;
                }
                List<String> ids = List.of(line.split("\\s+"));
                String own = Long.toString(id);
                return namespace == 0 ? ids.contains(own) : ids.get(ids.size() - 1).equals(own);
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
