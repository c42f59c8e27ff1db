// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.event;

import com.sun.management.OperatingSystemMXBean;
import dev.contrail.tracer.Tracer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;

/// An event with an int, a long and a string of three characters: recorded from a platform thread
/// and from a virtual one, from two threads and 200, not recorded, and rejected by a filter; next
/// to `System.nanoTime()` and to the same event in JFR without stack trace.
final class EventCost {
    private static final int BATCH = 20_000;
    private static final int CROWD = 200;

    /// Binding waits for the daemon's orders.
    private static final HotEvents HOT = Tracer.bind(HotEvents.class);

    private static final IdleEvents IDLE = Tracer.bind(IdleEvents.class);
    private static final FewEvents FEW = Tracer.bind(FewEvents.class);
    private static final String[] CURRENCIES = {"EUR", "USD", "GBP", "JPY"};

    private static volatile long sink;

    @Name("bench.Paid")
    @StackTrace(false)
    static final class Paid extends Event {
        int cents;
        long order;
        String currency = "";
    }

    private EventCost() {}

    static void clock(int events) {
        long sum = 0;
        for (int i = 0; i < events; i++) {
            sum += System.nanoTime();
        }
        sink = sum;
    }

    static void hot(int events) {
        for (int i = 0; i < events; i++) {
            HOT.paid(i, 1L + i, CURRENCIES[i & 3]);
        }
    }

    static void idle(int events) {
        for (int i = 0; i < events; i++) {
            IDLE.paid(i, 1L + i, CURRENCIES[i & 3]);
        }
    }

    static void rejectedByInteger(int events) {
        for (int i = 0; i < events; i++) {
            FEW.integer(i, 1L + i, CURRENCIES[i & 3]);
        }
    }

    static void rejectedByText(int events) {
        for (int i = 0; i < events; i++) {
            FEW.text(i, 1L + i, CURRENCIES[i & 3]);
        }
    }

    static void flightRecorder(int events) {
        for (int i = 0; i < events; i++) {
            Paid paid = new Paid();
            paid.cents = i;
            paid.order = 1L + i;
            paid.currency = CURRENCIES[i & 3];
            paid.commit();
        }
    }

    /// CPU nanoseconds an event, when `threads` threads emit at once.
    private static double cpuNanos(int threads, int events) throws InterruptedException {
        ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        CountDownLatch ready = new CountDownLatch(threads);
        long[] nanos = new long[threads];
        Thread[] running = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            int self = i;
            running[i] =
                    Thread.ofPlatform()
                            .start(() -> {
                                ready.countDown();
                                while (ready.getCount() > 0) {
                                    Thread.onSpinWait();
                                }
                                hot(events / 10);
                                long from = bean.getCurrentThreadCpuTime();
                                hot(events);
                                nanos[self] = bean.getCurrentThreadCpuTime() - from;
                            });
        }
        long sum = 0;
        for (int i = 0; i < threads; i++) {
            running[i].join();
            sum += nanos[i];
        }
        return (double) sum / threads / events;
    }

    /// CPU nanoseconds an event of the whole process, when 200 threads emit at once.
    private static double crowdNanos(Thread.Builder builder) throws InterruptedException {
        OperatingSystemMXBean process =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        List<Thread> crowd = new ArrayList<>();
        long from = process.getProcessCpuTime();
        for (int i = 0; i < CROWD; i++) {
            crowd.add(builder.start(() -> hot(4 * BATCH)));
        }
        for (Thread each : crowd) {
            each.join();
        }
        return (double) (process.getProcessCpuTime() - from) / (CROWD * 4 * BATCH);
    }

    /// Prints the CPU time of all threads an event: with the collector and JFR's writer.
    private static void wholeProcess(String name, Batches.Work work) throws Exception {
        OperatingSystemMXBean process =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        double[] nanos = new double[5];
        for (int i = 0; i < nanos.length; i++) {
            long from = process.getProcessCpuTime(); // in steps of 10 ms
            work.run(400 * BATCH);
            nanos[i] = (double) (process.getProcessCpuTime() - from) / (400 * BATCH);
        }
        print(name, nanos);
    }

    /// The median and the least.
    private static void print(String name, double[] nanos) {
        Arrays.sort(nanos);
        System.out.printf("%s %.3f %.3f 0%n", name, nanos[nanos.length / 2], nanos[0]);
    }

    public static void main(String[] arguments) throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable(Paid.class).withoutStackTrace();
            recording.setMaxSize(16 << 20);
            recording.start();
            Batches platform = new Batches();
            platform.add("nanoTime", BATCH, EventCost::clock);
            platform.add("enabled", BATCH, EventCost::hot);
            platform.add("jfr", BATCH, EventCost::flightRecorder);
            platform.add("disabled", 25 * BATCH, EventCost::idle);
            platform.add("integer", 25 * BATCH, EventCost::rejectedByInteger);
            platform.add("text", 25 * BATCH, EventCost::rejectedByText);
            platform.measure();
            FutureTask<Void> virtual =
                    new FutureTask<>(() -> {
                        Batches batches = new Batches();
                        batches.add("virtualNanoTime", BATCH, EventCost::clock);
                        batches.add("virtual", BATCH, EventCost::hot);
                        batches.measure();
                        return null;
                    });
            Thread.ofVirtual().start(virtual);
            virtual.get();
            wholeProcess("enabledProcess", EventCost::hot);
            wholeProcess("jfrProcess", EventCost::flightRecorder);
        }
        double[] one = new double[9];
        double[] two = new double[9];
        for (int i = 0; i < one.length; i++) {
            one[i] = cpuNanos(1, 80 * BATCH);
            two[i] = cpuNanos(2, 80 * BATCH);
        }
        double[] crowd = new double[5];
        double[] virtualCrowd = new double[5];
        for (int i = 0; i < crowd.length; i++) {
            crowd[i] = crowdNanos(Thread.ofPlatform());
            virtualCrowd[i] = crowdNanos(Thread.ofVirtual());
        }
        print("crowd", crowd);
        print("virtualCrowd", virtualCrowd);
        print("oneThreadCpu", one);
        print("twoThreadsCpu", two);
    }
}
