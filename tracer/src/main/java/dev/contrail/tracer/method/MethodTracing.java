// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.ring.write.WriterPool;
import java.lang.instrument.Instrumentation;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The methods that sessions want as events: `method:CLASS.METHOD_entry` with its arguments, and
/// `method:CLASS.METHOD_exit` with the duration, the result and the exception. The event classes
/// are bound as methods are found, loaded long ago or later, and daemons enable them as any others.
///
/// What sessions do not want any more is taken out of the classes again: their code is then what it
/// was.
public final class MethodTracing {
    private static final String NO_AGENT =
            "its methods cannot be recorded: it was not started with -javaagent and none was attached";

    private static @Nullable Instrumentation agent;
    private static Runnable announce = () -> {};
    private static Runnable whenSettled = () -> {};

    /// What pools want.
    private static final Map<WriterPool, List<MethodRule>> WANTED = new HashMap<>();

    private static @Nullable MethodCapture capture;

    /// Why there is no capture, though there is an agent.
    private static String failure = "";

    private MethodTracing() {}

    /// From now on there is an agent. Costs a program that nobody traces nothing.
    public static synchronized void useAgent(Instrumentation given) {
        agent = given;
    }

    /// @param announcing tells daemons of new event classes, and waits for their orders
    /// @param settled run, by any thread, when all is as was ordered
    public static synchronized void connect(Runnable announcing, Runnable settled) {
        announce = announcing;
        whenSettled = settled;
    }

    /// Returns at once. Link thread.
    ///
    /// @param rules replace the former ones of the pool; empty: none
    public static synchronized void want(WriterPool pool, List<MethodRule> rules) {
        if (rules.isEmpty()) {
            WANTED.remove(pool);
        } else {
            WANTED.put(pool, List.copyOf(rules));
        }
        if (capture == null && agent != null && !WANTED.isEmpty() && failure.isEmpty()) {
            try {
                capture = new MethodCapture(agent, announce, whenSettled);
            } catch (Exception | LinkageError e) {
                failure = "its methods cannot be recorded: " + e;
            }
        }
        if (capture != null) {
            Set<MethodRule> all = new LinkedHashSet<>();
            WANTED.values().forEach(all::addAll);
            capture.want(all);
        }
    }

    /// Whether all is as it was ordered last.
    public static synchronized boolean isSettled() {
        return capture == null || capture.isSettled();
    }

    /// Why not all that the pool wants is recorded; empty when it is. Once [#isSettled].
    public static synchronized String problem(WriterPool pool) {
        List<MethodRule> rules = WANTED.getOrDefault(pool, List.of());
        if (rules.isEmpty()) {
            return "";
        }
        if (capture != null) {
            return capture.problem(rules);
        }
        return agent == null ? NO_AGENT : failure;
    }

    /// Counts calls that could not be recorded, and looks for work that is left. Link thread.
    public static synchronized void beat() {
        if (capture != null) {
            capture.tellLost();
            capture.look();
        }
    }
}
