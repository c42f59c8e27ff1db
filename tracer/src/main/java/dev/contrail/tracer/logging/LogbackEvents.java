// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Reads events of Logback, `ILoggingEvent`, from 1.2 to 1.6. What an event finds out when it is
/// asked (message, thread, context) it keeps, so that an appender that asks again calls nothing of
/// the application again.
final class LogbackEvents implements EventReader {
    static final String EVENT = "ch.qos.logback.classic.spi.ILoggingEvent";

    static final ClassValue<LogbackEvents> READERS = Getters.once(EVENT, LogbackEvents::new);

    static final LogEvents RECORDER = new LogEvents(LogRoutes.LOGBACK, READERS);

    private final Function<Object, Object> logger;
    private final Function<Object, Object> level;
    private final ToIntFunction<Object> number;
    private final ToLongFunction<Object> millis;
    private final Function<Object, Object> message;
    private final Function<Object, Object> formatted;
    private final Function<Object, Object> threadName;
    private final Function<Object, Object> context;
    private final Function<Object, Object> marker;
    private final Function<Object, Object> thrown;
    private final Predicate<Object> hasCaller;
    private final Function<Object, Object> caller;

    private LogbackEvents(Getters event) throws ReflectiveOperationException {
        logger = event.object("getLoggerName");
        level = event.object("getLevel");
        number = event.of("getLevel").integer("toInt");
        millis = event.number("getTimeStamp");
        message = event.object("getMessage");
        formatted = event.object("getFormattedMessage");
        threadName = event.object("getThreadName");
        context = event.object("getMDCPropertyMap");
        marker = event.object(event.has("getMarkerList") ? "getMarkerList" : "getMarker");
        thrown = event.object("getThrowableProxy");
        hasCaller = event.flag("hasCallerData");
        caller = event.object("getCallerData");
    }

    @Override
    public @Nullable String logger(Object event) {
        return (String) logger.apply(event);
    }

    @Override
    public int level(Object event) {
        return number.applyAsInt(level.apply(event));
    }

    @Override
    public long millis(Object event) {
        return millis.applyAsLong(event);
    }

    @Override
    public void readThread(Object event, Reading into) throws Throwable {
        into.threadId = (int) LoggingThread.id(Thread.currentThread());
        into.threadName(threadName.apply(event));
    }

    @Override
    public void readCaller(Object event, Reading into) {
        if (hasCaller.test(event)) {
            StackTraceElement[] frames = (StackTraceElement[]) caller.apply(event);
            if (frames != null && frames.length > 0) {
                into.caller(frames[0]);
            }
        } else {
            into.findCaller();
        }
    }

    @Override
    public void readContext(Object event, Reading into) {
        into.context((Map<?, ?>) context.apply(event));
    }

    @Override
    public void readThrown(Object event, Reading into, boolean mayFormat) throws Throwable {
        Object proxy = thrown.apply(event);
        if (proxy != null) {
            into.thrown = ThrownText.of(LogbackThrown.of(proxy));
        }
    }

    @Override
    public void readMarker(Object event, Reading into, boolean mayFormat) {
        Object marked = marker.apply(event);
        if (marked != null && mayFormat) {
            into.marker = marker(marked);
        }
    }

    @Override
    public @Nullable String message(Object event, boolean mayFormat) {
        if (mayFormat) {
            try {
                return (String) formatted.apply(event);
            } catch (Throwable e) {
                // an argument's toString failed
            }
        }
        return (String) message.apply(event);
    }

    /// A marker can be the application's.
    private static String marker(Object marked) {
        try {
            if (!(marked instanceof List<?> list)) {
                return String.valueOf(marked);
            }
            StringBuilder text = new StringBuilder();
            for (Object each : list) {
                text.append(text.length() == 0 ? "" : ", ").append(each);
            }
            return text.toString();
        } catch (Throwable e) {
            return UNKNOWN;
        }
    }
}
