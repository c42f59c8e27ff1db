// SPDX-License-Identifier: Apache-2.0
package dev.contrail.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// Rare calls, each linked when it is made: linking one takes a tenth of a short command's time.
///
/// Linux only. Any thread may call it.
public final class SystemCalls {
    /// The signal by which a daemon tells its parent that it is ready (`--sig-parent`).
    public static final int SIGUSR1 = 10;

    /// The signal by which a process ends itself that must not go on.
    public static final int SIGABRT = 6;

    private static final int FILE_TYPE = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;

    /// The major number of `/dev/null` and `/dev/zero`.
    private static final int MEMORY_DEVICES = 1;

    private static final int ROUND_ROBIN_RESET_ON_FORK = 2 | 0x40000000;
    private static final int OTHER = 0;
    private static final int THIS_THREAD = 0;
    private static final Set<Thread> PREFERRED = new HashSet<>();
    private static final int LOWEST_PRIORITY = 1;

    private SystemCalls() {}

    /// The real user id of this process, without a foreign call.
    public static int getuid() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    /// Sends `signal` to the process `pid`; 0 only asks whether it could be sent.
    public static void kill(int pid, int signal) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoSegment(arena);
            var kill = Libc.function("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
            if ((int) kill.invokeExact(errno, pid, signal) != 0) {
                throw Libc.failure("kill " + pid, Libc.errno(errno));
            }
        } catch (IOException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// Sends `signal` to the thread that calls, which it reaches before this returns; what stops
    /// one thread stops the process.
    public static void raise(int signal) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoSegment(arena);
            var raise = Libc.function("raise", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
            if ((int) raise.invokeExact(errno, signal) != 0) {
                throw Libc.failure("raise " + signal, Libc.errno(errno));
            }
        } catch (IOException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// Whether a file descriptor is a terminal: 0 standard input, 1 output, 2 error.
    ///
    /// What is no character device, and `/dev/null` and its like, are told by their attributes.
    public static boolean isatty(int descriptor) {
        try {
            Path file = Path.of("/proc/self/fd/" + descriptor);
            int mode = (int) Files.getAttribute(file, "unix:mode");
            long device = (long) Files.getAttribute(file, "unix:rdev");
            if ((mode & FILE_TYPE) != CHARACTER_DEVICE || device >>> 8 == MEMORY_DEVICES) {
                return false;
            }
        } catch (IOException closedOrNoProc) {
            // The system call tells.
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoSegment(arena);
            var isatty = Libc.function("isatty", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
            return (int) isatty.invokeExact(errno, descriptor) == 1;
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// Mounts a file system that lies on no device, with the usual options. Needs root.
    ///
    /// @param type its name in `/proc/filesystems`
    /// @param directory an existing one
    public static void mount(String type, String directory) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoSegment(arena);
            var mount =
                    Libc.function(
                            "mount",
                            FunctionDescriptor.of(
                                    JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
            int failed =
                    (int)
                            mount.invokeExact(
                                    errno,
                                    arena.allocateFrom("nodev"),
                                    arena.allocateFrom(directory),
                                    arena.allocateFrom(type),
                                    0L,
                                    MemorySegment.NULL);
            if (failed != 0) {
                throw Libc.failure("mount " + type + " at " + directory, Libc.errno(errno));
            }
        } catch (IOException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// Schedules the calling thread before all that merely computes, of whatever control group:
    /// `SCHED_RR`, lowest priority, which its children do not inherit. As long as there is such a
    /// thread, the virtual machine's own with it, which stops all others for a collection of the
    /// heap. Only for a thread that has little to do at a time.
    ///
    /// @param isPreferred false: as any other again
    /// @return whether it is so now; without the right (`CAP_SYS_NICE`) both stay as they are
    public static synchronized boolean preferThisThread(boolean isPreferred) {
        if (PREFERRED.contains(Thread.currentThread()) == isPreferred) {
            return true;
        }
        boolean isSo = schedule(THIS_THREAD, isPreferred);
        if (isSo && isPreferred) {
            PREFERRED.add(Thread.currentThread());
        } else if (isSo) {
            PREFERRED.remove(Thread.currentThread());
        }
        return isSo && scheduleThreads("VM Thread", !PREFERRED.isEmpty());
    }

    /// @param name as the kernel knows it: its first 15 bytes
    private static boolean scheduleThreads(String name, boolean isPreferred) {
        boolean isAny = false;
        try (var threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).strip().equals(name)) {
                    int its = Integer.parseInt(thread.getFileName().toString());
                    isAny |= schedule(its, isPreferred);
                }
            }
        } catch (IOException unknown) { // a thread ended meanwhile
            return isAny;
        }
        return isAny;
    }

    private static boolean schedule(int thread, boolean isPreferred) {
        try (Arena arena = Arena.ofConfined()) {
            var setScheduler =
                    Libc.function(
                            "sched_setscheduler",
                            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
            int failed =
                    (int)
                            setScheduler.invokeExact(
                                    Libc.errnoSegment(arena),
                                    thread,
                                    isPreferred ? ROUND_ROBIN_RESET_ON_FORK : OTHER,
                                    arena.allocateFrom(
                                            JAVA_INT, isPreferred ? LOWEST_PRIORITY : 0));
            return failed == 0;
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }
}
