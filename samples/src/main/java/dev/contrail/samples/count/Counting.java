// SPDX-License-Identifier: Apache-2.0
package dev.contrail.samples.count;

import dev.contrail.tracer.Tracer;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Emits numbered events and keeps the count of each thread in a mapped file, so that a test knows
/// what was emitted, also after `kill -9`.
///
/// ```
/// Counting FILE THREADS EVENTS PAUSE_NANOS
/// ```
///
/// The file holds a little-endian 64-bit count for each thread: events whose call has returned;
/// then one more number, which ends the program when somebody makes it 1. `EVENTS` 0 goes on until
/// then; `PAUSE_NANOS` is the pause after each event.
public final class Counting {
    private static final CountEvents TRACE = Tracer.bind(CountEvents.class);

    private Counting() {}

    /// Runs until every thread has emitted its events, then prints `DONE`.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path file = Path.of(arguments[0]);
        int threads = Integer.parseInt(arguments[1]);
        long events = Long.parseLong(arguments[2]);
        long pauseNanos = Long.parseLong(arguments[3]);
        MappedByteBuffer counts;
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            counts = channel.map(FileChannel.MapMode.READ_WRITE, 0, (threads + 1) * 8L);
        }
        counts.order(ByteOrder.LITTLE_ENDIAN);
        System.out.println("RUNNING");
        Thread[] running = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            int thread = i;
            running[i] =
                    new Thread(
                            () -> count(counts, thread, threads, events, pauseNanos),
                            "counting-" + i);
            running[i].start();
        }
        for (Thread each : running) {
            each.join();
        }
        System.out.println("DONE");
    }

    private static void count(
            MappedByteBuffer counts, int thread, int threads, long events, long pauseNanos) {
        for (long number = 1;
                (events == 0 || number <= events) && counts.getLong(threads * 8) == 0;
                number++) {
            TRACE.tick(thread, number);
            counts.putLong(thread * 8, number);
            if (pauseNanos >= TimeUnit.MICROSECONDS.toNanos(50)) {
                LockSupport.parkNanos(pauseNanos);
            } else if (pauseNanos > 0) {
                long until = System.nanoTime() + pauseNanos;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
