// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.event;

/// Calls of methods whose entry and exit are recorded, by contrail or by JFR, next to the same
/// calls of one that is not, and to `System.nanoTime()`. Which are is for who starts it to say.
final class MethodCost {
    private static final int BATCH = 20_000;

    private static volatile long sink;

    private record Order(int id) {}

    /// Methods that do next to nothing, so that they are inlined.
    private static final class Cart {
        private long count;

        long plain(int by) {
            return count += by;
        }

        long traced(int by) {
            return count += by;
        }

        long detailed(Order order, int by) {
            return count += by + order.id;
        }
    }

    private MethodCost() {}

    public static void main(String[] arguments) throws Exception {
        Cart cart = new Cart();
        Order order = new Order(17);
        Batches batches = new Batches();
        batches.add(
                "nanoTime",
                BATCH,
                events -> {
                    long sum = 0;
                    for (int i = 0; i < events; i++) {
                        sum += System.nanoTime();
                    }
                    sink = sum;
                });
        batches.add(
                "plain",
                BATCH,
                events -> {
                    for (int i = 0; i < events; i++) {
                        sink = cart.plain(i);
                    }
                });
        batches.add(
                "traced",
                BATCH,
                events -> {
                    for (int i = 0; i < events; i++) {
                        sink = cart.traced(i);
                    }
                });
        batches.add(
                "detailed",
                BATCH,
                events -> {
                    for (int i = 0; i < events; i++) {
                        sink = cart.detailed(order, i);
                    }
                });
        batches.measure();
    }
}
