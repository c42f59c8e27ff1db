// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.Level;
import dev.contrail.tracer.ring.Cell;
import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.Memory;
import dev.contrail.tracer.ring.Text;
import java.util.List;

/// The event class of log statements, with the name and the fields of LTTng-UST's Java agent.
///
/// The logger, the level and the rest are as `java.util.logging` says; `className` and `methodName`
/// are both null when the caller is not known, and recorded as `?`.
public record LogEvent(
        String message,
        String loggerName,
        String className,
        String methodName,
        long millis,
        int logLevel,
        int threadId) {
    private static final EventPoint POINT =
            new EventPoint(
                    -1,
                    "lttng_jul:event",
                    Level.DEBUG_LINE,
                    List.of(
                            new EventField("msg", FieldType.STRING),
                            new EventField("logger_name", FieldType.STRING),
                            new EventField("class_name", FieldType.STRING),
                            new EventField("method_name", FieldType.STRING),
                            new EventField("long_millis", FieldType.S64),
                            new EventField("int_loglevel", FieldType.S32),
                            new EventField("int_threadid", FieldType.S32)));

    private static final int FIXED = 12 + 8 + 4 + 4;
    private static final String UNKNOWN = "?";

    /// Two strings of [#UNKNOWN], with their zero bytes.
    private static final int UNKNOWN_CALLER = '?' | '?' << 16;

    private static final int UNKNOWN_CALLER_SIZE = 4;

    public static EventDescription description(int eventId) {
        return POINT.description(eventId);
    }

    /// Records this in `target`.
    public void record(Target target) {
        int need = FIXED + Text.room(message) + Text.room(loggerName) + callerRoom();
        if (need > Text.ROOM_LIMIT) {
            recordEncoded(target);
            return;
        }
        Cell cell = target.begin(need);
        if (cell == null) return;
        try {
            int at = Text.put(target.header(cell) + 12, message);
            if (at >= 0) at = Text.put(at, loggerName);
            if (at >= 0) at = putCaller(at);
            if (at >= 0) {
                Memory.putLong(at, millis);
                Memory.putInt(at + 8, logLevel);
                Memory.putInt(at + 12, threadId);
                cell.end(at + 16);
                return;
            }
            cell.abandon();
        } catch (Throwable e) { // no call: there may be no stack for one
            cell.failed++;
            cell.limit = 0;
            cell.inside = false;
            cell.lock = 0;
            return;
        }
        recordEncoded(target);
    }

    private boolean isCallerKnown() {
        return className != null || methodName != null;
    }

    private int callerRoom() {
        return isCallerKnown() ? Text.room(className) + Text.room(methodName) : UNKNOWN_CALLER_SIZE;
    }

    private int putCaller(int at) {
        if (isCallerKnown()) {
            int next = Text.put(at, className);
            return next < 0 ? next : Text.put(next, methodName);
        }
        Memory.putInt(at, UNKNOWN_CALLER);
        return at + UNKNOWN_CALLER_SIZE;
    }

    private void recordEncoded(Target target) {
        boolean isKnown = isCallerKnown();
        Object[] fields = {
            message,
            loggerName,
            isKnown ? className : UNKNOWN,
            isKnown ? methodName : UNKNOWN,
            millis,
            logLevel,
            threadId
        };
        POINT.recordEncoded(target, fields);
    }
}
