// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.filter.FieldReader;
import dev.contrail.tracer.ring.write.ThreadSlot;
import org.jspecify.annotations.Nullable;

/// A log statement on its way to those that want it. Where a rule with a filter may be one of them,
/// each part is read when a filter looks at it, and once: a filter that names no message formats
/// none.
final class LogStatement implements FieldReader {
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
    LogStatement(
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

    /// Records a log system's event where it is wanted; where that fails it is counted. Methods
    /// that are called for it, also those of the application, are not recorded by their probes: the
    /// application would not have called them now.
    static void record(
            LogRoutes.Route[] routes, EventReader reader, Object event, boolean mayFormat)
            throws Throwable {
        ThreadSlot slot = ThreadSlot.current();
        boolean wasInside = slot.isInside;
        slot.isInside = true;
        try {
            recordInside(routes, reader, event, mayFormat);
        } finally {
            slot.isInside = wasInside; // no call: there may be no stack for one
        }
    }

    private static void recordInside(
            LogRoutes.Route[] routes, EventReader reader, Object event, boolean mayFormat)
            throws Throwable {
        String name = reader.logger(event);
        String logger = name == null ? "" : name;
        int level = reader.level(event);
        LogStatement statement = null;
        EventReader.Reading read = null;
        for (int i = 0; i < routes.length; i++) {
            LogRoutes.Route route = routes[i];
            try {
                if (!route.mayWant(logger, level)) {
                    continue;
                }
                if (route.hasFilters()) {
                    if (statement == null) {
                        statement = new LogStatement(reader, event, logger, level, mayFormat, read);
                    }
                    if (!route.accepts(logger, level, statement)) {
                        continue;
                    }
                }
                if (read == null) {
                    read = read(reader, event, mayFormat, statement);
                }
                route.event.event(
                        route.target,
                        read.message,
                        logger,
                        read.className,
                        read.methodName,
                        read.millis,
                        level,
                        read.threadId,
                        read.threadName,
                        read.context,
                        read.marker,
                        read.thrown.head,
                        route.stacks.reference(read.thrown.stack, read.thrown.frames));
            } catch (Throwable e) {
                route.target.pool.unheldLost++; // no call: there may be no stack for one
            }
        }
    }

    /// All of an event.
    ///
    /// @param statement has read some of it already; null: nobody has
    private static EventReader.Reading read(
            EventReader reader, Object event, boolean mayFormat, @Nullable LogStatement statement)
            throws Throwable {
        if (statement != null) {
            statement.readAll();
            return statement.reading;
        }
        EventReader.Reading read = new EventReader.Reading(reader.millis(event));
        read.read(reader, event, mayFormat);
        return read;
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
