// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.follow;

import dev.contrail.tracer.context.AppContexts;
import dev.contrail.tracer.logging.Getters;
import dev.contrail.tracer.ring.write.ThreadSlot;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Follows which span of OpenTelemetry is the current one of a thread, by its ids.
///
/// It is called in the program's threads when they change their context, and asks that for its span
/// and the span for its ids, which it has. It takes no lock. Where that fails a thread has no value
/// rather than an old one.
final class SpanIds {
    /// What the names of OpenTelemetry's classes begin with in its agent.
    static final String AGENT = "io.opentelemetry.javaagent.shaded.";

    private static final String CONTEXT = "io.opentelemetry.context.Context";
    private static final String SPAN = "io.opentelemetry.api.trace.Span";
    private static final String TRACE_ID = AppContexts.fieldName(AppContexts.OTEL, "trace_id");
    private static final String SPAN_ID = AppContexts.fieldName(AppContexts.OTEL, "span_id");

    /// What a span has that is none.
    private static final String NO_TRACE = "0".repeat(32);

    /// Takes contexts of the program's own OpenTelemetry.
    final Switches own = new Switches("");

    /// Takes those of the agent's.
    final Switches ofAgent = new Switches(AGENT);

    private volatile @Nullable FollowedContext traceId;
    private volatile @Nullable FollowedContext spanId;

    /// Whether the program has one of them.
    private volatile boolean areThere;

    /// Follows these from now on, and no others. Link thread.
    ///
    /// @param fields the names of fields; those of other contexts are left out
    /// @return whether there are any
    boolean want(Set<String> fields) {
        traceId = want(fields, TRACE_ID, traceId);
        spanId = want(fields, SPAN_ID, spanId);
        if (areThere) {
            areThere();
        }
        return traceId != null || spanId != null;
    }

    private static @Nullable FollowedContext want(
            Set<String> fields, String field, @Nullable FollowedContext known) {
        if (fields.contains(field)) {
            return known == null ? new FollowedContext(field, field) : known;
        }
        if (known != null) {
            known.leave();
        }
        return null;
    }

    /// The program has OpenTelemetry. Any thread.
    void areThere() {
        areThere = true;
        FollowedContext trace = traceId;
        FollowedContext span = spanId;
        if (trace != null) {
            trace.isThere();
        }
        if (span != null) {
            span.isThere();
        }
    }

    private void set(@Nullable Object trace, @Nullable Object span) {
        FollowedContext traceContext = traceId;
        FollowedContext spanContext = spanId;
        if (traceContext != null) {
            traceContext.set(trace);
        }
        if (spanContext != null) {
            spanContext.set(span);
        }
    }

    /// How a context is asked for the ids of its span.
    ///
    /// @param span null where there are no spans
    private record Reader(
            @Nullable Function<Object, Object> span,
            Function<Object, Object> ids,
            Function<Object, Object> traceId,
            Function<Object, Object> spanId) {
        private static final Function<Object, Object> NOTHING = given -> given;
        static final Reader NONE = new Reader(null, NOTHING, NOTHING, NOTHING);

        static Reader of(Getters context, Getters span) throws ReflectiveOperationException {
            Getters ids = span.of("getSpanContext");
            return new Reader(
                    span.object("fromContextOrNull", context),
                    span.object("getSpanContext"),
                    ids.object("getTraceId"),
                    ids.object("getSpanId"));
        }
    }

    /// Takes the context that a thread has from now on, or null for none.
    final class Switches implements Consumer<Object> {
        private final String context;

        /// By the class of the context.
        private final ClassValue<Reader> readers;

        /// @param prefix of the names of OpenTelemetry's classes
        private Switches(String prefix) {
            context = prefix + CONTEXT;
            readers =
                    Getters.onceOr(
                            context,
                            given -> Reader.of(given, given.beside(prefix + SPAN)),
                            Reader.NONE);
            readers.get(Object.class); // what the JDK loads for the first is there
        }

        /// Prepares the reading in a program that runs, so that no thread of it waits for that.
        void prepare(Class<?> type) {
            if (type.getName().equals(context)) {
                readers.get(type);
            }
        }

        @Override
        public void accept(@Nullable Object given) {
            ThreadSlot slot = ThreadSlot.current();
            boolean wasInside = slot.isInside;
            slot.isInside = true;
            boolean hasSpan = false;
            try {
                hasSpan = given != null && hasSpan(given);
            } finally {
                try {
                    if (!hasSpan) {
                        set(null, null);
                    }
                } finally {
                    slot.isInside = wasInside; // no call: there may be no stack for one
                }
            }
        }

        /// Keeps its ids, if it has one.
        private boolean hasSpan(Object given) {
            Reader reader = readers.get(given.getClass());
            Function<Object, Object> toSpan = reader.span;
            Object span = toSpan == null ? null : toSpan.apply(given);
            if (span == null) {
                return false;
            }
            Object ids = reader.ids.apply(span);
            Object trace = reader.traceId.apply(ids);
            if (NO_TRACE.equals(trace)) {
                return false;
            }
            set(trace, reader.spanId.apply(ids));
            return true;
        }
    }
}
