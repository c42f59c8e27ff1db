// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.filter.FieldReader;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads events of one class of a log system's, part by part. Whatever it calls may throw anything.
interface EventReader {
    String UNKNOWN = "?";

    /// The logger's name.
    @Nullable String logger(Object event);

    int level(Object event);

    long millis(Object event);

    @Nullable String message(Object event, boolean mayFormat) throws Throwable;

    /// Reads the number and the name of the thread.
    void readThread(Object event, Reading into) throws Throwable;

    /// Reads class and method of the statement.
    void readCaller(Object event, Reading into) throws Throwable;

    /// Reads the mapped diagnostic context.
    void readContext(Object event, Reading into);

    void readMarker(Object event, Reading into);

    /// Reads what was thrown.
    void readThrown(Object event, Reading into) throws Throwable;

    /// What is read of an event: each part when somebody asks for it, and once, whoever does. A
    /// filter that names no message formats none.
    final class Reading implements FieldReader {
        private static final int MOST_CONTEXT = 8192;

        private static final int MESSAGE = 1;
        private static final int CALLER = 2;
        private static final int THREAD = 4;
        private static final int CONTEXT = 8;
        private static final int MARKER = 16;
        private static final int THROWN = 32;

        final String logger;
        final int level;
        final long millis;

        /// Whether the message may be formatted, and what was thrown be asked.
        final boolean mayFormat;

        @Nullable String message;
        @Nullable String className = UNKNOWN;
        @Nullable String methodName = UNKNOWN;
        int threadId;
        String threadName = "";
        String context = "";
        String marker = "";
        ThrownText thrown = ThrownText.NONE;

        private final EventReader reader;
        private final Object event;

        /// The parts that were read.
        private int read;

        Reading(EventReader reader, Object event, String logger, int level, boolean mayFormat) {
            this.reader = reader;
            this.event = event;
            this.logger = logger;
            this.level = level;
            this.mayFormat = mayFormat;
            this.millis = reader.millis(event);
        }

        /// Reads what was not read yet.
        void readAll() throws Throwable {
            for (int part = MESSAGE; part <= THROWN; part <<= 1) {
                read(part);
            }
        }

        private void read(int part) throws Throwable {
            if ((read & part) != 0) {
                return;
            }
            read |= part;
            switch (part) {
                case MESSAGE -> message = reader.message(event, mayFormat);
                case CALLER -> reader.readCaller(event, this);
                case THREAD -> reader.readThread(event, this);
                case CONTEXT -> reader.readContext(event, this);
                case MARKER -> reader.readMarker(event, this);
                default -> reader.readThrown(event, this);
            }
        }

        /// @param field as in [LoggedEvent#FIELDS]
        @Override
        public long number(int field) throws Throwable {
            switch (field) {
                case LoggedEvent.MILLIS:
                    return millis;
                case LoggedEvent.LEVEL:
                    return level;
                default:
                    read(THREAD);
                    return threadId;
            }
        }

        /// @param field as in [LoggedEvent#FIELDS]
        @Override
        public @Nullable String text(int field) throws Throwable {
            switch (field) {
                case LoggedEvent.MESSAGE:
                    read(MESSAGE);
                    return message;
                case LoggedEvent.LOGGER:
                    return logger;
                case LoggedEvent.CLASS:
                    read(CALLER);
                    return className;
                case LoggedEvent.METHOD:
                    read(CALLER);
                    return methodName;
                case LoggedEvent.THREAD:
                    read(THREAD);
                    return threadName;
                case LoggedEvent.CONTEXT:
                    read(CONTEXT);
                    return context;
                case LoggedEvent.MARKER:
                    read(MARKER);
                    return marker;
                case LoggedEvent.THROWN:
                    read(THROWN);
                    return thrown.head;
                default:
                    read(THROWN);
                    return thrown.stack;
            }
        }

        /// Class and method of the statement, from the stack if there is time for it.
        void findCaller() {
            StackWalker.StackFrame frame = Caller.isWanted(millis) ? Caller.find() : null;
            if (frame != null) {
                className = frame.getClassName();
                methodName = frame.getMethodName();
            }
        }

        void caller(StackTraceElement frame) {
            className = frame.getClassName();
            methodName = frame.getMethodName();
        }

        void threadName(@Nullable Object name) {
            threadName = name == null ? "" : String.valueOf(name);
        }

        /// `KEY=VALUE, …`, in the order of the map.
        void context(@Nullable Map<?, ?> map) {
            if (map == null || map.isEmpty()) {
                return;
            }
            StringBuilder text = new StringBuilder();
            for (Map.Entry<?, ?> each : map.entrySet()) {
                if (text.length() > MOST_CONTEXT) {
                    text.append(", …");
                    break;
                }
                if (text.length() > 0) {
                    text.append(", ");
                }
                text.append(each.getKey()).append('=').append(each.getValue());
            }
            context = text.toString();
        }
    }
}
