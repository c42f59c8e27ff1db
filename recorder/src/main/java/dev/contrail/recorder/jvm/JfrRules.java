// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.tracer.jfr.JfrRule;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.JfrName;
import java.util.List;

/// The rules of a channel about events of JFR, [JfrName].
final class JfrRules {
    private JfrRules() {}

    static List<JfrRule> of(ChannelPlan channel) {
        if (channel.domain() != DomainName.USERSPACE) {
            return List.of();
        }
        return channel.rules().stream()
                .filter(EventRule::isEnabled)
                .filter(rule -> JfrName.isOne(rule.pattern()))
                .map(rule -> new JfrRule(rule.pattern(), rule.exclusions(), rule.settings()))
                .toList();
    }
}
