// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.EncodedFields;
import dev.contrail.tracer.tap.Glob;
import dev.contrail.tracer.tap.LogCapture;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/// Records the records of `java.util.logging` that a session wants. Runs in the application's
/// threads, which may hold any lock: takes none, logs nothing, lets nothing escape. For what it
/// calls of the application see [Nesting].
final class LogRecords implements Consumer<Object> {
    static final Consumer<Object> TAP = new LogRecords();

    private static final Reader READER = new Reader();

    private LogRecords() {}

    /// Loads what the first record needs, so that no application's thread has to.
    static void load() throws ClassNotFoundException {
        Class<?>[] needed = {
            EncodedFields.class,
            Caller.class,
            Glob.class,
            EventReader.Reading.class,
            LogStatement.class,
            Reader.class,
            MessageFormatter.class,
            OwnFormat.class,
            LoggingThread.class,
            Nesting.class,
            ThrownText.class
        };
        LogCapture.load(needed);
        FirstStatement.rehearse();
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
                LogStatement.record(routes, READER, record, true); // it looks itself how deep it is
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

    /// The mapped diagnostic context of a record of JBoss' log manager, as Quarkus and WildFly have
    /// it; others have none. The record keeps what it has once been asked for.
    private static final ClassValue<Function<Object, Object>> JBOSS_CONTEXT =
            Getters.onceOr(
                    "org.jboss.logmanager.ExtLogRecord",
                    record -> record.object("getMdcCopy"),
                    record -> Map.of());

    private static final class Reader implements EventReader {
        @Override
        public String logger(Object event) {
            return ((LogRecord) event).getLoggerName();
        }

        @Override
        public int level(Object event) {
            return ((LogRecord) event).getLevel().intValue();
        }

        @Override
        public long millis(Object event) {
            return ((LogRecord) event).getMillis();
        }

        @Override
        public @Nullable String message(Object event, boolean mayFormat) {
            return LogRecords.message((LogRecord) event);
        }

        @Override
        public void readThread(Object event, Reading into) throws Throwable {
            long id = ((LogRecord) event).getLongThreadID();
            into.threadId = (int) id;
            into.threadName = LoggingThread.nameIf(id);
        }

        @Override
        public void readCaller(Object event, Reading into) throws Throwable {
            LogRecord record = (LogRecord) event;
            String inClass = null;
            String inMethod = null;
            boolean isHandled = LogRoutes.agent() == null; // then the JDK itself looks, if it must
            if (isHandled ? Caller.isWanted(into.millis) : Caller.isKnown(record)) {
                inClass = record.getSourceClassName();
                inMethod = record.getSourceMethodName();
            } else if (!isHandled && Caller.isWanted(into.millis)) {
                StackWalker.StackFrame frame = Caller.find();
                if (frame != null) {
                    inClass = frame.getClassName();
                    inMethod = frame.getMethodName();
                }
            }
            if (inClass != null || inMethod != null) {
                into.className = inClass;
                into.methodName = inMethod;
            }
        }

        @Override
        public void readContext(Object event, Reading into) {
            if (event.getClass() != LogRecord.class) {
                into.context((Map<?, ?>) JBOSS_CONTEXT.get(event.getClass()).apply(event));
            }
        }

        @Override
        public void readMarker(Object event, Reading into, boolean mayFormat) {} // nor this

        @Override
        public void readThrown(Object event, Reading into, boolean mayFormat) {
            Throwable cause = ((LogRecord) event).getThrown();
            if (cause != null) {
                into.thrown = thrown((LogRecord) event, cause);
            }
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
