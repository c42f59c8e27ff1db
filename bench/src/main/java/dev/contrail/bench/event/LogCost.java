// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.event;

import java.lang.reflect.Method;
import java.util.logging.Handler;
import java.util.logging.Logger;

/// A call of `java.util.logging`. The argument names the class of a handler to add; without one the
/// handlers are those that an agent has installed, or none.
final class LogCost {
    private static final Logger LOGGER = Logger.getLogger("bench.shop");

    private LogCost() {}

    private static void log(int events) {
        for (int i = 0; i < events; i++) {
            LOGGER.info("order " + i);
        }
    }

    /// Logs until LTTng's handler has recorded something, as its `getEventCount` says. Ours needs
    /// no such wait: the agent has waited for the daemon's orders before this program began.
    private static void awaitOrders(Handler peer) throws Exception {
        Method count = peer.getClass().getMethod("getEventCount");
        long deadline = System.nanoTime() + 20_000_000_000L;
        while ((long) count.invoke(peer) == 0) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("nothing recorded");
            }
            LOGGER.info("first");
            Thread.onSpinWait();
        }
    }

    public static void main(String[] arguments) throws Exception {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler instanceof java.util.logging.ConsoleHandler) {
                Logger.getLogger("").removeHandler(handler);
            }
        }
        int batch = 5_000;
        if (arguments.length > 0) {
            Handler peer = (Handler) Class.forName(arguments[0]).getConstructor().newInstance();
            LOGGER.addHandler(peer);
            awaitOrders(peer);
            batch = 1_000;
        }
        Batches batches = new Batches();
        batches.add("nanoTime", 10_000, EventClock::clock);
        batches.add("log", batch, LogCost::log);
        batches.measure();
        System.exit(0);
    }

    /// Kept apart from [EventCost], which binds tracepoints.
    private static final class EventClock {
        private static volatile long sink;

        static void clock(int events) {
            long sum = 0;
            for (int i = 0; i < events; i++) {
                sum += System.nanoTime();
            }
            sink = sum;
        }
    }
}
