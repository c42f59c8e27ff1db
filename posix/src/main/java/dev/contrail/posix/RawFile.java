// SPDX-License-Identifier: Apache-2.0
package dev.contrail.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// A file or directory opened for reading without blocking, read into native memory, mapped and
/// locked: what `FileChannel` cannot do with `trace_pipe_raw` and with directories.
///
/// Used by one thread at a time, but for [Readiness], which may wait for it meanwhile.
public final class RawFile implements AutoCloseable {
    /// What [#read] returns when there is nothing to read now.
    public static final int NOTHING = -1;

    private static final int PROT_READ = 1;
    private static final int MAP_SHARED = 1;
    private static final int LOCK_EXCLUSIVE_NONBLOCK = 2 | 4;
    private static final int CLOSED = -1;

    private static final MethodHandle MMAP =
            Libc.function(
                    "mmap",
                    FunctionDescriptor.of(
                            ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP =
            Libc.function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle FLOCK =
            Libc.function("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private final Path path;
    private final MemorySegment errno = Libc.errnoSegment(Arena.ofAuto());
    private int descriptor;

    private RawFile(Path path) {
        this.path = path;
    }

    /// Opens an existing file or directory; programs that this one starts do not inherit it.
    public static RawFile open(Path path) throws IOException {
        var file = new RawFile(path);
        try (Arena arena = Arena.ofConfined()) {
            file.descriptor =
                    Descriptors.open(
                            file.errno,
                            Descriptors.WORKING_DIRECTORY,
                            arena.allocateFrom(path.toString()),
                            Descriptors.O_NONBLOCK | Descriptors.O_CLOEXEC);
        }
        if (file.descriptor < 0) {
            throw file.failure("open");
        }
        return file;
    }

    /// Reads once, as much as the segment holds.
    ///
    /// @return the bytes read, 0 at the end, or [#NOTHING]
    public int read(MemorySegment into) throws IOException {
        long count = Descriptors.read(errno, descriptor, into);
        if (count >= 0) {
            return (int) count;
        }
        if (Libc.errno(errno) == Libc.EAGAIN) {
            return NOTHING;
        }
        throw failure("read");
    }

    /// Reads from the beginning, wherever [#read] is.
    ///
    /// @return the bytes read
    public int readFirst(MemorySegment into) throws IOException {
        long count = Descriptors.read(errno, descriptor, into, 0);
        if (count < 0) {
            throw failure("read");
        }
        return (int) count;
    }

    int descriptor() {
        return descriptor;
    }

    /// Maps a part of the file, shared and read-only. It stays mapped until [#unmap]: touching the
    /// segment after that ends the process.
    ///
    /// @param offset in bytes, a multiple of the page size
    @SuppressWarnings("restricted")
    public MemorySegment map(long offset, long bytes) throws IOException {
        MemorySegment mapped;
        try {
            mapped =
                    (MemorySegment)
                            MMAP.invokeExact(
                                    errno,
                                    MemorySegment.NULL,
                                    bytes,
                                    PROT_READ,
                                    MAP_SHARED,
                                    descriptor,
                                    offset);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
        if (mapped.address() == -1L) {
            throw failure("mmap");
        }
        return mapped.reinterpret(bytes).asReadOnly();
    }

    /// Ends a mapping. The caller is the last user of the segment.
    public void unmap(MemorySegment mapped) throws IOException {
        int failed;
        try {
            failed = (int) MUNMAP.invokeExact(errno, mapped, mapped.byteSize());
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
        if (failed != 0) {
            throw failure("munmap");
        }
    }

    /// Locks the file or directory (`flock`) until it is closed, if nobody else has it locked.
    ///
    /// @return whether it is locked now
    public boolean tryLock() throws IOException {
        int failed;
        try {
            failed = (int) FLOCK.invokeExact(errno, descriptor, LOCK_EXCLUSIVE_NONBLOCK);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
        if (failed != 0 && Libc.errno(errno) != Libc.EAGAIN) {
            throw failure("flock");
        }
        return failed == 0;
    }

    /// Closes the file; what is mapped stays mapped. A second call does nothing.
    @Override
    public void close() throws IOException {
        if (descriptor == CLOSED) {
            return;
        }
        int failed = Descriptors.close(errno, descriptor);
        descriptor = CLOSED;
        if (failed != 0) {
            throw failure("close");
        }
    }

    /// Its path, for messages.
    @Override
    public String toString() {
        return path.toString();
    }

    private IOException failure(String call) {
        return Libc.failure(call + " " + path, Libc.errno(errno));
    }
}
