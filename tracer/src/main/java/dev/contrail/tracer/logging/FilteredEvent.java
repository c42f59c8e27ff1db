// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.filter.FieldReader;
import org.jspecify.annotations.Nullable;

/// An event that a rule with a filter may want: each part is read when a filter looks at it, and
/// once. A filter that names no message formats none.
final class FilteredEvent implements FieldReader {
    private static final int MESSAGE = 1;
    private static final int CALLER = 2;
    private static final int THREAD = 4;
    private static final int CONTEXT = 8;
    private static final int MARKER = 16;
    private static final int THROWN = 32;
    private static final int ALL = 2 * THROWN - 1;

    /// What was read of it.
    final EventReader.Reading reading;

    private final EventReader reader;
    private final Object event;
    private final String logger;
    private final int level;

    /// Whether the message may be formatted, and what was thrown be asked.
    private final boolean mayFormat;

    /// The parts that were read.
    private int read;

    /// @param known all of it, when somebody has read it already; else null
    FilteredEvent(
            EventReader reader,
            Object event,
            String logger,
            int level,
            boolean mayFormat,
            EventReader.@Nullable Reading known) {
        this.reader = reader;
        this.event = event;
        this.logger = logger;
        this.level = level;
        this.mayFormat = mayFormat;
        this.reading = known != null ? known : new EventReader.Reading(reader.millis(event));
        this.read = known != null ? ALL : 0;
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
            case MESSAGE -> reading.message = reader.message(event, mayFormat);
            case CALLER -> reader.readCaller(event, reading);
            case THREAD -> reader.readThread(event, reading);
            case CONTEXT -> reader.readContext(event, reading);
            case MARKER -> reader.readMarker(event, reading, mayFormat);
            default -> reader.readThrown(event, reading, mayFormat);
        }
    }

    /// @param field as in [LoggedEvent#FIELDS]
    @Override
    public long number(int field) throws Throwable {
        switch (field) {
            case LoggedEvent.MILLIS:
                return reading.millis;
            case LoggedEvent.LEVEL:
                return level;
            default:
                read(THREAD);
                return reading.threadId;
        }
    }

    /// @param field as in [LoggedEvent#FIELDS]
    @Override
    public @Nullable String text(int field) throws Throwable {
        switch (field) {
            case LoggedEvent.MESSAGE:
                read(MESSAGE);
                return reading.message;
            case LoggedEvent.LOGGER:
                return logger;
            case LoggedEvent.CLASS:
                read(CALLER);
                return reading.className;
            case LoggedEvent.METHOD:
                read(CALLER);
                return reading.methodName;
            case LoggedEvent.THREAD:
                read(THREAD);
                return reading.threadName;
            case LoggedEvent.CONTEXT:
                read(CONTEXT);
                return reading.context;
            case LoggedEvent.MARKER:
                read(MARKER);
                return reading.marker;
            case LoggedEvent.THROWN:
                read(THROWN);
                return reading.thrown.head;
            default:
                read(THROWN);
                return reading.thrown.stack;
        }
    }
}
