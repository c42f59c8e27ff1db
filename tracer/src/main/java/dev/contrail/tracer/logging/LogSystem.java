// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.util.List;

/// A system that programs log with: the name of its event, and which of two of its levels is the
/// more severe.
public enum LogSystem {
    /// `java.util.logging`.
    JUL("lttng_jul:event", false),
    /// Log4j 2: the more severe a level, the smaller its number.
    LOG4J2("lttng_log4j2:event", true),
    /// Logback, which is behind SLF4J.
    LOGBACK("logback:event", false);

    /// The log level of the events themselves, as LTTng-UST's Java agent declares it.
    public static final int EVENT_LEVEL = 13;

    private static final List<EventField> FIELDS =
            List.of(
                    text("msg"),
                    text("logger_name"),
                    text("class_name"),
                    text("method_name"),
                    new EventField("long_millis", FieldType.S64),
                    new EventField("int_loglevel", FieldType.S32),
                    new EventField("int_threadid", FieldType.S32),
                    text("thread_name"),
                    text("mdc"),
                    text("marker"),
                    text("throwable"),
                    text("stack"));

    private final String eventName;
    private final boolean isInverted;

    LogSystem(String eventName, boolean isInverted) {
        this.eventName = eventName;
        this.isInverted = isInverted;
    }

    private static EventField text(String name) {
        return new EventField(name, FieldType.STRING);
    }

    /// `PROVIDER:EVENT`.
    public String eventName() {
        return eventName;
    }

    /// Of the event, whichever system it is of.
    public static List<EventField> fields() {
        return FIELDS;
    }

    /// Whether `level` is as severe as `other`, or more.
    boolean isAtLeast(int level, int other) {
        return isInverted ? level <= other : level >= other;
    }
}
