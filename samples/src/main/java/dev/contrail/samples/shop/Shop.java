// SPDX-License-Identifier: Apache-2.0
package dev.contrail.samples.shop;

import dev.contrail.tracer.Tracer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.logging.Logger;

/// A small shop under load, in which an order fails after a few seconds.
///
/// ```
/// java -javaagent:$(contrail agent) -cp samples.jar dev.contrail.samples.shop.Shop [SECONDS]
/// ```
///
/// When an order fails it prints `FAILED order N: reason` on standard output.
public final class Shop {
    private static final ShopEvents TRACE = Tracer.bind(ShopEvents.class);
    private static final Logger LOG = Logger.getLogger("shop.orders");
    private static final String[] ARTICLES = {"apple", "bread", "cheese", "dates"};
    private static final int CUSTOMERS = 4;
    private static final long FAULT_AFTER_MILLIS = 2_500;
    private static final long FAULT_MILLIS = 400;

    private final CardTerminal terminal = new CardTerminal();
    private final AtomicLong nextOrder = new AtomicLong(1000);
    private final AtomicReferenceArray<Integer> stock = new AtomicReferenceArray<>(ARTICLES.length);
    private volatile boolean isOpen = true;

    private Shop() {
        for (int i = 0; i < ARTICLES.length; i++) {
            stock.set(i, 10_000);
        }
    }

    /// Runs the shop for as many seconds as the first argument says, 5 by default.
    public static void main(String[] arguments) throws InterruptedException {
        long seconds = arguments.length > 0 ? Long.parseLong(arguments[0]) : 5;
        new Shop().run(seconds);
    }

    private void run(long seconds) throws InterruptedException {
        LOG.info("the shop opens");
        Thread[] customers = new Thread[CUSTOMERS];
        for (int i = 0; i < CUSTOMERS; i++) {
            String name = "customer-" + (i + 1);
            customers[i] = new Thread(() -> shop(name), name);
            customers[i].start();
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        Thread.sleep(Math.min(FAULT_AFTER_MILLIS, TimeUnit.SECONDS.toMillis(seconds) / 2));
        terminal.countTill(FAULT_MILLIS);
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        Thread.sleep(Math.max(0, left));
        isOpen = false;
        for (Thread customer : customers) {
            customer.join();
        }
        LOG.info("the shop closes");
    }

    private void shop(String customer) {
        try {
            while (isOpen) {
                order(customer);
                Thread.sleep(ThreadLocalRandom.current().nextInt(5, 20));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void order(String customer) throws InterruptedException {
        long orderId = nextOrder.getAndIncrement();
        int article = ThreadLocalRandom.current().nextInt(ARTICLES.length);
        TRACE.ordered(orderId, customer, 1);
        int left = stock.get(article) - 1;
        stock.set(article, left);
        TRACE.reserved(orderId, ARTICLES[article], left);
        int cents = ThreadLocalRandom.current().nextInt(100, 10_000);
        long start = System.nanoTime();
        TRACE.charging(orderId, cents, "EUR");
        if (terminal.charge(orderId, cents, 2)) {
            TRACE.paid(orderId, cents, System.nanoTime() - start);
            LOG.info("order " + orderId + " of " + customer + " is paid");
        } else {
            String reason = "card terminal did not answer";
            TRACE.failed(orderId, reason);
            LOG.severe("order " + orderId + " of " + customer + " failed: " + reason);
            System.out.println("FAILED order " + orderId + ": " + reason);
        }
    }
}
