// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.follow;

import dev.contrail.tracer.context.AppContexts;
import dev.contrail.tracer.context.Contexts;
import dev.contrail.tracer.logging.Getters;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.write.ThreadSlot;
import dev.contrail.tracer.ring.write.WriterPool;
import dev.contrail.tracer.tap.LogCapture;
import java.lang.instrument.Instrumentation;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which contexts of libraries are wanted: `$app.mdc:KEY`, `$app.otel:trace_id` and
/// `$app.otel:span_id`, in channels and in filters. Needs the agent; this class can be used where
/// there is no `java.instrument`.
///
/// A library is as it was, but for these calls, as long as a channel is open that wants one of its
/// contexts or has had a filter that asks for one. What a thread had before is known from its next
/// change on.
public final class Following {
    private static final Pattern IN_FILTER =
            Pattern.compile(
                    "\\$app\\.(" + AppContexts.MDC + "|" + AppContexts.OTEL + "):([A-Za-z0-9_]+)");

    private static final String NO_AGENT =
            "no agent, so $app.mdc: and $app.otel: are empty: start it with"
                    + " -javaagent:$(contrail agent)";

    private static final Map<WriterPool, Set<String>> WANTED = new IdentityHashMap<>();

    private static @Nullable Instrumentation agent;
    private static @Nullable Captures captures;

    private Following() {}

    /// From now on there is an agent. Costs a program that nobody traces nothing.
    public static synchronized void useAgent(Instrumentation given) {
        agent = given;
        if (!WANTED.isEmpty()) {
            follow();
        }
    }

    /// Follows these contexts too, as long as the pool is open. Returns when that is so, or soon.
    /// Link thread.
    ///
    /// @param contexts as `add-context` names them
    public static synchronized void want(WriterPool pool, List<String> contexts) {
        Set<String> fields = new HashSet<>();
        for (EventField each : Contexts.fields(contexts)) {
            fields.add(each.name());
        }
        wantFields(pool, fields);
    }

    /// The same for those that filters ask for.
    public static synchronized void wantOf(WriterPool pool, List<String> filters) {
        Set<String> fields = new HashSet<>();
        for (String each : filters) {
            Matcher found = IN_FILTER.matcher(each);
            while (found.find()) {
                fields.add(AppContexts.fieldName(found.group(1), found.group(2)));
            }
        }
        wantFields(pool, fields);
    }

    /// The pool is open no more. Link thread.
    public static synchronized void stop(WriterPool pool) {
        if (WANTED.remove(pool) != null) {
            follow();
        }
    }

    private static void wantFields(WriterPool pool, Set<String> fields) {
        fields.removeIf(each -> !isFollowed(each));
        if (!fields.isEmpty()
                && WANTED.computeIfAbsent(pool, each -> new HashSet<>()).addAll(fields)) {
            follow();
        }
    }

    private static boolean isFollowed(String field) {
        return field.startsWith(AppContexts.fieldName(AppContexts.MDC, ""))
                || field.startsWith(AppContexts.fieldName(AppContexts.OTEL, ""));
    }

    private static void follow() {
        if (captures == null && agent != null) {
            captures = new Captures(agent);
        }
        if (captures != null) {
            Set<String> all = new HashSet<>();
            WANTED.values().forEach(all::addAll);
            captures.follow(all);
        }
    }

    /// Why they are not known though a session wants them; empty when they are. Link thread.
    public static synchronized String problem() {
        if (WANTED.isEmpty()) {
            return "";
        }
        if (captures != null) {
            return captures.problem();
        }
        return ClassPath.HAS_LIBRARY ? NO_AGENT : "";
    }

    /// Looked through once, when somebody asks.
    private static final class ClassPath {
        static final boolean HAS_LIBRARY =
                MdcPatch.CLASSES.stream()
                        .anyMatch(each -> ClassLoader.getSystemResource(each + ".class") != null);
    }

    /// What only an agent needs: apart, because to load it takes `java.instrument`.
    private static final class Captures {
        private final MdcValues values = new MdcValues();
        private final SpanIds ids = new SpanIds();
        private final LogCapture mdc;
        private final LogCapture spans;

        Captures(Instrumentation agent) {
            MdcPatch mdcPatch = new MdcPatch(values);
            SpanPatch spanPatch = new SpanPatch(ids);
            mdc = new LogCapture(agent, mdcPatch, mdcPatch.targets(), Captures::load, () -> {});
            spans = new LogCapture(agent, spanPatch, spanPatch.targets(), new Spans(ids), () -> {});
        }

        private static void load() throws ClassNotFoundException {
            LogCapture.load(
                    AppContexts.class, FollowedContext.class, MdcValues.class, ThreadSlot.class);
        }

        /// Loads what the first span needs.
        private record Spans(SpanIds ids) implements LogCapture.Preparation {
            @Override
            public void run() throws ClassNotFoundException {
                load();
                LogCapture.load(SpanIds.class);
                Getters.prepare();
            }

            @Override
            public void loaded(Class<?> type) {
                try {
                    ids.own.prepare(type);
                    ids.ofAgent.prepare(type);
                } catch (RuntimeException | LinkageError e) {
                    // another version: the first context tells
                }
            }
        }

        void follow(Set<String> fields) {
            mdc.wantNow(values.want(fields));
            spans.wantNow(ids.want(fields));
        }

        String problem() {
            String problem = mdc.problem().isEmpty() ? spans.problem() : mdc.problem();
            return problem.isEmpty() ? "" : "contexts of libraries are not known: " + problem;
        }
    }
}
