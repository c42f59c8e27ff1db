// SPDX-License-Identifier: Apache-2.0
package dev.contrail.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/// Waits until one of some files can be read, or somebody calls [#wake] (`poll`, `eventfd`).
///
/// One thread waits; any may wake it.
public final class Readiness implements AutoCloseable {
    private static final MethodHandle POLL =
            Libc.function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle EVENTFD =
            Libc.function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle WRITE =
            Libc.function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final int NONBLOCK_CLOEXEC = Descriptors.O_NONBLOCK | Descriptors.O_CLOEXEC;
    private static final int POLLFD_BYTES = 8;
    private static final int EVENTS = 4;
    private static final int FOUND = 6;
    private static final short POLLIN = 1;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment errno = Libc.errnoSegment(arena);
    private final MemorySegment count = arena.allocate(JAVA_LONG);
    private final int alarm;
    private MemorySegment polled;

    /// Waits for nothing yet but [#wake].
    public Readiness() throws IOException {
        try {
            alarm = (int) EVENTFD.invokeExact(errno, 0, NONBLOCK_CLOEXEC);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
        if (alarm < 0) {
            arena.close();
            throw Libc.failure("eventfd", Libc.errno(errno));
        }
        polled = set(List.of());
    }

    /// What is waited for from the next call of [#await] on. The thread that waits; the files are
    /// open while they are watched.
    public void watch(List<RawFile> files) {
        polled = set(files);
    }

    private MemorySegment set(List<RawFile> files) {
        MemorySegment set = Arena.ofAuto().allocate((long) POLLFD_BYTES * (files.size() + 1), 8);
        for (int i = 0; i <= files.size(); i++) {
            long at = (long) POLLFD_BYTES * i;
            set.set(JAVA_INT, at, i == 0 ? alarm : files.get(i - 1).descriptor());
            set.set(JAVA_SHORT, at + EVENTS, POLLIN);
        }
        return set;
    }

    /// Waits, so many milliseconds at most. It may end early: by a signal, or because a file is at
    /// its end or broken, which reading tells.
    ///
    /// @return whether a file can be read
    public boolean await(int millis) throws IOException {
        int ready;
        try {
            long descriptors = polled.byteSize() / POLLFD_BYTES;
            ready = (int) POLL.invokeExact(errno, polled, descriptors, millis);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
        if (ready > 0 && polled.get(JAVA_SHORT, FOUND) != 0) {
            long _ = Descriptors.read(errno, alarm, count);
            ready--;
        }
        return ready > 0;
    }

    /// Ends the wait. Any thread, until [#close].
    public void wake() {
        try (Arena own = Arena.ofConfined()) {
            long _ =
                    (long)
                            WRITE.invokeExact(
                                    Libc.errnoSegment(own),
                                    alarm,
                                    own.allocateFrom(JAVA_LONG, 1L),
                                    (long) Long.BYTES);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /// Nobody waits any more.
    @Override
    public void close() {
        int _ = Descriptors.close(errno, alarm);
        arena.close();
    }
}
