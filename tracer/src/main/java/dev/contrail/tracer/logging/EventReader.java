// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

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

    void readMarker(Object event, Reading into, boolean mayFormat);

    /// Reads what was thrown.
    void readThrown(Object event, Reading into, boolean mayFormat) throws Throwable;

    /// What is read of an event once, whoever wants it.
    final class Reading {
        private static final int MOST_CONTEXT = 8192;

        final long millis;
        @Nullable String message;
        @Nullable String className = UNKNOWN;
        @Nullable String methodName = UNKNOWN;
        int threadId;
        String threadName = "";
        String context = "";
        String marker = "";
        ThrownText thrown = ThrownText.NONE;

        Reading(long millis) {
            this.millis = millis;
        }

        /// Reads all parts.
        void read(EventReader reader, Object event, boolean mayFormat) throws Throwable {
            message = reader.message(event, mayFormat);
            reader.readThread(event, this);
            reader.readCaller(event, this);
            reader.readContext(event, this);
            reader.readMarker(event, this, mayFormat);
            reader.readThrown(event, this, mayFormat);
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
