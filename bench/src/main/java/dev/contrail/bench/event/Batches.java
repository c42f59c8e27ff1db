// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.event;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Measures pieces of work in turns, so that all of them meet the same noise, and prints the median
/// of each: `name nanoseconds bytes`, per event. The nanoseconds are CPU time, not the clock on the
/// wall: a busy neighbour shall not count.
final class Batches {
    /// Does `events` events.
    interface Work {
        void run(int events) throws Exception;
    }

    /// Whose CPU time counts: a virtual thread has none of its own.
    enum Cpu {
        THREAD,
        PROCESS
    }

    private static final int ROUNDS = 41;

    private record Piece(
            String name, Cpu cpu, int events, Work work, double[] nanos, double[] bytes) {}

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final OperatingSystemMXBean process =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final List<Piece> pieces = new ArrayList<>();

    void add(String name, int eventsPerBatch, Work work) {
        add(name, Cpu.THREAD, eventsPerBatch, work);
    }

    void add(String name, Cpu cpu, int eventsPerBatch, Work work) {
        pieces.add(
                new Piece(name, cpu, eventsPerBatch, work, new double[ROUNDS], new double[ROUNDS]));
    }

    void measure() throws Exception {
        for (int round = -ROUNDS / 2; round < ROUNDS; round++) // the first ones warm up
        for (Piece piece : pieces) {
                long allocated = threads.getCurrentThreadAllocatedBytes();
                long from = cpuNanos(piece.cpu);
                piece.work.run(piece.events);
                long nanos = cpuNanos(piece.cpu) - from;
                allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
                if (round < 0) continue;
                piece.nanos[round] = (double) nanos / piece.events;
                piece.bytes[round] = (double) allocated / piece.events;
            }
        for (Piece piece : pieces) {
            Arrays.sort(piece.nanos);
            Arrays.sort(piece.bytes);
            System.out.printf(
                    "%s %.3f %.3f%n", piece.name, piece.nanos[ROUNDS / 2], piece.bytes[ROUNDS / 2]);
        }
    }

    private long cpuNanos(Cpu cpu) {
        return cpu == Cpu.THREAD ? threads.getCurrentThreadCpuTime() : process.getProcessCpuTime();
    }
}
