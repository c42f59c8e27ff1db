// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.tracer.link.FromApplication.Bound;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.JfrName;
import dev.contrail.wire.NamePattern;
import java.util.List;

/// A channel's rule, its patterns taken apart once.
record EventSelector(EventRule rule, NamePattern pattern, List<NamePattern> exclusions) {
    static List<EventSelector> of(List<EventRule> rules) {
        return rules.stream()
                .filter(EventRule::isEnabled)
                .map(rule ->
                        new EventSelector(
                                rule,
                                NamePattern.of(rule.pattern()),
                                rule.exclusions().stream().map(NamePattern::of).toList()))
                .toList();
    }

    boolean selects(Bound bound) {
        boolean isLevel =
                switch (rule.levels()) {
                    case ALL -> true;
                    case AT_LEAST -> bound.logLevel() <= rule.level();
                    case EXACTLY -> bound.logLevel() == rule.level();
                };
        return isLevel
                && JfrName.isOne(rule.pattern()) == JfrName.isOne(bound.name())
                && pattern.matches(bound.name())
                && exclusions.stream().noneMatch(each -> each.matches(bound.name()));
    }
}
