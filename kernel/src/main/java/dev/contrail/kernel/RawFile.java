// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// A file opened without blocking, read into native memory and mapped: what `FileChannel` cannot do
/// with `trace_pipe_raw` (`kernel-tracing.md` section 11).
///
/// Used by one thread at a time.
final class RawFile implements AutoCloseable {
    /// What [#read] returns when there is nothing to read now.
    static final int NOTHING = -1;

    private static final int O_RDONLY_NONBLOCK_CLOEXEC = 0x800 | 0x80000;
    private static final int PROT_READ = 1;
    private static final int MAP_SHARED = 1;
    private static final MethodHandle OPEN =
            Libc.function(
                    "open",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle READ =
            Libc.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle PREAD =
            Libc.function(
                    "pread",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MMAP =
            Libc.function(
                    "mmap",
                    FunctionDescriptor.of(
                            ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP =
            Libc.function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final int LOCK_EXCLUSIVE_NONBLOCK = 2 | 4;
    private static final MethodHandle FLOCK =
            Libc.function("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE =
            Libc.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final Path path;
    private final MemorySegment errno = Libc.errnoSegment(Arena.ofAuto());
    private int descriptor;

    private RawFile(Path path) {
        this.path = path;
    }

    static RawFile open(Path path) throws IOException {
        var file = new RawFile(path);
        try (Arena arena = Arena.ofConfined()) {
            file.descriptor =
                    (int)
                            OPEN.invokeExact(
                                    file.errno,
                                    arena.allocateFrom(path.toString()),
                                    O_RDONLY_NONBLOCK_CLOEXEC);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
        if (file.descriptor < 0) {
            throw file.failure("open");
        }
        return file;
    }

    /// Reads once; returns the bytes read, 0 at the end, or [#NOTHING].
    int read(MemorySegment into) throws IOException {
        long count;
        try {
            count = (long) READ.invokeExact(errno, descriptor, into, into.byteSize());
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
        if (count >= 0) {
            return (int) count;
        }
        if (Libc.errno(errno) == Libc.EAGAIN) {
            return NOTHING;
        }
        throw failure("read");
    }

    /// Reads from the beginning; returns the bytes read.
    int readFirst(MemorySegment into) throws IOException {
        long count;
        try {
            count = (long) PREAD.invokeExact(errno, descriptor, into, into.byteSize(), 0L);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
        if (count < 0) {
            throw failure("read");
        }
        return (int) count;
    }

    /// Reads the next sub-buffer, or as much of it as is written, into memory of its size.
    ///
    /// @return whether there was one
    boolean readSubBuffer(MemorySegment into) throws IOException {
        int count = read(into);
        if (count == NOTHING || count == 0) {
            return false;
        }
        if (count < SubBuffer.DATA) {
            throw new IOException("read " + path + ": sub-buffer of " + count + " bytes");
        }
        return true;
    }

    int descriptor() {
        return descriptor;
    }

    /// Maps a part of the file, shared and read-only. It stays mapped until [#unmap]: touching the
    /// segment after that ends the process.
    @SuppressWarnings("restricted")
    MemorySegment map(long offset, long bytes) throws IOException {
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
    void unmap(MemorySegment mapped) throws IOException {
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
    boolean tryLock() throws IOException {
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

    @Override
    public void close() throws IOException {
        if (descriptor < 0) {
            return;
        }
        int failed;
        try {
            failed = (int) CLOSE.invokeExact(errno, descriptor);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
        descriptor = -1;
        if (failed != 0) {
            throw failure("close");
        }
    }

    private IOException failure(String call) {
        return Libc.failure(call + " " + path, Libc.errno(errno));
    }
}
