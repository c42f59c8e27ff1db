// SPDX-License-Identifier: Apache-2.0
package dev.contrail.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Calls on file descriptors, as C has them: what fails returns a negative number and leaves its
/// reason in `errno`. Any thread.
final class Descriptors {
    /// Instead of a directory: names are relative to that of the process.
    static final int WORKING_DIRECTORY = -100;

    static final int O_CLOEXEC = 0x80000;
    static final int O_NONBLOCK = 0x800;
    static final int O_PATH = 0x200000;

    private static final MethodHandle OPENAT =
            Libc.function(
                    "openat",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
                    Linker.Option.firstVariadicArg(3));
    private static final MethodHandle READ =
            Libc.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle PREAD =
            Libc.function(
                    "pread",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle CLOSE =
            Libc.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private Descriptors() {}

    /// Opens for reading.
    ///
    /// @param path a C string
    /// @param flags `O_…`
    static int open(MemorySegment errno, int directory, MemorySegment path, int flags) {
        try {
            return (int) OPENAT.invokeExact(errno, directory, path, flags);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    static long read(MemorySegment errno, int descriptor, MemorySegment into) {
        try {
            return (long) READ.invokeExact(errno, descriptor, into, into.byteSize());
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    static long read(MemorySegment errno, int descriptor, MemorySegment into, long offset) {
        try {
            return (long) PREAD.invokeExact(errno, descriptor, into, into.byteSize(), offset);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    static int close(MemorySegment errno, int descriptor) {
        try {
            return (int) CLOSE.invokeExact(errno, descriptor);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }
}
