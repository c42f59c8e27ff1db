// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.FilterCompiler;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.event.TargetFilter;
import dev.contrail.tracer.filter.FieldReader;
import dev.contrail.tracer.filter.FilterException;
import dev.contrail.tracer.stack.StackContext;
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

        /// Of the channel, if it has them.
        final StackContext stacks;

        private final LogSystem system;
        private final List<LogRule> rules;

        /// Of the rules, in their order: null for one without. Null when none has one.
        private final TargetFilter.@Nullable Reading @Nullable [] filters;

        /// @throws FilterException when a rule's filter makes no sense, or is too large
        Route(
                Target target,
                LoggedEvent event,
                StackContext stacks,
                LogSystem system,
                List<LogRule> rules)
                throws FilterException {
            this.target = target;
            this.event = event;
            this.stacks = stacks;
            this.system = system;
            this.rules = rules;
            TargetFilter.Reading[] compiled = null;
            for (int i = 0; i < rules.size(); i++) {
                String filter = rules.get(i).filter();
                if (!filter.isEmpty()) {
                    if (compiled == null) {
                        compiled = new TargetFilter.Reading[rules.size()];
                    }
                    compiled[i] =
                            FilterCompiler.compileReading(List.of(filter), LogSystem.fields());
                }
            }
            this.filters = compiled;
        }

        boolean hasFilters() {
            return filters != null;
        }

        /// Whether a rule selects the logger and the level, whatever its filter says.
        boolean mayWant(String logger, int level) {
            for (int i = 0; i < rules.size(); i++) {
                if (rules.get(i).wants(system, logger, level)) {
                    return true;
                }
            }
            return false;
        }

        /// Whether one of those that do wants this event. Throws what the event throws when it is
        /// read.
        ///
        /// @param level of `event`, as `logger`
        boolean accepts(String logger, int level, FieldReader event) {
            if (filters == null) {
                return mayWant(logger, level);
            }
            for (int i = 0; i < filters.length; i++) {
                TargetFilter.Reading filter = filters[i];
                if (rules.get(i).wants(system, logger, level)
                        && (filter == null || filter.accepts(event))) {
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
