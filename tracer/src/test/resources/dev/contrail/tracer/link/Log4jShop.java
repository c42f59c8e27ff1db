// SPDX-License-Identifier: Apache-2.0
package shop;

import java.io.IOException;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.MarkerManager;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.filter.AbstractFilter;

/** Logs with Log4j 2, prints what its appenders get, and how often its arguments were asked. */
public final class Log4jShop {
    private static int asked;
    private static int filtered;

    private static final class Printer extends AbstractAppender {
        Printer(String name) {
            super(name, null, null, true, Property.EMPTY_ARRAY);
            start();
        }

        @Override
        public void append(LogEvent event) {
            System.out.println(
                    getName() + " " + event.getLevel() + " " + event.getLoggerName() + " "
                            + event.getMessage().getFormattedMessage() + " "
                            + event.getThreadName());
        }
    }

    /** Denies every second statement, logs, and counts. */
    private static final class EverySecond extends AbstractFilter {
        private final Logger logger;

        EverySecond(Logger logger) {
            this.logger = logger;
        }

        @Override
        public Result filter(LogEvent event) {
            logger.info("asked about " + event.getMessage().getFormattedMessage());
            return filtered++ % 2 == 0 ? Result.NEUTRAL : Result.DENY;
        }
    }

    private static final class Failing {
        @Override
        public String toString() {
            asked++;
            throw new IllegalStateException("asked");
        }
    }

    private static final class Logging {
        private final Logger logger;

        Logging(Logger logger) {
            this.logger = logger;
        }

        @Override
        public String toString() {
            asked++;
            logger.info("from toString {}", 7);
            return "logging";
        }
    }

    public static void main(String[] arguments) throws Exception {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        Configuration configuration = context.getConfiguration();
        LoggerConfig root = configuration.getRootLogger();
        root.getAppenders().keySet().forEach(root::removeAppender);
        root.setLevel(Level.INFO);
        root.addAppender(new Printer("root"), null, null);
        LoggerConfig till = new LoggerConfig("shop.till", Level.INFO, true);
        till.addAppender(new Printer("till"), null, null);
        configuration.addLogger("shop.till", till);
        configuration.addLogger("shop.alone", new LoggerConfig("shop.alone", Level.INFO, false));
        Logger logger = LogManager.getLogger("shop.till");
        LoggerConfig nested = new LoggerConfig("shop.nested", Level.INFO, false);
        nested.addAppender(new Printer("nested"), null, null); // which does not log within itself
        configuration.addLogger("shop.nested", nested);
        LoggerConfig second = new LoggerConfig("shop.second", Level.INFO, true);
        second.addFilter(new EverySecond(LogManager.getLogger("shop.nested")));
        second.addAppender(new Printer("second"), null, null);
        configuration.addLogger("shop.second", second);
        context.updateLoggers();
        logger.info("paid {} of {}", 3, 4);
        logger.debug("not enabled {}", new Failing());
        LogManager.getLogger("shop.alone").warn("nobody prints this {}", "one");
        ThreadContext.put("user", "ann");
        ThreadContext.put("order", "7");
        logger.warn(MarkerManager.getMarker("AUDIT"), "marked");
        ThreadContext.clearAll();
        logger.error("failing {}", new Failing());
        logger.info("{}", new Logging(LogManager.getLogger("shop.nested")));
        LogManager.getLogger("other").error("of another logger");
        Logger halved = LogManager.getLogger("shop.second.shelf");
        for (int i = 0; i < 4; i++) {
            halved.info("shelf {}", i);
        }
        logger.fatal("located");
        IOException failure = new IOException("no coins", new IllegalStateException("empty"));
        failure.addSuppressed(new RuntimeException("not closed"));
        RuntimeException circle = new RuntimeException("circle", failure);
        failure.getCause().initCause(circle);
        logger.error("thrown", circle);
        LogManager.shutdown();
        System.out.println("asked " + asked + " filtered " + filtered);
    }
}
