// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.kernel;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/// Reads single bytes of `/dev/zero`: a system call each, hence two events.
///
/// `rate EVENTS_PER_SECOND SECONDS` has a thread for each CPU and prints the events that they
/// caused. `cost CHUNKS` is one thread as fast as it can and prints CPU nanoseconds for one call:
/// the median of the chunks and the mean of their best tenth.
final class SystemCallLoad {
    private static final int CALLS_PER_CHUNK = 5000;
    private static final int WARM_UP_CHUNKS = 40;
    private static final long TURN_NANOS = 1_000_000;

    private SystemCallLoad() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("rate")) {
            rate(Long.parseLong(arguments[1]), Long.parseLong(arguments[2]));
        } else {
            cost(Integer.parseInt(arguments[1]));
        }
    }

    private static void rate(long eventsPerSecond, long seconds) throws InterruptedException {
        int cpus = Runtime.getRuntime().availableProcessors();
        long calls = eventsPerSecond * seconds / 2 / cpus;
        long[] millis = new long[cpus];
        Thread[] threads = new Thread[cpus];
        for (int i = 0; i < cpus; i++) {
            int mine = i;
            threads[i] = new Thread(() -> millis[mine] = callsIn(calls, seconds));
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf("%d %d%n", 2 * calls * cpus, Arrays.stream(millis).max().orElseThrow());
    }

    /// As many as are due, every millisecond. Returns how many milliseconds it took.
    private static long callsIn(long calls, long seconds) {
        long start = System.nanoTime();
        try (var zero = new FileInputStream("/dev/zero")) {
            for (long made = 0; made < calls; ) {
                long due = (long) ((double) calls * (System.nanoTime() - start) / (seconds * 1e9));
                while (made < Math.min(due, calls)) {
                    zero.read();
                    made++;
                }
                LockSupport.parkNanos(TURN_NANOS);
            }
        } catch (IOException noLinux) {
            throw new IllegalStateException(noLinux);
        }
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static void cost(int chunks) throws IOException {
        var threads = ManagementFactory.getThreadMXBean();
        double[] nanos = new double[chunks];
        try (var zero = new FileInputStream("/dev/zero")) {
            for (int i = -WARM_UP_CHUNKS; i < chunks; i++) {
                long start = threads.getCurrentThreadCpuTime();
                for (int call = 0; call < CALLS_PER_CHUNK; call++) {
                    zero.read();
                }
                long end = threads.getCurrentThreadCpuTime();
                nanos[Math.max(i, 0)] = (double) (end - start) / CALLS_PER_CHUNK;
            }
        }
        Arrays.sort(nanos);
        double best = Arrays.stream(nanos, 0, Math.max(1, chunks / 10)).average().orElseThrow();
        System.out.printf("%.1f %.1f%n", nanos[chunks / 2], best);
    }
}
