// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Reads events of Log4j 2, `LogEvent`, from 2.17 to 2.26. An event may be one that is used again:
/// nothing of it is kept.
final class Log4jEvents implements EventReader {
    static final String EVENT = "org.apache.logging.log4j.core.LogEvent";

    static final ClassValue<Log4jEvents> READERS = Getters.once(EVENT, Log4jEvents::new);

    static final LogEvents RECORDER = new LogEvents(LogRoutes.LOG4J2, READERS);

    private final Function<Object, Object> logger;
    private final Function<Object, Object> level;
    private final ToIntFunction<Object> number;
    private final ToLongFunction<Object> millis;
    private final Function<Object, Object> message;
    private final Function<Object, Object> format;
    private final Function<Object, Object> formatted;
    private final ToLongFunction<Object> threadId;
    private final Function<Object, Object> threadName;
    private final Function<Object, Object> context;
    private final Predicate<Object> isEmpty;
    private final Function<Object, Object> asMap;
    private final Function<Object, Object> marker;
    private final Function<Object, Object> markerName;
    private final Function<Object, Object> thrown;
    private final Function<Object, Object> source;

    private Log4jEvents(Getters event) throws ReflectiveOperationException {
        logger = event.object("getLoggerName");
        level = event.object("getLevel");
        number = event.of("getLevel").integer("intLevel");
        millis = event.number("getTimeMillis");
        message = event.object("getMessage");
        format = event.of("getMessage").object("getFormat");
        formatted = event.of("getMessage").object("getFormattedMessage");
        threadId = event.number("getThreadId");
        threadName = event.object("getThreadName");
        context = event.object("getContextData");
        isEmpty = event.of("getContextData").flag("isEmpty");
        asMap = event.of("getContextData").object("toMap");
        marker = event.object("getMarker");
        markerName = event.of("getMarker").object("getName");
        thrown = event.object("getThrown");
        source = event.object("getSource");
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
    public void readThread(Object event, Reading into) {
        into.threadId = (int) threadId.applyAsLong(event);
        into.threadName(threadName.apply(event));
    }

    @Override
    public void readCaller(Object event, Reading into) throws Throwable {
        if (threadId.applyAsLong(event) == LoggingThread.id(Thread.currentThread())) {
            into.findCaller();
        } else if (source.apply(event) instanceof StackTraceElement frame) {
            into.caller(frame); // what the thread that logged has left
        }
    }

    @Override
    public void readContext(Object event, Reading into) {
        Object data = context.apply(event);
        if (data != null && !isEmpty.test(data)) {
            into.context((Map<?, ?>) asMap.apply(data));
        }
    }

    @Override
    public void readMarker(Object event, Reading into, boolean mayFormat) {
        Object marked = marker.apply(event);
        if (marked != null) {
            into.marker = String.valueOf(markerName.apply(marked));
        }
    }

    @Override
    public void readThrown(Object event, Reading into, boolean mayFormat) {
        if (thrown.apply(event) instanceof Throwable throwable) {
            into.thrown = mayFormat ? ThrownText.of(throwable) : ThrownText.ofType(throwable);
        }
    }

    @Override
    public @Nullable String message(Object event, boolean mayFormat) {
        Object given = message.apply(event);
        if (given == null) {
            return null;
        }
        if (mayFormat) {
            try {
                return (String) formatted.apply(given);
            } catch (Throwable e) {
                // an argument's toString failed
            }
        }
        return (String) format.apply(given);
    }
}
