// SPDX-License-Identifier: Apache-2.0
package dev.contrail.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// Finds functions of the C library and tells why one failed.
///
/// Each function is declared once in this room, by the class that offers it; those that several
/// classes call, in [Descriptors].
final class Libc {
    static final int EAGAIN = 11;

    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CAPTURED.varHandle(PathElement.groupElement("errno")).withInvokeExactBehavior();

    private Libc() {}

    /// A handle whose first argument is the segment that receives `errno`, see [#errnoSegment].
    @SuppressWarnings("restricted")
    static MethodHandle function(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        var all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 1, options.length);
        all[0] = Linker.Option.captureCallState("errno");
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, all);
    }

    static MemorySegment errnoSegment(Arena arena) {
        return arena.allocate(CAPTURED);
    }

    static int errno(MemorySegment segment) {
        return (int) ERRNO.get(segment, 0L);
    }

    /// The failure of `what`, with the system's words for `errno`.
    static IOException failure(String what, int errno) {
        return new IOException(what + ": " + text(errno) + " (errno " + errno + ")");
    }

    /// What a foreign call threw: it declares nothing, so it can only be a bug or the end of
    /// memory.
    static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(thrown);
    }

    @SuppressWarnings("restricted")
    private static String text(int errno) {
        MethodHandle strerror =
                function(
                        "strerror",
                        FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            var found = (MemorySegment) strerror.invokeExact(errnoSegment(arena), errno);
            return found.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }
}
