// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.Target;
import java.lang.instrument.Instrumentation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where log records go: what their threads read, and [LogBridge] changes.
final class LogRoutes {
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
                if (isWanted && Glob.matches(rule.pattern(), logger)) {
                    return true;
                }
            }
            return false;
        }
    }

    /// In an array that never changes; empty when nobody wants log records.
    static volatile Route[] routes = {};

    private static volatile @Nullable Instrumentation agent;

    private LogRoutes() {}

    /// Null where there is no agent.
    static @Nullable Instrumentation agent() {
        return agent;
    }

    static void agent(Instrumentation instrumentation) {
        agent = instrumentation;
    }
}
