// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.context;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// What the system tells the calling thread of itself: getrusage(2), clock_gettime(2),
/// pthread_self(3). JDK 22 and later, where native access is allowed; the same as the class of that
/// name for JDK 17.
final class ThreadUsage {
    private ThreadUsage() {}

    /// Why it cannot be asked; empty when it can. What follows is then 0.
    static String problem() {
        if (!ThreadUsage.class.getModule().isNativeAccessEnabled()) {
            return "they need --enable-native-access=ALL-UNNAMED";
        }
        try {
            return Calls.pthread() == 0 ? "the system does not tell" : "";
        } catch (LinkageError e) { // from the initialiser
            return String.valueOf(e.getCause() == null ? e : e.getCause());
        }
    }

    static long pthread() {
        return Calls.pthread();
    }

    /// On processors.
    static long nanos() {
        return Calls.nanos();
    }

    static long faults() {
        return Calls.usage(Calls.MINOR_FAULTS, Calls.MAJOR_FAULTS);
    }

    static long minorFaults() {
        return Calls.usage(Calls.MINOR_FAULTS, Calls.MINOR_FAULTS);
    }

    static long majorFaults() {
        return Calls.usage(Calls.MAJOR_FAULTS, Calls.MAJOR_FAULTS);
    }

    static long contextSwitches() {
        return Calls.usage(Calls.VOLUNTARY_SWITCHES, Calls.INVOLUNTARY_SWITCHES);
    }

    /// Of the C library, on 64 bits.
    private static final class Calls {
        /// Of `struct rusage`, in words of 8 bytes.
        static final int MINOR_FAULTS = 8;

        static final int MAJOR_FAULTS = 9;
        static final int VOLUNTARY_SWITCHES = 16;
        static final int INVOLUNTARY_SWITCHES = 17;

        private static final int WORDS = 18;
        private static final int RUSAGE_THREAD = 1;
        private static final int CLOCK_THREAD_CPUTIME_ID = 3;

        private static final MethodHandle SELF = handle("pthread_self", false);
        private static final MethodHandle USAGE = handle("getrusage", true);
        private static final MethodHandle CLOCK = handle("clock_gettime", true);

        /// What the calls write into. Nobody else has the thread between a call and what reads it.
        private static final ThreadLocal<MemorySegment> WRITTEN =
                ThreadLocal.withInitial(() -> MemorySegment.ofArray(new long[WORDS]));

        /// They return at once: critical, and so may write into the heap.
        @SuppressWarnings("restricted") // who may not does not come here
        private static MethodHandle handle(String name, boolean hasArguments) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().find(name).orElseThrow(),
                    hasArguments
                            ? FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS)
                            : FunctionDescriptor.of(JAVA_LONG),
                    Linker.Option.critical(true));
        }

        static long pthread() {
            try {
                return (long) SELF.invokeExact();
            } catch (Throwable e) {
                throw failed(e);
            }
        }

        static long nanos() {
            MemorySegment written = WRITTEN.get();
            try {
                if ((int) CLOCK.invokeExact(CLOCK_THREAD_CPUTIME_ID, written) != 0) {
                    return 0;
                }
            } catch (Throwable e) {
                throw failed(e);
            }
            return written.getAtIndex(JAVA_LONG, 0) * 1_000_000_000
                    + written.getAtIndex(JAVA_LONG, 1);
        }

        /// The sum of two words, or one.
        static long usage(int one, int other) {
            MemorySegment written = WRITTEN.get();
            try {
                if ((int) USAGE.invokeExact(RUSAGE_THREAD, written) != 0) {
                    return 0;
                }
            } catch (Throwable e) {
                throw failed(e);
            }
            long value = written.getAtIndex(JAVA_LONG, one);
            return one == other ? value : value + written.getAtIndex(JAVA_LONG, other);
        }

        private static RuntimeException failed(Throwable e) {
            if (e instanceof Error error) {
                throw error; // no stack
            }
            return e instanceof RuntimeException known ? known : new IllegalStateException(e);
        }
    }
}
