// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.Bridge;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.filter.FilterException;
import dev.contrail.tracer.logging.LogRoutes.Route;
import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.write.WriterPool;
import dev.contrail.tracer.stack.StackContext;
import dev.contrail.tracer.tap.JulPatch;
import dev.contrail.tracer.tap.Log4jPatch;
import dev.contrail.tracer.tap.LogCapture;
import dev.contrail.tracer.tap.LogbackPatch;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which log statements are wanted. This class can be used where there is no `java.logging` and no
/// `java.instrument`.
///
/// With an agent the loggers themselves are instrumented while somebody wants their records
/// ([LogCapture]), those of each log system on its own. Without one nothing of `java.util.logging`
/// is touched, because the first touch decides which `LogManager` the application gets: it records
/// what the application gives to a `LogHandler`.
///
/// The rules are changed by the link thread.
public final class LogBridge {
    private static final String LOG4J = "org/apache/logging/log4j/core/Logger.class";
    private static final String LOGBACK = "ch/qos/logback/classic/Logger.class";
    private static final String NO_AGENT =
            "no agent, so its %s is not recorded: start it with -javaagent:$(contrail agent)";

    private static @Nullable Bridge<LoggedEvent> bridge;
    private static final Map<LogSystem, LogCapture> CAPTURES = new EnumMap<>(LogSystem.class);

    /// What [LogCapture#failed] was when it was told.
    private static final Map<LogSystem, Long> FAILED_TOLD = new EnumMap<>(LogSystem.class);

    private static volatile Runnable whenSettled = () -> {};

    private LogBridge() {}

    /// From now on there is an agent.
    public static synchronized void useAgent(Instrumentation instrumentation) {
        if (LogRoutes.agent() != null) {
            return;
        }
        LogRoutes.agent(instrumentation);
        for (LogSystem system : LogSystem.values()) {
            follow(LogRoutes.of(system));
        }
    }

    /// Called, by whatever thread, when [#isSettled] has become true.
    public static void whenSettled(Runnable callback) {
        whenSettled = callback;
    }

    /// The event of log records as a pool has to describe it. Link thread.
    public static EventDescription description(LogSystem system, int eventId) {
        List<EventField> fields = bridge().description(eventId).fields();
        return new EventDescription(eventId, system.eventName(), LogSystem.EVENT_LEVEL, fields);
    }

    /// One for all log systems, bound when somebody asks for it: what records an event does not
    /// know its name.
    private static synchronized Bridge<LoggedEvent> bridge() {
        if (bridge == null) {
            bridge =
                    Bridge.bind(
                            MethodHandles.lookup(),
                            LoggedEvent.class,
                            LogSystem.JUL.eventName(),
                            LoggedEvent.FIELDS);
        }
        return bridge;
    }

    /// Replaces the rules of `pool` for one log system. The event has been described there. Link
    /// thread. Takes effect when [#isSettled] is true.
    ///
    /// @param stacks of the channel, which may have none
    /// @throws FilterException when a rule's filter makes no sense, or is too large: then the
    ///   former rules stay
    public static synchronized void set(
            WriterPool pool,
            StackContext stacks,
            LogSystem system,
            int eventId,
            List<LogRule> rules)
            throws FilterException {
        LogRoutes routes = LogRoutes.of(system);
        List<Route> next = new ArrayList<>(List.of(routes.routes));
        next.removeIf(route -> route.target.pool == pool);
        next.add(new Route(new Target(pool, eventId), bridge().event, stacks, system, rules));
        routes.routes = next.toArray(new Route[0]);
        follow(routes);
    }

    /// Nothing of that log system is recorded in `pool` any more. Link thread.
    public static synchronized void stop(WriterPool pool, LogSystem system) {
        LogRoutes routes = LogRoutes.of(system);
        List<Route> next = new ArrayList<>(List.of(routes.routes));
        next.removeIf(route -> route.target.pool == pool);
        routes.routes = next.toArray(new Route[0]);
        follow(routes);
    }

    /// Counts, where they were wanted, the records for which there was no stack. (Which rules would
    /// have wanted them nobody knows: so it is in each pool with rules.)
    public static synchronized void tellFailed() {
        CAPTURES.forEach((system, capture) -> {
            long failed = capture.failed();
            long more = failed - FAILED_TOLD.getOrDefault(system, 0L);
            for (Route route : LogRoutes.of(system).routes) {
                route.target.pool.unheldLost += more;
            }
            FAILED_TOLD.put(system, failed);
        });
    }

    private static void follow(LogRoutes routes) {
        Instrumentation agent = LogRoutes.agent();
        if (agent == null || routes.system == LogSystem.JUL && !hasLogging()) {
            return;
        }
        LogCapture capture = CAPTURES.get(routes.system);
        if (capture == null && routes.routes.length == 0) {
            return;
        }
        if (capture == null) {
            capture = Captures.capture(routes.system, agent);
            CAPTURES.put(routes.system, capture);
        }
        capture.want(routes.routes.length > 0);
    }

    /// Looks for the names of all loggers, in a thread of its own, and calls what [#whenSettled]
    /// was given when it has them.
    public static LoggerNames askForLoggers(LogSystem system) {
        LoggerNames names = new LoggerNames(system, LogRoutes.agent(), () -> whenSettled.run());
        if (system != LogSystem.JUL || hasLogging()) {
            names.start();
        } else {
            names.run();
        }
        return names;
    }

    /// Why there are no records though all is as ordered: nobody gives us any. Empty when somebody
    /// does, or none are wanted.
    public static String absence(LogSystem system) {
        if (LogRoutes.agent() != null || LogRoutes.of(system).routes.length == 0) {
            return "";
        }
        return switch (system) {
            case JUL ->
                    HandledRecords.haveHandler() || !hasLogging()
                            ? ""
                            : NO_AGENT.formatted("java.util.logging");
            case LOG4J2 -> isOnClassPath(LOG4J) ? NO_AGENT.formatted("log (Log4j 2)") : "";
            case LOGBACK -> isOnClassPath(LOGBACK) ? NO_AGENT.formatted("log (Logback)") : "";
        };
    }

    private static boolean isOnClassPath(String file) {
        return ClassLoader.getSystemResource(file) != null;
    }

    private static boolean hasLogging() {
        return ModuleLayer.boot().findModule("java.logging").isPresent();
    }

    /// Whether the rules of the last [#set] are in force. Link thread.
    public static synchronized boolean isSettled() {
        for (LogCapture capture : CAPTURES.values()) {
            if (capture.isWorking()) {
                return false;
            }
        }
        return true;
    }

    /// Why they are not, though [#isSettled]; empty when they are. Link thread.
    public static synchronized String problem(LogSystem system) {
        LogCapture capture = CAPTURES.get(system);
        return capture == null ? "" : capture.problem();
    }

    /// What only an agent needs: apart, because to load it takes `java.instrument`.
    private static final class Captures {
        private Captures() {}

        static LogCapture capture(LogSystem system, Instrumentation agent) {
            Runnable whenDone = () -> whenSettled.run();
            return switch (system) {
                case JUL ->
                        new LogCapture(
                                agent,
                                new JulPatch(),
                                List.of(LogRecords.TAP),
                                LogRecords::load,
                                whenDone);
                case LOGBACK ->
                        new LogCapture(
                                agent,
                                new LogbackPatch(),
                                List.of(LogbackEvents.RECORDER),
                                new LogEvents.Preparation(
                                        LogbackEvents.EVENT, LogbackEvents.READERS),
                                whenDone);
                case LOG4J2 ->
                        new LogCapture(
                                agent,
                                new Log4jPatch(),
                                List.of(Log4jOffers.OFFERED, Log4jOffers.PASSED),
                                new LogEvents.Preparation(Log4jEvents.EVENT, Log4jEvents.READERS),
                                whenDone);
            };
        }
    }
}
