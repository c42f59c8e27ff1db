// SPDX-License-Identifier: Apache-2.0
package guest.spring;

import guest.Said;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.annotation.Bean;

/// Takes some orders, at every level, on two threads, and ends with status 3.
@SpringBootApplication
public class Shop {
    private static final Logger ORDERS = LoggerFactory.getLogger("guest.orders");
    private static final java.util.logging.Logger STOCK =
            java.util.logging.Logger.getLogger("guest.stock");

    /// The numbers of Log4j 2, or of Logback.
    private static final boolean IS_LOG4J = ORDERS.getClass().getName().startsWith("org.apache.");

    /// Made by Spring.
    public Shop() {}

    /// @param arguments of Spring's
    public static void main(String[] arguments) {
        System.exit(SpringApplication.exit(SpringApplication.run(Shop.class, arguments)));
    }

    /// What runs once everything is there.
    @Bean
    ApplicationRunner orders(LoggingSystem system) {
        return arguments -> {
            sell("ann");
            Thread other = new Thread(() -> sell("bob"), "till-2");
            other.start();
            other.join();
            STOCK.warning("by java.util.logging");
            Said.note("guest.stock", IS_LOG4J ? 300 : 30_000, "", "by java.util.logging", null);
            Said.print();
            System.out.println("system " + system.getClass().getName());
            // Not those that nothing says anything about: Log4j forgets them when it likes.
            system.getLoggerConfigurations().stream()
                    .filter(each -> each.getConfiguredLevel() != null)
                    .map(each -> "level of " + each.getName() + ": " + each.getEffectiveLevel())
                    .sorted()
                    .forEach(System.out::println);
            for (Handler each : LogManager.getLogManager().getLogger("").getHandlers()) {
                System.out.println("handler " + each.getClass().getName() + " " + each.getLevel());
            }
            if (IS_LOG4J) {
                Log4jAppenders.print();
            } else {
                LogbackAppenders.print();
            }
        };
    }

    /// The status.
    @Bean
    ExitCodeGenerator status() {
        return () -> 3;
    }

    private static void sell(String user) {
        ORDERS.trace("not wanted");
        MDC.put("user", user);
        for (int i = 0; i < 20; i++) {
            ORDERS.debug("item {} of {}", i, user);
            Said.note(
                    "guest.orders",
                    IS_LOG4J ? 500 : 10_000,
                    "user=" + user,
                    "item " + i + " of " + user,
                    null);
        }
        ORDERS.info("paid");
        Said.note("guest.orders", IS_LOG4J ? 400 : 20_000, "user=" + user, "paid", null);
        MDC.clear();
        var thrown = new IllegalStateException("no coins for " + user);
        ORDERS.error("failed", thrown);
        Said.note("guest.orders", IS_LOG4J ? 200 : 40_000, "", "failed", thrown);
    }
}
