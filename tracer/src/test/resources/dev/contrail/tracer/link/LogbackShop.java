// SPDX-License-Identifier: Apache-2.0
package shop;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.MarkerFactory;

/** Logs with Logback, prints what its appenders get, and how often its arguments were asked. */
public final class LogbackShop {
    private static int asked;

    private static final class Printer extends AppenderBase<ILoggingEvent> {
        Printer(LoggerContext context, String name) {
            setContext(context);
            setName(name);
            start();
        }

        @Override
        protected void append(ILoggingEvent event) {
            System.out.println(
                    getName() + " " + event.getLevel() + " " + event.getLoggerName() + " "
                            + event.getFormattedMessage() + " " + event.getThreadName());
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
        private final org.slf4j.Logger logger;

        Logging(org.slf4j.Logger logger) {
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
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Logger root = context.getLogger("ROOT");
        root.setLevel(Level.INFO);
        root.addAppender(new Printer(context, "root"));
        Logger logger = context.getLogger("shop.till");
        logger.addAppender(new Printer(context, "till"));
        Logger alone = context.getLogger("shop.alone");
        alone.setAdditive(false);
        logger.info("paid {} of {}", 3, 4);
        logger.debug("not enabled {}", new Failing());
        alone.warn("nobody prints this {}", "one");
        MDC.put("user", "ann");
        MDC.put("order", "7");
        logger.warn(MarkerFactory.getMarker("AUDIT"), "marked");
        MDC.clear();
        logger.error("failing {}", new Failing());
        Logger nested = context.getLogger("shop.nested"); // an appender does not log within itself
        nested.setAdditive(false);
        nested.addAppender(new Printer(context, "nested"));
        logger.info("{}", new Logging(nested));
        context.getLogger("other").error("of another logger");
        IOException failure = new IOException("no coins", new IllegalStateException("empty"));
        failure.addSuppressed(new RuntimeException("not closed"));
        RuntimeException circle = new RuntimeException("circle", failure);
        failure.getCause().initCause(circle);
        logger.error("thrown", circle);
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(context);
        queue.addAppender(new Printer(context, "queued"));
        queue.start();
        Logger slow = context.getLogger("shop.slow");
        slow.setAdditive(false);
        slow.addAppender(queue);
        slow.info("queued {}", 1);
        queue.stop();
        System.out.println("asked " + asked);
    }
}
