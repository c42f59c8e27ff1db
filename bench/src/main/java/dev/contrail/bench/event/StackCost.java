// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.event;

import dev.contrail.tracer.Tracer;

/// The event of [EventCost] at the ends of calls of different depths; its channel records stacks,
/// or none.
final class StackCost {
    private static final int BATCH = 2_000;
    private static final int[] DEPTHS = {5, 20, 64};
    private static final HotEvents HOT = Tracer.bind(HotEvents.class);

    private StackCost() {}

    private static void emit(int events) {
        for (int i = 0; i < events; i++) {
            HOT.paid(i, 1L + i, "EUR");
        }
    }

    /// Not one frame, however it is compiled.
    private static void deeper(int frames, int events) {
        if (frames == 0) {
            emit(events);
        } else {
            deeper(frames - 1, events);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Batches batches = new Batches();
        for (int depth : DEPTHS) {
            // Below it are emit, the first deeper, and what calls it: run, measure, main.
            batches.add("depth" + depth, BATCH, events -> deeper(Math.max(0, depth - 6), events));
        }
        batches.measure();
    }
}
