// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The time stamps' clock: `CLOCK_MONOTONIC` of the initial time namespace, whichever we are in, so
/// that all rings of a machine, and its kernel, are on one time line.
///
/// JDK 22 and later: as the class of that name for JDK 17; or, where somebody has asked for it, the
/// processor's counter, which is read in a third of the time and is here given the rate of the
/// system's clock. The kernel makes `CLOCK_MONOTONIC` of the same counter; between two comparisons,
/// a second apart, the two drift by nanoseconds.
public final class TracerClock {
    private static final long AHEAD = ProcFacts.MONOTONIC_AHEAD;

    /// By so much they never drift: then the counter has jumped, as when a virtual machine is
    /// moved.
    private static final long MOST_DRIFT_NANOS = 10_000;

    private static final long PERIOD_NANOS = 1_000_000_000;
    private static final int READINGS = 64;

    /// How the counter is made into time: `base + (counter - from) * factor / 2^62`.
    private record Rate(long from, long base, long factor) {
        long nanos(long counter) {
            return base + Math.multiplyHigh(counter - from << 2, factor);
        }
    }

    /// Counter and clock at one moment.
    private record Pair(long counter, long nanos) {}

    /// The last comparison; null before the first, and when no counter is used.
    private static @Nullable Pair last;

    /// Null as long as the clock is the system's. Racy: all its fields are final, and who still has
    /// the one before tells the time by that.
    private static @Nullable Rate rate;

    private TracerClock() {}

    public static long nanos() {
        Rate known = rate;
        return known == null ? System.nanoTime() - AHEAD : known.nanos(Counter.read());
    }

    /// Has the processor's counter tell the time from the next [#tune] but one on, where that can
    /// be. One thread.
    ///
    /// @return why it cannot; empty when it can
    public static String useCounter() {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return "it is there for x86-64 only";
        }
        if (!isSteady()) {
            return "the kernel's clock source is not tsc, or the counter does not run steadily";
        }
        if (!TracerClock.class.getModule().isNativeAccessEnabled()) {
            return "it needs --enable-native-access=ALL-UNNAMED";
        }
        try {
            last = compare();
            return "";
        } catch (LinkageError e) { // from the initialiser of Counter
            return "the counter cannot be read: " + (e.getCause() == null ? e : e.getCause());
        }
    }

    /// What the kernel relies on, too (`Documentation/virt/kvm/x86/timekeeping.rst`).
    private static boolean isSteady() {
        try {
            String source = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
            for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
                if (line.startsWith("flags")) {
                    return line.contains(" constant_tsc")
                            && line.contains(" nonstop_tsc")
                            && Files.readString(Path.of(source)).equals("tsc\n");
                }
            }
        } catch (Exception e) {
            return false; // what cannot be read is not known
        }
        return false;
    }

    /// Compares the counter with the system's clock: about once a second, by one thread. The time
    /// goes on from where it is, a little faster or slower, so that it is right a second later.
    ///
    /// @return why the counter is not used any more; empty while it is, or where it never was
    public static String tune() {
        Pair before = last;
        if (before == null) {
            return "";
        }
        Pair now = compare();
        Rate known = rate;
        if (known == null && now.nanos - before.nanos < PERIOD_NANOS / 2) {
            return ""; // too short a time to measure a rate
        }
        last = now;
        double perTick = (double) (now.nanos - before.nanos) / (now.counter - before.counter);
        long told = known == null ? now.nanos : known.nanos(now.counter);
        long drift = now.nanos - told;
        if (Math.abs(drift) > MOST_DRIFT_NANOS || !(perTick > 0 && perTick < 1)) {
            rate = null;
            last = null;
            return "it was %d ns off".formatted(drift);
        }
        double steered = perTick * (1 + (double) drift / PERIOD_NANOS);
        rate = new Rate(now.counter, told, (long) (steered * (1L << 62)));
        return "";
    }

    /// The narrowest of some readings of the counter between two of the clock.
    private static Pair compare() {
        Pair best = new Pair(0, 0);
        long narrowest = Long.MAX_VALUE;
        for (int i = 0; i < READINGS; i++) {
            long begin = System.nanoTime();
            long counter = Counter.read();
            long width = System.nanoTime() - begin;
            if (width < narrowest) {
                narrowest = width;
                best = new Pair(counter, begin + width / 2 - AHEAD);
            }
        }
        return best;
    }

    /// Ten bytes of machine code in a page of their own, which cannot be written any more when it
    /// can be run.
    private static final class Counter {
        private static final int READ_WRITE = 1 | 2;
        private static final int READ_EXECUTE = 1 | 4;
        private static final int PRIVATE_ANONYMOUS = 2 | 0x20;
        private static final long PAGE = 4096;

        /// `rdtsc; shl rdx, 32; or rax, rdx; ret`
        private static final byte[] CODE = {
            0x0f, 0x31, 0x48, (byte) 0xc1, (byte) 0xe2, 0x20, 0x48, 0x09, (byte) 0xd0, (byte) 0xc3
        };

        private static final MethodHandle READ = make();

        /// May run ahead of what comes before it: a cell's times are kept in order all the same.
        static long read() {
            try {
                return (long) READ.invokeExact();
            } catch (RuntimeException | Error e) {
                throw e; // no stack
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        @SuppressWarnings("restricted") // who may not does not come here
        private static MethodHandle make() {
            Linker linker = Linker.nativeLinker();
            SymbolLookup library = linker.defaultLookup();
            MethodHandle map =
                    linker.downcallHandle(
                            library.find("mmap").orElseThrow(),
                            FunctionDescriptor.of(
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG));
            MethodHandle protect =
                    linker.downcallHandle(
                            library.find("mprotect").orElseThrow(),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_INT));
            try {
                MemorySegment mapped =
                        (MemorySegment)
                                map.invokeExact(
                                        MemorySegment.NULL,
                                        PAGE,
                                        READ_WRITE,
                                        PRIVATE_ANONYMOUS,
                                        -1,
                                        0L);
                if (mapped.address() == -1) {
                    throw new IllegalStateException("no memory for a page");
                }
                MemorySegment page = mapped.reinterpret(PAGE, Arena.global(), null);
                MemorySegment.copy(CODE, 0, page, ValueLayout.JAVA_BYTE, 0, CODE.length);
                if ((int) protect.invokeExact(page, PAGE, READ_EXECUTE) != 0) {
                    throw new IllegalStateException("the system lets no page be executed");
                }
                return linker.downcallHandle(
                        page,
                        FunctionDescriptor.of(ValueLayout.JAVA_LONG),
                        Linker.Option.critical(false));
            } catch (Throwable e) {
                throw new IllegalStateException(e.getMessage());
            }
        }
    }
}
