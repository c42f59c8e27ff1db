// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.Bridge;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.link.LogRule;
import dev.contrail.tracer.ring.WriterPool;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;

/// Which log statements are wanted. This class can be used where there is no `java.logging` and no
/// `java.instrument`.
///
/// With an agent the loggers themselves are instrumented while somebody wants their records
/// ([LogCapture]). Without one nothing of `java.util.logging` is touched, because the first touch
/// decides which `LogManager` the application gets: it records what the application gives to a
/// [dev.contrail.tracer.LogHandler].
///
/// The rules are changed by the link thread.
public final class LogBridge {
    /// The rules of one pool. No record: its fields can be read where there is no stack for a call.
    static final class Route {
        final Target target;
        final JulEvent event;
        private final List<LogRule> rules;

        Route(Target target, JulEvent event, List<LogRule> rules) {
            this.target = target;
            this.event = event;
            this.rules = rules;
        }

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

    static volatile Route[] routes = {};
    private static volatile Instrumentation agent;
    private static Bridge<JulEvent> bridge;
    private static LogCapture capture;
    private static long failedTold;
    private static volatile Runnable whenSettled = () -> {};

    private LogBridge() {}

    /// From now on there is an agent.
    public static synchronized void useAgent(Instrumentation instrumentation) {
        if (agent != null) return;
        agent = instrumentation;
        follow();
    }

    static Instrumentation agent() {
        return agent;
    }

    /// Called, by whatever thread, when [#isSettled] has become true.
    public static void whenSettled(Runnable callback) {
        whenSettled = callback;
    }

    /// The event of log records, bound when somebody asks for it. Link thread.
    public static synchronized Bridge<JulEvent> bridge() {
        if (bridge == null) bridge = Bridge.bind(MethodHandles.lookup(), JulEvent.class);
        return bridge;
    }

    /// Replaces the rules of `pool`. The event has been described there. Link thread. Takes effect
    /// when [#isSettled] is true.
    public static synchronized void set(WriterPool pool, int eventId, List<LogRule> rules) {
        List<Route> next = new ArrayList<>(List.of(routes));
        next.removeIf(route -> route.target.pool == pool);
        if (!rules.isEmpty()) next.add(new Route(new Target(pool, eventId), bridge().event, rules));
        routes = next.toArray(new Route[0]);
        follow();
    }

    /// Counts, where they were wanted, the records for which there was no stack. (Which rules would
    /// have wanted them nobody knows: so it is in each pool with rules.)
    public static synchronized void tellFailed() {
        if (capture == null) return;
        long failed = TapClass.failed();
        for (Route route : routes) route.target.pool.unheldLost += failed - failedTold;
        failedTold = failed;
    }

    private static void follow() {
        if (agent == null || !hasLogging()) return;
        if (capture == null && routes.length == 0) return;
        if (capture == null) capture = new LogCapture(agent, () -> whenSettled.run());
        capture.want(routes.length > 0);
    }

    /// Looks for the names of all loggers, in a thread of its own, and calls what [#whenSettled]
    /// was given when it has them.
    public static LoggerNames askForLoggers() {
        LoggerNames names = new LoggerNames(agent, () -> whenSettled.run());
        if (hasLogging()) names.start();
        else names.run();
        return names;
    }

    private static boolean hasLogging() {
        return ModuleLayer.boot().findModule("java.logging").isPresent();
    }

    /// Whether the rules of the last [#set] are in force. Link thread.
    public static synchronized boolean isSettled() {
        return capture == null || !capture.isWorking();
    }

    /// Why they are not, though [#isSettled]; empty when they are. Link thread.
    public static synchronized String problem() {
        return capture == null ? "" : capture.problem();
    }
}
