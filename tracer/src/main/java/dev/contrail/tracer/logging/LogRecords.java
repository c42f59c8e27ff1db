// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.EncodedFields;
import java.util.function.Consumer;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/// Records the log records that a session wants. Runs in the application's threads, which may hold
/// any lock: takes none, logs nothing, lets nothing escape.
///
/// To read a record may call the application: to format its message calls `toString` of the
/// arguments, and a record of a class of its own can do anything in any method. What it logs
/// meanwhile is recorded too, but unformatted; what it logs while one of those is read is lost, and
/// counted. So two objects that log each other, or a record that logs itself, come to an end.
final class LogRecords implements Consumer<Object> {
    static final Consumer<Object> TAP = new LogRecords();

    /// How many readings the thread is in that may call the application.
    private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

    private static final int MOST_DEPTH = 2;
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
            ClassFile.class,
            ClassFile.Code.class,
            CallInsertion.class,
            FrameTable.class,
            InsertionPoint.class,
            Instructions.class
        };
        for (Class<?> each : needed) {
            Class.forName(each.getName(), true, each.getClassLoader());
        }
    }

    @Override
    public void accept(Object record) {
        LogRoutes.Route[] routes = LogRoutes.routes;
        if (routes.length == 0) {
            return;
        }
        int[] depth = null;
        boolean isRead = false;
        try {
            if (record.getClass() != LogRecord.class) {
                depth = DEPTH.get();
                depth[0]++;
            }
            if (depth == null || depth[0] <= MOST_DEPTH) {
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
                        reading.threadId);
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

        Reading(LogRecord record) {
            millis = record.getMillis();
            threadId = (int) record.getLongThreadID();
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
        }
    }

    private static @Nullable String message(LogRecord record) {
        Object[] parameters = record.getParameters();
        boolean isPlain = parameters == null || parameters.length == 0;
        if (isPlain && record.getResourceBundle() == null) {
            return record.getMessage();
        }
        int[] depth = DEPTH.get();
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
