// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.tracer.link.FromApplication.Bound;
import dev.contrail.tracer.method.MethodRule;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.JfrName;
import dev.contrail.wire.NamePattern;
import dev.contrail.wire.PointType;
import dev.contrail.wire.StateDumpName;
import dev.contrail.wire.VirtualThreadName;
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

    /// The methods that the rules of a channel want.
    static List<MethodRule> methods(ChannelPlan channel) {
        return channel.rules().stream()
                .filter(rule -> rule.isEnabled() && rule.type() == PointType.METHOD)
                .map(EventSelector::methods)
                .distinct() // their filters are those of event classes
                .toList();
    }

    private static MethodRule methods(EventRule rule) {
        return new MethodRule(rule.pattern(), rule.settings());
    }

    boolean selects(Bound bound) {
        if (rule.type() == PointType.METHOD) {
            return methods(rule).selects(bound.name(), bound.origin());
        }
        if (!bound.origin().isEmpty()) {
            return false; // a method's, which was made for a rule of its own
        }
        boolean isLevel =
                switch (rule.levels()) {
                    case ALL -> true;
                    case AT_LEAST -> bound.logLevel() <= rule.level();
                    case EXACTLY -> bound.logLevel() == rule.level();
                };
        return isLevel
                && JfrName.isOne(rule.pattern()) == JfrName.isOne(bound.name())
                && StateDumpName.isOne(rule.pattern()) == StateDumpName.isOne(bound.name())
                && VirtualThreadName.isOne(rule.pattern()) == VirtualThreadName.isOne(bound.name())
                && pattern.matches(bound.name())
                && exclusions.stream().noneMatch(each -> each.matches(bound.name()));
    }
}
