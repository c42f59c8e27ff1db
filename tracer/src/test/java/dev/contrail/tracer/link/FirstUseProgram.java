// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.Field;
import dev.contrail.tracer.Provider;
import dev.contrail.tracer.Tracer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A program that does everything twice: first what nobody records, then the same that is recorded,
/// between the loading of [Begin] and of [End]. Prints the ids of the threads that do.
public final class FirstUseProgram {
    private static final String[] TEXTS = {
        "a",
        "abcdefgh",
        "abcdefghijklmnopqrstuvwxyz",
        "hé",
        "héllo".repeat(20),
        "x".repeat(3000),
        "€".repeat(30_000),
        "y".repeat(200_000),
        null,
        "\0z"
    };

    private static final List<String> TASKS = new CopyOnWriteArrayList<>();

    @Provider("shop")
    interface Shop {
        void paid(@Field("order") int order, @Field("price") double price, @Field("text") String t);
    }

    static final class Begin {}

    static final class End {}

    static final class Box {
        final Object inner = "";
        final double price = 1.5;
    }

    static final class Unprobed {
        static int deep(int depth) {
            return deep(depth + 1) + 1;
        }

        static String all(String text, Box box, int i) {
            return thrownOr(text, i);
        }
    }

    static final class Probed {
        static int deep(int depth) {
            return deep(depth + 1) + 1;
        }

        static String all(String text, Box box, int i) {
            return thrownOr(text, i);
        }
    }

    private FirstUseProgram() {}

    static String thrownOr(String text, int i) {
        if (i % 3 == 1) {
            throw new IllegalStateException(text);
        }
        return text;
    }

    private interface Calls {
        void call(String text, int i);
    }

    private static void run(Calls calls, Shop shop, Logger logger, Runnable endless) {
        try {
            TASKS.add(
                    Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString());
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        for (int i = 0; i < 300; i++) {
            for (String text : TEXTS) {
                if (i > 10 && text != null && text.length() > 100) {
                    continue;
                }
                shop.paid(i, i, text);
                try {
                    calls.call(text, i);
                } catch (IllegalStateException e) {
                    // as it must be
                }
                logger.log(Level.INFO, text);
                logger.log(Level.WARNING, "formatted {0}, {1}", new Object[] {text, i});
                logger.log(Level.SEVERE, "thrown", new IllegalStateException(text));
            }
        }
        try {
            endless.run();
        } catch (StackOverflowError e) {
            // as it must be
        }
    }

    private static void runBoth(Runnable run) throws InterruptedException {
        Thread thread = new Thread(run);
        thread.start();
        thread.join();
        run.run();
    }

    public static void main(String[] arguments) throws Exception {
        Shop shop = Tracer.bind(Shop.class);
        Logger logger = Logger.getLogger("shop.till");
        Logger other = Logger.getLogger("other");
        logger.setUseParentHandlers(false);
        other.setUseParentHandlers(false);
        Box box = new Box();
        Shop none = (order, price, text) -> {};
        Calls unprobed = (text, i) -> Unprobed.all(text, box, i);
        Calls probed = (text, i) -> Probed.all(text, box, i);
        Runnable first = () -> run(unprobed, none, other, () -> Unprobed.deep(0));
        Runnable second = () -> run(probed, shop, logger, () -> Probed.deep(0));
        runBoth(first);
        Probed.class.getDeclaredMethods();
        TASKS.clear();
        System.out.println("ready");
        System.in.read();
        new Begin();
        runBoth(second);
        new End();
        System.out.println(String.join(" ", TASKS));
    }
}
