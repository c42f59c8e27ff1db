// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.wire.control.ChannelAttributes;
import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.EventRule;
import java.util.ArrayList;
import java.util.List;

/// A channel of a session. Owned by the control thread.
final class Channel {
    private final int id;
    private final String name;
    private final DomainName domain;
    private final ChannelAttributes attributes;
    private boolean isEnabled = true;
    private List<EventRule> rules = new ArrayList<>();

    Channel(int id, String name, DomainName domain, ChannelAttributes attributes) {
        this.id = id;
        this.name = name;
        this.domain = domain;
        this.attributes = attributes;
    }

    int id() {
        return id;
    }

    String name() {
        return name;
    }

    DomainName domain() {
        return domain;
    }

    ChannelAttributes attributes() {
        return attributes;
    }

    boolean isEnabled() {
        return isEnabled;
    }

    void enable(boolean enabled) {
        isEnabled = enabled;
    }

    List<EventRule> rules() {
        return List.copyOf(rules);
    }

    void replaceRules(List<EventRule> newRules) {
        rules = new ArrayList<>(newRules);
    }

    ChannelPlan plan() {
        return new ChannelPlan(id, name, domain, attributes, isEnabled, rules);
    }
}
