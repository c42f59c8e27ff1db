// SPDX-License-Identifier: Apache-2.0
package shop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.async.AsyncLoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/** Logs with asynchronous configurations of Log4j 2, and with asynchronous loggers. */
public final class Log4jAsyncShop {
    private static final List<String> PRINTED = Collections.synchronizedList(new ArrayList<>());

    private static final class Printer extends AbstractAppender {
        private final Thread main;

        Printer(Thread main) {
            super("printer", null, null, true, Property.EMPTY_ARRAY);
            this.main = main;
            start();
        }

        @Override
        public void append(LogEvent event) {
            PRINTED.add(Thread.currentThread() == main ? "main" : "another thread");
        }
    }

    public static void main(String[] arguments) throws Exception {
        mixed();
        if (PRINTED.isEmpty() || PRINTED.contains("main")) {
            throw new AssertionError(PRINTED);
        }
        AsyncLoggerContext context = new AsyncLoggerContext("all");
        ConfigurationBuilder<BuiltConfiguration> builder =
                ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.add(builder.newRootLogger(Level.INFO));
        context.start(builder.build());
        LoggerConfig root = context.getConfiguration().getRootLogger();
        root.addAppender(new Printer(Thread.currentThread()), null, null);
        PRINTED.clear();
        context.getLogger("shop.all").info("all {}", 3);
        context.stop();
        System.out.println("printed by " + PRINTED.get(0));
    }

    private static void mixed() {
        ConfigurationBuilder<BuiltConfiguration> builder =
                ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.add(builder.newRootLogger(Level.ERROR));
        builder.add(
                builder.newAsyncLogger("shop.mixed", Level.INFO)
                        .addAttribute("additivity", false));
        builder.add(builder.newLogger("shop.mixed.below", Level.INFO));
        LoggerContext context = Configurator.initialize(builder.build());
        LoggerConfig mixed = context.getConfiguration().getLoggerConfig("shop.mixed");
        mixed.addAppender(new Printer(Thread.currentThread()), null, null);
        LogManager.getLogger("shop.mixed").info("mixed {}", 1);
        LogManager.getLogger("shop.mixed.below").info("above {}", 2);
        LogManager.shutdown();
    }
}
