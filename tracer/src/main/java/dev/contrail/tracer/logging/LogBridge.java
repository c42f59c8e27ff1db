// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.link.LogRule;
import dev.contrail.tracer.ring.WriterPool;
import java.lang.instrument.Instrumentation;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/// Which log statements are wanted, and when to be there to see them. This class can be used where
/// there is no `java.logging` and no `java.instrument`.
///
/// The application's `LogManager` is initialised when the application first logs, from properties
/// it may set until then; so we never are the first. With an agent, the loading of `LogRecord`
/// tells that the application is about to make its first record: the manager is there, and a
/// handler that is added in that very moment sees the record. Without an agent, we wait for rules,
/// and then ask for the manager.
///
/// Changed by the link thread. [#useAgent] comes first of all.
public final class LogBridge {
    private static final String MANAGER = "java.util.logging.LogManager";

    /// The rules of one pool.
    record Route(WriterPool pool, int eventId, Target target, List<LogRule> rules) {
        boolean wants(String logger, int level) {
            for (LogRule rule : rules) {
                boolean isWanted =
                        switch (rule.selection()) {
                            case ALL -> true;
                            case AT_LEAST -> level >= rule.level();
                            case EXACTLY -> level == rule.level();
                        };
                if (isWanted && Glob.matches(rule.pattern(), logger)) return true;
            }
            return false;
        }
    }

    static volatile List<Route> routes = List.of();
    private static volatile Instrumentation agent;
    private static volatile Selector linkThread;
    private static boolean isWatching;

    private LogBridge() {}

    public static void useAgent(Instrumentation instrumentation) {
        agent = instrumentation;
    }

    /// Where the link thread sleeps between calls of [#poll].
    public static void wakeBy(Selector selector) {
        linkThread = selector;
    }

    static void wakeLinkThread() {
        Selector sleeping = linkThread;
        if (sleeping != null) sleeping.wakeup();
    }

    static Instrumentation agent() {
        return agent;
    }

    /// Replaces the rules of `pool`. The event has been described there. Link thread.
    public static void set(WriterPool pool, int eventId, List<LogRule> rules) {
        List<Route> next = new ArrayList<>(routes);
        next.removeIf(route -> route.pool == pool);
        if (!rules.isEmpty()) next.add(new Route(pool, eventId, new Target(pool, eventId), rules));
        routes = List.copyOf(next);
        if (!rules.isEmpty()) poll();
    }

    /// Whether log statements are wanted, so that [#poll] has something to do.
    public static boolean isOn() {
        return !routes.isEmpty();
    }

    /// Adds our handler where it is missing: at first, and after the application has reset or
    /// reconfigured its logging. Takes it away when nobody wants it. Link thread, now and then.
    ///
    /// @return the names of the loggers there are; empty when logging is not in use, or not to be
    ///   had
    public static List<String> poll() {
        try {
            if (managerExists()) return isOn() ? JulHandlers.install() : JulHandlers.names();
            if (isOn()) watch();
        } catch (Throwable e) {
            // No java.logging in this image, or a LogManager that cannot be initialised.
        }
        return List.of();
    }

    private static boolean managerExists() {
        if (agent == null) return isOn();
        return JulState.wasSeen() || JulState.look(agent, MANAGER);
    }

    private static void watch() {
        if (isWatching) return;
        isWatching = true;
        FirstRecord.watch(agent);
        JulState.look(agent, MANAGER); // it may have been loaded in between
    }
}
