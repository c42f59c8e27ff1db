// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.LogEvent;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// Records log records that a session wants. Loading this class must not load `LogRecord`: it is
/// installed while that is being loaded.
final class JulHandler extends Handler {
    /// Set while a message is formatted, which calls the application: what that logs is recorded
    /// unformatted, so that two objects that log each other come to an end.
    private static final ThreadLocal<Boolean> IS_FORMATTING = new ThreadLocal<>();

    @Override
    public void publish(LogRecord record) {
        try {
            List<LogBridge.Route> routes = LogBridge.routes;
            if (routes.isEmpty() || record == null) return;
            String logger = record.getLoggerName() == null ? "" : record.getLoggerName();
            int level = record.getLevel().intValue();
            LogEvent event = null;
            for (int i = 0; i < routes.size(); i++) {
                LogBridge.Route route = routes.get(i);
                if (!route.wants(logger, level)) continue;
                if (event == null) event = event(record, logger, level);
                event.record(route.target());
            }
        } catch (Throwable e) {
            // Never into the application.
        }
    }

    private static LogEvent event(LogRecord record, String logger, int level) {
        boolean isKnown = Caller.isKnown(record);
        return new LogEvent(
                message(record),
                logger,
                isKnown ? record.getSourceClassName() : null,
                isKnown ? record.getSourceMethodName() : null,
                record.getMillis(),
                level,
                (int) record.getLongThreadID());
    }

    private static String message(LogRecord record) {
        Object[] parameters = record.getParameters();
        boolean isPlain = parameters == null || parameters.length == 0;
        if (isPlain && record.getResourceBundle() == null) return record.getMessage();
        if (IS_FORMATTING.get() != null) return record.getMessage();
        IS_FORMATTING.set(true);
        try {
            return new MessageFormatter().formatMessage(record); // one each: it locks on JDK 17
        } catch (RuntimeException e) {
            return record.getMessage(); // an argument's toString failed
        } finally {
            IS_FORMATTING.remove();
        }
    }

    private static final class MessageFormatter extends Formatter {
        @Override
        public String format(LogRecord record) {
            return formatMessage(record);
        }
    }

    @Override
    public void flush() {}

    /// By `LogManager.reset()` and whatever else has just taken this handler away.
    @Override
    public void close() {
        LogBridge.wakeLinkThread();
    }
}
