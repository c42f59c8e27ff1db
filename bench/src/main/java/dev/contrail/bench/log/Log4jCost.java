// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.log;

import java.io.PrintWriter;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.core.util.StringBuilderWriter;

/// Calls of Log4j 2. With an argument there is an appender, which writes nowhere what it formats:
/// `message` as far as the bridge does, message and throwable, `line` a line of the usual pattern.
final class Log4jCost {
    private static final Logger LOGGER = LogManager.getLogger("bench.shop");

    private static final PatternLayout LINE =
            PatternLayout.newBuilder().setPattern("%d %-5p [%t] %c - %m%n%throwable").build();

    private Log4jCost() {}

    private static final class Formats extends AbstractAppender {
        private final StringBuilder text = new StringBuilder(1 << 14);
        private final boolean isLine;

        Formats(boolean isLine) {
            super("formats", null, LINE, false, Property.EMPTY_ARRAY);
            this.isLine = isLine;
        }

        @Override
        public void append(LogEvent event) {
            text.setLength(0);
            if (isLine) {
                LINE.serialize(event, text);
                return;
            }
            text.append(event.getMessage().getFormattedMessage());
            if (event.getThrown() != null) {
                event.getThrown().printStackTrace(new PrintWriter(new StringBuilderWriter(text)));
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        var context = (LoggerContext) LogManager.getContext(false);
        var root = context.getConfiguration().getRootLogger();
        root.getAppenders().keySet().forEach(root::removeAppender);
        root.setLevel(Level.INFO);
        if (arguments.length > 0) {
            var formats = new Formats(arguments[0].equals("line"));
            formats.start();
            root.addAppender(formats, null, null);
        }
        context.updateLoggers();
        Exception thrown = Statements.exception();
        Statements.measure(
                order -> LOGGER.info("order {} of {}", order, "EUR"),
                order -> LOGGER.error("failed", thrown));
    }
}
