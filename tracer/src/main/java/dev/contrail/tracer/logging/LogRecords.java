// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.LogEvent;
import java.util.function.Consumer;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/// Records the log records that a session wants. Runs in the application's threads, which may hold
/// any lock: takes none, logs nothing, lets nothing escape.
final class LogRecords implements Consumer<Object> {
    static final Consumer<Object> TAP = new LogRecords();

    /// Set while a message is formatted, which calls the application: what that logs is recorded
    /// unformatted, so that two objects that log each other come to an end.
    private static final ThreadLocal<boolean[]> IS_FORMATTING =
            ThreadLocal.withInitial(() -> new boolean[1]);

    private LogRecords() {}

    /// Loads what the first record needs, so that no application's thread has to.
    static void load() throws ClassNotFoundException {
        Class<?>[] needed = {
            LogEvent.class,
            Caller.class,
            Glob.class,
            MessageFormatter.class,
            OwnFormat.class,
            ClassFile.class,
            ClassFile.Code.class,
            CallInsertion.class,
            FrameTable.class,
            Instructions.class
        };
        for (Class<?> each : needed) Class.forName(each.getName(), true, each.getClassLoader());
    }

    @Override
    public void accept(Object record) {
        LogBridge.Route[] routes = LogBridge.routes;
        LogEvent event = null;
        for (int i = 0; i < routes.length; i++) {
            LogBridge.Route route = routes[i];
            try {
                LogRecord given = (LogRecord) record;
                String logger = given.getLoggerName() == null ? "" : given.getLoggerName();
                int level = given.getLevel().intValue();
                if (!route.wants(logger, level)) continue;
                if (event == null) event = event(given, logger, level);
                event.record(route.target);
            } catch (Throwable e) {
                route.target.pool.unheldLost++; // no call: there may be no stack for one
            }
        }
    }

    private static LogEvent event(LogRecord record, String logger, int level) {
        String className = null;
        String methodName = null;
        boolean isHandled = LogBridge.agent() == null; // then the JDK itself looks, if it must
        if (isHandled ? Caller.isWanted(record.getMillis()) : Caller.isKnown(record)) {
            className = record.getSourceClassName();
            methodName = record.getSourceMethodName();
        } else if (!isHandled && Caller.isWanted(record.getMillis())) {
            StackWalker.StackFrame frame = Caller.find();
            if (frame != null) {
                className = frame.getClassName();
                methodName = frame.getMethodName();
            }
        }
        return new LogEvent(
                message(record),
                logger,
                className,
                methodName,
                record.getMillis(),
                level,
                (int) record.getLongThreadID());
    }

    private static String message(LogRecord record) {
        Object[] parameters = record.getParameters();
        boolean isPlain = parameters == null || parameters.length == 0;
        if (isPlain && record.getResourceBundle() == null) return record.getMessage();
        boolean[] isFormatting = IS_FORMATTING.get();
        if (isFormatting[0]) return record.getMessage();
        isFormatting[0] = true;
        try {
            String formatted = OwnFormat.of(record);
            if (formatted != null) return formatted;
            return new MessageFormatter().formatMessage(record); // one each: it locks on JDK 17
        } catch (Throwable e) {
            return record.getMessage(); // an argument's toString failed
        } finally {
            isFormatting[0] = false;
        }
    }

    private static final class MessageFormatter extends Formatter {
        @Override
        public String format(LogRecord record) {
            return formatMessage(record);
        }
    }
}
