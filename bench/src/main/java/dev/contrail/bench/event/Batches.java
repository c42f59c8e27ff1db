// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.event;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Measures pieces of work in turns, so that all of them meet the same noise, and prints of each,
/// per event: `name median-nanoseconds best-tenth-nanoseconds bytes`.
///
/// A platform thread is measured in CPU time. Of a virtual one that is not known, but a batch is
/// shorter than a scheduler's turn, so that a busy neighbour spoils few of them. What other threads
/// do (the collector, JFR's writer) does not count.
public final class Batches {
    /// Does `events` events.
    public interface Work {
        void run(int events) throws Exception;
    }

    private static final int ROUNDS = 501;
    private static final int WARM_UP = 250;

    private record Piece(String name, int events, Work work, double[] nanos, double[] bytes) {}

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final List<Piece> pieces = new ArrayList<>();

    public void add(String name, int eventsPerBatch, Work work) {
        pieces.add(new Piece(name, eventsPerBatch, work, new double[ROUNDS], new double[ROUNDS]));
    }

    public void measure() throws Exception {
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (Piece piece : pieces) {
                long allocated = allocatedBytes();
                long from = nanos();
                piece.work.run(piece.events);
                long nanos = nanos() - from;
                allocated = allocatedBytes() - allocated;
                if (round < 0) {
                    continue;
                }
                piece.nanos[round] = (double) nanos / piece.events;
                piece.bytes[round] = (double) allocated / piece.events;
            }
        }
        for (Piece piece : pieces) {
            Arrays.sort(piece.nanos);
            Arrays.sort(piece.bytes);
            System.out.printf(
                    "%s %.3f %.3f %.3f%n",
                    piece.name,
                    piece.nanos[ROUNDS / 2],
                    piece.nanos[ROUNDS / 10],
                    piece.bytes[ROUNDS / 2]);
        }
    }

    private long nanos() {
        return Thread.currentThread().isVirtual()
                ? System.nanoTime()
                : threads.getCurrentThreadCpuTime();
    }

    /// Not known of a virtual thread.
    private long allocatedBytes() {
        return Thread.currentThread().isVirtual() ? 0 : threads.getCurrentThreadAllocatedBytes();
    }
}
