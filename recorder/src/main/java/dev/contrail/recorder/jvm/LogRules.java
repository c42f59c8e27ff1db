// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.tracer.logging.LevelSelection;
import dev.contrail.tracer.logging.LogRule;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.LogbackName;
import dev.contrail.wire.PointType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rules of a channel as the log system wants them that is recorded there. Of user space these
/// are the rules that name Logback, [LogbackName].
final class LogRules {
    private LogRules() {}

    /// The log system of a domain.
    static LogSystem system(DomainName domain) {
        return switch (domain) {
            case JUL -> LogSystem.JUL;
            case LOG4J2 -> LogSystem.LOG4J2;
            case USERSPACE -> LogSystem.LOGBACK;
            case KERNEL -> throw new IllegalArgumentException("the kernel has no log system");
        };
    }

    /// What a logger is called in rules.
    static String pointName(DomainName domain, String logger) {
        return domain == DomainName.USERSPACE ? LogbackName.PREFIX + logger : logger;
    }

    static List<LogRule> of(ChannelPlan channel) {
        List<LogRule> rules = new ArrayList<>();
        for (EventRule rule : channel.rules()) {
            if (!rule.isEnabled() || rule.type() == PointType.METHOD) {
                continue;
            }
            if (channel.domain() == DomainName.USERSPACE) {
                logback(rule).ifPresent(rules::add);
            } else {
                rules.add(
                        new LogRule(
                                rule.pattern(),
                                List.of(),
                                selection(rule),
                                rule.level(),
                                rule.filter()));
            }
        }
        return rules;
    }

    private static LevelSelection selection(EventRule rule) {
        return switch (rule.levels()) {
            case ALL -> LevelSelection.ALL;
            case AT_LEAST -> LevelSelection.AT_LEAST;
            case EXACTLY -> LevelSelection.EXACTLY;
        };
    }

    private static Optional<LogRule> logback(EventRule rule) {
        Optional<String> loggers = LogbackName.loggers(rule.pattern());
        if (loggers.isEmpty()) {
            return Optional.empty();
        }
        List<String> exclusions =
                rule.exclusions().stream()
                        .flatMap(each -> LogbackName.loggers(each).stream())
                        .toList();
        int level =
                switch (rule.levels()) {
                    case ALL -> 0;
                    case AT_LEAST -> LogbackName.least(rule.level());
                    case EXACTLY -> LogbackName.level(rule.level());
                };
        return Optional.of(
                new LogRule(loggers.get(), exclusions, selection(rule), level, rule.filter()));
    }
}
