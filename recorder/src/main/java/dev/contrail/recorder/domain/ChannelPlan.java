// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.domain;

import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import java.util.List;

/// What a channel shall be, as the control thread hands it to a domain.
///
/// @param id number of the channel in its session, counted from 0, never used again
/// @param contexts what is added to each event record, by LTTng's names
/// @param rules in the order in which they were made, disabled ones included
public record ChannelPlan(
        int id,
        String name,
        DomainName domain,
        ChannelAttributes attributes,
        boolean isEnabled,
        List<String> contexts,
        List<EventRule> rules) {
    public ChannelPlan {
        contexts = List.copyOf(contexts);
        rules = List.copyOf(rules);
    }

    /// A channel without contexts.
    public ChannelPlan(
            int id,
            String name,
            DomainName domain,
            ChannelAttributes attributes,
            boolean isEnabled,
            List<EventRule> rules) {
        this(id, name, domain, attributes, isEnabled, List.of(), rules);
    }
}
