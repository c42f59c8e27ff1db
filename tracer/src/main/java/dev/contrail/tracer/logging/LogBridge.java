// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.Bridge;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.logging.LogRoutes.Route;
import dev.contrail.tracer.ring.write.WriterPool;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which log statements are wanted. This class can be used where there is no `java.logging` and no
/// `java.instrument`.
///
/// With an agent the loggers themselves are instrumented while somebody wants their records
/// ([LogCapture]). Without one nothing of `java.util.logging` is touched, because the first touch
/// decides which `LogManager` the application gets: it records what the application gives to a
/// `LogHandler`.
///
/// The rules are changed by the link thread.
public final class LogBridge {
    private static final String NO_AGENT =
            "no agent, so its java.util.logging is not recorded: start it with"
                    + " -javaagent:$(contrail agent)";
    private static @Nullable Bridge<JulEvent> bridge;
    private static @Nullable LogCapture capture;
    private static long failedTold;
    private static volatile Runnable whenSettled = () -> {};

    private LogBridge() {}

    /// From now on there is an agent.
    public static synchronized void useAgent(Instrumentation instrumentation) {
        if (LogRoutes.agent() != null) {
            return;
        }
        LogRoutes.agent(instrumentation);
        follow();
    }

    /// Called, by whatever thread, when [#isSettled] has become true.
    public static void whenSettled(Runnable callback) {
        whenSettled = callback;
    }

    /// The event of log records, bound when somebody asks for it. Link thread.
    public static synchronized Bridge<JulEvent> bridge() {
        if (bridge == null) {
            bridge =
                    Bridge.bind(
                            MethodHandles.lookup(), JulEvent.class, JulEvent.NAME, JulEvent.FIELDS);
        }
        return bridge;
    }

    /// Replaces the rules of `pool`. The event has been described there. Link thread. Takes effect
    /// when [#isSettled] is true.
    public static synchronized void set(WriterPool pool, int eventId, List<LogRule> rules) {
        List<Route> next = new ArrayList<>(List.of(LogRoutes.routes));
        next.removeIf(route -> route.target.pool == pool);
        if (!rules.isEmpty()) {
            next.add(new Route(new Target(pool, eventId), bridge().event, rules));
        }
        LogRoutes.routes = next.toArray(new Route[0]);
        follow();
    }

    /// Counts, where they were wanted, the records for which there was no stack. (Which rules would
    /// have wanted them nobody knows: so it is in each pool with rules.)
    public static synchronized void tellFailed() {
        if (capture == null) {
            return;
        }
        long failed = TapClass.failed();
        for (Route route : LogRoutes.routes) {
            route.target.pool.unheldLost += failed - failedTold;
        }
        failedTold = failed;
    }

    private static void follow() {
        Instrumentation agent = LogRoutes.agent();
        if (agent == null || !hasLogging()) {
            return;
        }
        if (capture == null && LogRoutes.routes.length == 0) {
            return;
        }
        if (capture == null) {
            capture = new LogCapture(agent, () -> whenSettled.run());
        }
        capture.want(LogRoutes.routes.length > 0);
    }

    /// Looks for the names of all loggers, in a thread of its own, and calls what [#whenSettled]
    /// was given when it has them.
    public static LoggerNames askForLoggers() {
        LoggerNames names = new LoggerNames(LogRoutes.agent(), () -> whenSettled.run());
        if (hasLogging()) {
            names.start();
        } else {
            names.run();
        }
        return names;
    }

    /// Why there are no records though all is as ordered: nobody gives us any. Empty when somebody
    /// does, or none are wanted.
    public static String absence() {
        boolean isMissed =
                LogRoutes.routes.length > 0
                        && LogRoutes.agent() == null
                        && !HandledRecords.haveHandler()
                        && hasLogging();
        return isMissed ? NO_AGENT : "";
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
