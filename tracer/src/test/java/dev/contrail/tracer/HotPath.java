// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer;

import com.sun.management.ThreadMXBean;
import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/// Prints what an event costs (int, long, 3-character string) next to one `System.nanoTime()`. Run
/// it from the jar: a class directory has no JDK 22 overlay.
final class HotPath {
    @Provider("hot")
    interface Shop {
        void paid(
                @Field("cents") int cents,
                @Field("order") long order,
                @Field("currency") String currency);
    }

    private static final Shop TRACE = Tracer.bind(Shop.class);
    private static final String[] CURRENCIES = {"EUR", "USD", "GBP", "JPY"};
    private static final int EVENTS = 10_000_000;
    private static final int ROUNDS = 9;

    private static long sink;

    private HotPath() {}

    private static void clock() {
        long sum = 0;
        for (int i = 0; i < EVENTS; i++) {
            sum += System.nanoTime();
        }
        sink += sum;
    }

    private static void events() {
        for (int i = 0; i < EVENTS; i++) {
            TRACE.paid(i, 1L + i, CURRENCIES[i & 3]);
        }
    }

    private static double nanosPerRound(Runnable work) {
        long from = System.nanoTime();
        work.run();
        return (System.nanoTime() - from) / (double) EVENTS;
    }

    private static void compare(String what) {
        double[] clocks = new double[ROUNDS];
        double[] events = new double[ROUNDS];
        for (int i = 0; i < 3; i++) {
            clock();
            events();
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long allocated = threads.getThreadAllocatedBytes(id);
        for (int i = 0; i < ROUNDS; i++) {
            clocks[i] = nanosPerRound(HotPath::clock);
            events[i] = nanosPerRound(HotPath::events);
        }
        allocated = threads.getThreadAllocatedBytes(id) - allocated;
        Arrays.sort(clocks);
        Arrays.sort(events);
        double nt = clocks[ROUNDS / 2];
        double event = events[ROUNDS / 2];
        System.out.printf(
                "%-12s %6.2f ns/event = %.2f nt (nt = %.2f ns; best %.2f), %.4f bytes/event%n",
                what, event, event / nt, nt, events[0], allocated / (double) EVENTS / ROUNDS);
    }

    public static void main(String[] args) throws Exception {
        System.out.println("JDK " + Runtime.version());
        compare("disabled");
        EventPoint point = EventClasses.from(0).get(0);
        RingWriter ring = RingWriter.open();
        WriterPool large =
                ring.openPool(1, 0, PoolMode.OVERWRITE, 32768, Integer.getInteger("blocks", 64));
        point.enable(large, 1);
        compare("owned cell");
        point.disable(large);
        WriterPool small =
                ring.openPool(1, 1, PoolMode.OVERWRITE, 32768, 3); // too small to own a cell
        point.enable(small, 1);
        compare("shared cell");
        System.out.println(sink == 0 ? "" : ring.file());
    }
}
