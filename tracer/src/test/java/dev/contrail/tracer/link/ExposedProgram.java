// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.LogHandler;
import dev.contrail.tracer.Tracer;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;

/// A program that does what tracers suffer from. Its first argument says what.
final class ExposedProgram {
    static final int EVENTS = 200;

    private ExposedProgram() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "start":
                System.out.println("started");
                break;
            case "interrupts":
                interrupts();
                break;
            case "configured":
                Logger.getLogger("shop.till").info("first");
                break;
            case "handler":
                Logger.getLogger("").getHandlers(); // makes those of the configuration
                System.out.println("ready");
                System.in.read();
                Logger.getLogger("shop.till").info("first");
                Logger.getLogger("shop.till")
                        .logp(java.util.logging.Level.WARNING, "Till", "open", "drawer {0}", 7);
                Logger.getLogger("other").info("not wanted");
                break;
            case "refused":
                for (int i = 0; i < 2; i++) {
                    bindRefused();
                }
                break;
            case "handled late":
                Tracer.bind(ShopProgram.Shop.class);
                System.out.println("ready");
                System.in.read();
                Logger.getLogger("").addHandler(new LogHandler());
                System.out.println("handled");
                System.in.read();
                break;
            case "flood":
                flood();
                break;
            case "log4j":
                System.out.println("ready");
                System.in.read();
                new org.apache.logging.log4j.jul.ApiLogger("shop.till").info("not a record");
                System.out.println("logged");
                System.in.read();
                break;
            default:
                throw new IllegalArgumentException(arguments[0]);
        }
    }

    interface R0 {
        void takes(byte[] array);
    }

    interface R1 {
        void takes(Object object);
    }

    interface R2 {
        void takes(Integer boxed);
    }

    interface R3 {
        void takes(Thread.State constant);
    }

    interface R4 {
        int returns();
    }

    interface R5 extends R0 {
        void good();
    }

    interface R6 extends R1 {}

    interface R7 extends R2 {}

    interface R8 extends R3 {}

    interface R9 extends R4 {}

    private static void bindRefused() {
        Tracer.bind(R0.class).takes(new byte[1]);
        Tracer.bind(R1.class).takes("object");
        Tracer.bind(R2.class).takes(1);
        Tracer.bind(R3.class).takes(Thread.State.NEW);
        Tracer.bind(R4.class).returns();
        Tracer.bind(R5.class).takes(new byte[1]);
        Tracer.bind(R6.class).takes("object");
        Tracer.bind(R7.class).takes(1);
        Tracer.bind(R8.class).takes(Thread.State.NEW);
        Tracer.bind(R9.class).returns();
        Tracer.bind(ShopProgram.Shop.class).paid(1, "EUR");
    }

    /// Emits without end, and says now and then how many errors it got from that.
    private static void flood() throws Exception {
        ShopProgram.Shop shop = Tracer.bind(ShopProgram.Shop.class);
        long thrown = 0;
        for (int i = 0; System.in.available() == 0; i++) {
            try {
                for (int j = 0; j < 1000; j++) {
                    shop.paid(j, "EUR");
                }
                if (i % 100 == 0) {
                    System.out.println("thrown " + thrown);
                }
            } catch (Throwable e) {
                thrown++;
            }
        }
    }

    /// Interrupts all threads that it can reach, with an event after each time.
    private static void interrupts() throws Exception {
        ShopProgram.Shop shop = Tracer.bind(ShopProgram.Shop.class);
        for (int i = 0; i < EVENTS; i++) {
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().startsWith("contrail")) {
                    thread.interrupt();
                }
            }
            Thread.currentThread().getThreadGroup().interrupt();
            shop.paid(i, "EUR");
            if (!Thread.interrupted()) {
                throw new AssertionError("the interrupt is ours");
            }
        }
        System.out.println("interrupted");
        System.in.read();
        long before = linkNanos();
        Thread.sleep(1000); // what an idle thread takes in it
        System.out.println((linkNanos() - before) / 1_000_000);
        System.in.read();
    }

    private static long linkNanos() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(ApplicationLink.THREAD)) {
                return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
            }
        }
        throw new AssertionError("the link thread has ended");
    }

    /// A configuration class of `java.util.logging`: made while its locks are held. Does not return
    /// before another thread has loaded a class.
    public static final class Configuration {
        public Configuration() throws InterruptedException {
            CountDownLatch isLoaded = new CountDownLatch(1);
            Thread loading = new Thread(() -> new Loaded(isLoaded));
            loading.setDaemon(true);
            loading.start();
            System.out.println(isLoaded.await(60, TimeUnit.SECONDS) ? "configured" : "deadlock");
        }
    }

    private static final class Loaded {
        Loaded(CountDownLatch isLoaded) {
            isLoaded.countDown();
        }
    }
}
