// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.Target;
import java.lang.instrument.Instrumentation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the records of one log system go: what the application's threads read, and [LogBridge]
/// changes.
final class LogRoutes {
    static final LogRoutes JUL = new LogRoutes(LogSystem.JUL);
    static final LogRoutes LOG4J2 = new LogRoutes(LogSystem.LOG4J2);
    static final LogRoutes LOGBACK = new LogRoutes(LogSystem.LOGBACK);

    /// The rules of one pool. No record: its fields can be read where there is no stack for a call.
    static final class Route {
        final Target target;
        final LoggedEvent event;
        private final LogSystem system;
        private final List<LogRule> rules;

        Route(Target target, LoggedEvent event, LogSystem system, List<LogRule> rules) {
            this.target = target;
            this.event = event;
            this.system = system;
            this.rules = rules;
        }

        boolean wants(String logger, int level) {
            for (LogRule rule : rules) {
                if (rule.wants(system, logger, level)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static volatile @Nullable Instrumentation agent;

    final LogSystem system;

    /// In an array that never changes; empty when nobody wants log records.
    volatile Route[] routes = {};

    private LogRoutes(LogSystem system) {
        this.system = system;
    }

    static LogRoutes of(LogSystem system) {
        return switch (system) {
            case JUL -> JUL;
            case LOG4J2 -> LOG4J2;
            case LOGBACK -> LOGBACK;
        };
    }

    /// Null where there is no agent.
    static @Nullable Instrumentation agent() {
        return agent;
    }

    static void agent(Instrumentation instrumentation) {
        agent = instrumentation;
    }
}
