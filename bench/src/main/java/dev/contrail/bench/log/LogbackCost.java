// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls of Logback. With an argument there is an appender, which writes nowhere what it formats:
/// `message` as far as the bridge does, message and throwable, `line` a line of the usual pattern.
final class LogbackCost {
    private static final Logger LOGGER = LoggerFactory.getLogger("bench.shop");

    private static volatile int sink;

    private LogbackCost() {}

    private static final class Formats extends UnsynchronizedAppenderBase<ILoggingEvent> {
        private final PatternLayout line;
        private final boolean isLine;

        Formats(PatternLayout line, boolean isLine) {
            this.line = line;
            this.isLine = isLine;
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (isLine) {
                sink = line.doLayout(event).length();
                return;
            }
            int length = event.getFormattedMessage().length();
            if (event.getThrowableProxy() != null) {
                length += ThrowableProxyUtil.asString(event.getThrowableProxy()).length();
            }
            sink = length;
        }
    }

    public static void main(String[] arguments) throws Exception {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.setLevel(Level.INFO);
        if (arguments.length > 0) {
            var line = new PatternLayout();
            line.setContext(context);
            line.setPattern("%d %-5p [%t] %c - %m%n%ex");
            line.start();
            var formats = new Formats(line, arguments[0].equals("line"));
            formats.setContext(context);
            formats.start();
            root.addAppender(formats);
        }
        Exception thrown = Statements.exception();
        Statements.measure(
                order -> LOGGER.info("order {} of {}", order, "EUR"),
                order -> LOGGER.error("failed", thrown));
    }
}
