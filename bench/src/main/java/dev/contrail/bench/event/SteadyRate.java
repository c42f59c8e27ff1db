// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.event;

import dev.contrail.tracer.Field;
import dev.contrail.tracer.Provider;
import dev.contrail.tracer.Tracer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Emits records of some 220 bytes at a steady rate, a millisecond's share at a time: `THREADS
/// MEGABYTES_A_SECOND SECONDS`. Prints how many it has emitted, and the rate that it came to.
public final class SteadyRate {
    @Provider("steady")
    interface Events {
        void line(@Field("number") long number, @Field("text") String text);
    }

    private static final Events TRACE = Tracer.bind(Events.class);
    private static final String TEXT = "x".repeat(200);
    private static final int RECORD_BYTES = 12 + Long.BYTES + TEXT.length() + 1;

    /// A thread that was kept from its processor does not make up for more than so much.
    private static final long MOST_BEHIND_NANOS = 5_000_000;

    private SteadyRate() {}

    public static void main(String[] arguments) throws InterruptedException {
        int threads = Integer.parseInt(arguments[0]);
        double bytesPerNano = Double.parseDouble(arguments[1]) / 1_000;
        long nanos = Long.parseLong(arguments[2]) * 1_000_000_000;
        Thread.sleep(1_500); // until the daemon has it
        var emitted = new AtomicLong();
        var running = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            running[i] =
                    new Thread(() ->
                            emitted.addAndGet(emit(nanos, bytesPerNano / RECORD_BYTES / threads)));
            running[i].start();
        }
        for (Thread each : running) {
            each.join();
        }
        System.out.printf("%d %.0f%n", emitted.get(), emitted.get() * RECORD_BYTES * 1e3 / nanos);
    }

    private static long emit(long nanos, double eventsPerNano) {
        long begin = System.nanoTime();
        long end = begin + nanos;
        long emitted = 0;
        for (long now = begin; now - end < 0; now = System.nanoTime()) {
            double behind = (now - begin) * eventsPerNano - emitted;
            if (behind > MOST_BEHIND_NANOS * eventsPerNano) {
                begin += (long) (behind / eventsPerNano) - MOST_BEHIND_NANOS;
            }
            for (long due = (long) ((now - begin) * eventsPerNano); emitted < due; emitted++) {
                TRACE.line(emitted, TEXT);
            }
            LockSupport.parkNanos(1_000_000);
        }
        return emitted;
    }
}
