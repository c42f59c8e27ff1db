// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.log;

import dev.contrail.bench.event.Batches;

/// The log calls that are measured, of whichever log system.
final class Statements {
    private static final int BATCH = 5_000;
    private static final int FRAMES = 20;

    private static volatile long sink;

    private Statements() {}

    /// One call of a logger for an order.
    interface Call {
        void log(int order);
    }

    /// Measures both, next to `System.nanoTime()`, and ends the program.
    static void measure(Call plain, Call thrown) throws Exception {
        var batches = new Batches();
        batches.add("nanoTime", 2 * BATCH, Statements::clock);
        batches.add("log", BATCH, events -> repeat(plain, events));
        batches.add("thrown", BATCH / 10, events -> repeat(thrown, events));
        batches.measure();
        System.exit(0);
    }

    private static void repeat(Call call, int events) {
        for (int i = 0; i < events; i++) {
            call.log(i);
        }
    }

    private static void clock(int events) {
        long sum = 0;
        for (int i = 0; i < events; i++) {
            sum += System.nanoTime();
        }
        sink = sum;
    }

    /// An exception as of a service: some frames deep, and made once.
    static Exception exception() {
        return at(FRAMES);
    }

    private static Exception at(int depth) {
        return depth == 0 ? new IllegalStateException("no coins") : at(depth - 1);
    }
}
