// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import java.util.ArrayList;
import java.util.List;

/// A channel of a session. Owned by the control thread.
public final class Channel {
    private final int id;
    private final String name;
    private final DomainName domain;
    private final ChannelAttributes attributes;
    private boolean isEnabled = true;
    private List<String> contexts = List.of();
    private List<EventRule> rules = new ArrayList<>();

    public Channel(int id, String name, DomainName domain, ChannelAttributes attributes) {
        this.id = id;
        this.name = name;
        this.domain = domain;
        this.attributes = attributes;
    }

    int id() {
        return id;
    }

    public String name() {
        return name;
    }

    public DomainName domain() {
        return domain;
    }

    ChannelAttributes attributes() {
        return attributes;
    }

    public boolean isEnabled() {
        return isEnabled;
    }

    public void enable(boolean enabled) {
        isEnabled = enabled;
    }

    /// What is added to each event record, by LTTng's names.
    public List<String> contexts() {
        return contexts;
    }

    public void replaceContexts(List<String> newContexts) {
        contexts = List.copyOf(newContexts);
    }

    public List<EventRule> rules() {
        return List.copyOf(rules);
    }

    public void replaceRules(List<EventRule> newRules) {
        rules = new ArrayList<>(newRules);
    }

    ChannelPlan plan() {
        return new ChannelPlan(id, name, domain, attributes, isEnabled, contexts, rules);
    }
}
