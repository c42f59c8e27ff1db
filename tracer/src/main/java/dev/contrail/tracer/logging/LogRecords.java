// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.EncodedFields;
import dev.contrail.tracer.tap.LogCapture;
import java.util.function.Consumer;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/// Records the records of `java.util.logging` that a session wants. Runs in the application's
/// threads, which may hold any lock: takes none, logs nothing, lets nothing escape. For what it
/// calls of the application see [Nesting].
final class LogRecords implements Consumer<Object> {
    static final Consumer<Object> TAP = new LogRecords();

    private static final String UNKNOWN = "?";

    private LogRecords() {}

    /// Loads what the first record needs, so that no application's thread has to.
    static void load() throws ClassNotFoundException {
        Class<?>[] needed = {
            EncodedFields.class,
            Caller.class,
            Glob.class,
            Reading.class,
            MessageFormatter.class,
            OwnFormat.class,
            LoggingThread.class,
            Nesting.class,
            ThrownText.class
        };
        LogCapture.load(needed);
    }

    @Override
    public void accept(Object record) {
        LogRoutes.Route[] routes = LogRoutes.JUL.routes;
        if (routes.length == 0) {
            return;
        }
        int[] depth = null;
        boolean isRead = false;
        try {
            if (record.getClass() != LogRecord.class) {
                depth = Nesting.depth();
                depth[0]++;
            }
            if (depth == null || depth[0] <= Nesting.MOST_DEPTH) {
                read((LogRecord) record, routes);
                isRead = true;
            }
        } catch (Throwable e) {
            // of the application's; or there is no stack, or no memory
        } finally {
            if (depth != null) {
                depth[0]--; // no call: there may be no stack for one
            }
        }
        if (isRead) {
            return;
        }
        for (int i = 0; i < routes.length; i++) {
            routes[i].target.pool.unheldLost++;
        }
    }

    private static void read(LogRecord record, LogRoutes.Route[] routes) {
        String name = record.getLoggerName();
        String logger = name == null ? "" : name;
        int level = record.getLevel().intValue();
        Reading reading = null;
        for (int i = 0; i < routes.length; i++) {
            LogRoutes.Route route = routes[i];
            try {
                if (!route.wants(logger, level)) {
                    continue;
                }
                if (reading == null) {
                    reading = new Reading(record);
                }
                route.event.event(
                        route.target,
                        reading.message,
                        logger,
                        reading.className,
                        reading.methodName,
                        reading.millis,
                        level,
                        reading.threadId,
                        reading.threadName,
                        "",
                        "",
                        reading.thrown.head,
                        reading.thrown.stack);
            } catch (Throwable e) {
                route.target.pool.unheldLost++; // no call: there may be no stack for one
            }
        }
    }

    /// What is read of a record once, whoever wants it.
    private static final class Reading {
        final @Nullable String message;
        final @Nullable String className;
        final @Nullable String methodName;
        final long millis;
        final int threadId;
        final String threadName;
        final ThrownText thrown;

        Reading(LogRecord record) throws Throwable {
            millis = record.getMillis();
            long id = record.getLongThreadID();
            threadId = (int) id;
            threadName = LoggingThread.nameIf(id);
            String inClass = null;
            String inMethod = null;
            boolean isHandled = LogRoutes.agent() == null; // then the JDK itself looks, if it must
            if (isHandled ? Caller.isWanted(millis) : Caller.isKnown(record)) {
                inClass = record.getSourceClassName();
                inMethod = record.getSourceMethodName();
            } else if (!isHandled && Caller.isWanted(millis)) {
                StackWalker.StackFrame frame = Caller.find();
                if (frame != null) {
                    inClass = frame.getClassName();
                    inMethod = frame.getMethodName();
                }
            }
            boolean isKnown = inClass != null || inMethod != null;
            className = isKnown ? inClass : UNKNOWN;
            methodName = isKnown ? inMethod : UNKNOWN;
            message = LogRecords.message(record);
            Throwable cause = record.getThrown();
            thrown = cause == null ? ThrownText.NONE : LogRecords.thrown(record, cause);
        }
    }

    private static ThrownText thrown(LogRecord record, Throwable thrown) {
        int[] depth = Nesting.depth();
        boolean isOwn = record.getClass() != LogRecord.class; // then it has been counted
        if (depth[0] > (isOwn ? 1 : 0)) {
            return ThrownText.ofType(thrown);
        }
        if (!isOwn) {
            depth[0]++;
        }
        try {
            return ThrownText.of(thrown);
        } catch (Throwable e) {
            return ThrownText.ofType(thrown);
        } finally {
            if (!isOwn) {
                depth[0]--;
            }
        }
    }

    private static @Nullable String message(LogRecord record) {
        Object[] parameters = record.getParameters();
        boolean isPlain = parameters == null || parameters.length == 0;
        if (isPlain && record.getResourceBundle() == null) {
            return record.getMessage();
        }
        int[] depth = Nesting.depth();
        boolean isOwn = record.getClass() != LogRecord.class; // then it has been counted
        if (depth[0] > (isOwn ? 1 : 0)) {
            return record.getMessage();
        }
        if (!isOwn) {
            depth[0]++;
        }
        try {
            String formatted = OwnFormat.of(record);
            if (formatted != null) {
                return formatted;
            }
            return new MessageFormatter().formatMessage(record); // one each: it locks on JDK 17
        } catch (Throwable e) {
            return record.getMessage(); // an argument's toString failed
        } finally {
            if (!isOwn) {
                depth[0]--;
            }
        }
    }

    private static final class MessageFormatter extends Formatter {
        @Override
        public String format(LogRecord record) {
            return formatMessage(record);
        }
    }
}
