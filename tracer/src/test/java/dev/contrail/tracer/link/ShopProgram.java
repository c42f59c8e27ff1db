// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.Field;
import dev.contrail.tracer.Level;
import dev.contrail.tracer.Provider;
import dev.contrail.tracer.Tracer;
import java.util.logging.Logger;

/// A traced program. Its first argument says what it does; it reads a line before each next step.
final class ShopProgram {
    @Provider("shop")
    interface Shop {
        @Level(Level.INFO)
        void paid(@Field("order") long order, @Field("currency") String currency);
    }

    @Provider("late")
    interface Late {
        void more(@Field("number") long number, @Field("text") String text);
    }

    private static final int LATE_THREADS = 4;
    private static volatile boolean isEnough;
    private static volatile boolean isUnderWay;

    private ShopProgram() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "events":
                Shop shop = Tracer.bind(Shop.class);
                for (int i = 0; i < 100; i++) {
                    shop.paid(i, i % 2 == 0 ? "EUR" : "€");
                }
                break;
            case "steps":
                Shop steps = Tracer.bind(Shop.class);
                for (int i = 0; ; i++) {
                    steps.paid(i, "EUR");
                    System.out.println("step " + i);
                    if (System.in.read() < 0) {
                        break;
                    }
                }
                break;
            case "late":
                bindsLate();
                break;
            case "log":
                Logger.getLogger("shop.till").info("first");
                Logger.getLogger("shop.till")
                        .logp(java.util.logging.Level.WARNING, "Till", "open", "drawer {0}", 7);
                Logger.getLogger("shop.till").fine("not loggable");
                Logger.getLogger("other").info("not wanted");
                System.out.println(
                        java.util.logging.LogManager.getLogManager().getClass().getName());
                break;
            case "long":
                Logger.getLogger("shop.till").setUseParentHandlers(false);
                for (int length : new int[] {1, 200_000, 300_000, 600_000}) {
                    Logger.getLogger("shop.till").info("m".repeat(length));
                }
                break;
            case "reset":
                Logger till = Logger.getLogger("shop.till");
                till.info("first");
                java.util.logging.LogManager.getLogManager().reset();
                till.info("after reset");
                java.util.logging.LogManager.getLogManager().readConfiguration();
                till.info("after readConfiguration");
                till.setUseParentHandlers(false);
                till.info("without parent");
                break;
            case "node":
                org.jboss.logmanager.Logger node = new org.jboss.logmanager.Logger("shop.till");
                sell(node, "%s sold");
                node.setFilter(record -> false);
                sell(node, "%s filtered");
                System.out.println(node.published());
                break;
            case "watched":
                for (int i = 0; System.in.read() >= 0; i++) {
                    Logger.getLogger("shop.till").info("watched " + i);
                    System.out.println(leftOfTheTracer());
                }
                break;
            default:
                throw new IllegalArgumentException(arguments[0]);
        }
    }

    /// Binds a second interface at the first line that it reads, emits through it until the second,
    /// and then says how often.
    private static void bindsLate() throws Exception {
        Shop shop = Tracer.bind(Shop.class);
        shop.paid(0, "EUR");
        System.in.read();
        Late late = Tracer.bind(Late.class);
        Thread[] threads = new Thread[LATE_THREADS];
        long[] emitted = new long[LATE_THREADS];
        for (int i = 0; i < threads.length; i++) {
            int number = i;
            threads[i] =
                    new Thread(() -> {
                        for (; !isEnough; emitted[number]++) {
                            late.more(emitted[number], emitted[number] % 2 == 0 ? "a" : "\u00e4");
                            if (emitted[number] == 100) {
                                isUnderWay = true;
                            }
                            java.util.concurrent.locks.LockSupport.parkNanos(20_000);
                        }
                    });
            threads[i].start();
        }
        while (!isUnderWay) {
            Thread.onSpinWait();
        }
        System.out.println("under way");
        System.in.read();
        isEnough = true;
        long sum = 0;
        for (int i = 0; i < threads.length; i++) {
            threads[i].join();
            sum += emitted[i];
        }
        System.out.println(sum);
    }

    private static void sell(org.jboss.logmanager.Logger node, String text) {
        node.log(
                new org.jboss.logmanager.ExtLogRecord(java.util.logging.Level.INFO, text, "bread"));
    }

    /// The tracer's threads, handlers and whether the loggers still have somewhere to send to. The
    /// thread that changes the loggers is waited for when nobody wants their records: it says that
    /// it is done before it ends. As long as somebody does it looks for more of them.
    private static String leftOfTheTracer()
            throws ReflectiveOperationException, InterruptedException {
        java.util.TreeSet<String> left = new java.util.TreeSet<>();
        try {
            Class<?> tap = Class.forName("java.util.logging.ContrailTap");
            if (tap.getField("target").get(null) != null) {
                left.add("target");
            }
        } catch (ClassNotFoundException e) {
            left.add("no class");
        }
        boolean isWanted = left.contains("target");
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            boolean isOfLoggers = thread.getName().equals("contrail-loggers");
            if (isOfLoggers && !isWanted) {
                thread.join();
            }
            if (thread.getName().startsWith("contrail")
                    && thread.isAlive()
                    && !(isOfLoggers && isWanted)) {
                left.add(thread.getName());
            }
        }
        for (java.util.logging.Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler.getClass().getName().startsWith("dev.contrail")) {
                left.add("handler");
            }
        }
        Module ours = ShopProgram.class.getModule();
        if (Logger.class.getModule().isOpen("java.util.logging", ours)) {
            left.add("open package");
        }
        return left.toString();
    }
}
