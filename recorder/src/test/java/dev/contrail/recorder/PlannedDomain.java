// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.recorder.domain.Domain;
import dev.contrail.recorder.domain.Recording;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.PointType;
import dev.contrail.wire.Warning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// A domain without a tracer: it remembers what it was told last of each channel, and says what a
/// test tells it to.
final class PlannedDomain implements Domain {
    private final Set<DomainName> names;
    private final Map<String, ChannelPlan> plans = new LinkedHashMap<>();
    private final Map<String, Boolean> active = new LinkedHashMap<>();
    private final List<String> destroyed = new ArrayList<>();
    private final List<Long> followed = new ArrayList<>();
    private List<Warning> warnings = List.of();
    private Optional<RefusedException> refusal = Optional.empty();

    PlannedDomain(DomainName... names) {
        this.names = Set.of(names);
    }

    /// What each change is answered with.
    synchronized void warn(Warning... warning) {
        warnings = List.of(warning);
    }

    /// Each change is refused from now on.
    synchronized void refuse(RefusedException why) {
        refusal = Optional.of(why);
    }

    synchronized void refuseNothing() {
        refusal = Optional.empty();
    }

    synchronized ChannelPlan plan(String channel) {
        return plans.get(channel);
    }

    /// The patterns of a channel's rules that are enabled.
    synchronized List<String> enabled(String channel) {
        return plans.get(channel).rules().stream()
                .filter(EventRule::isEnabled)
                .map(EventRule::pattern)
                .toList();
    }

    synchronized boolean isActive(String channel) {
        return active.get(channel);
    }

    /// The sessions whose part was destroyed.
    synchronized List<String> destroyed() {
        return List.copyOf(destroyed);
    }

    synchronized List<Long> followed() {
        return List.copyOf(followed);
    }

    @Override
    public Set<DomainName> names() {
        return names;
    }

    @Override
    public List<InstrumentationPoint> points(DomainName domain, PointType type) {
        return List.of();
    }

    @Override
    public Recording open(SessionFacts session) {
        return new Part(session.name());
    }

    @Override
    public void close() {}

    private final class Part implements Recording {
        private final String session;

        Part(String session) {
            this.session = session;
        }

        @Override
        public CompletableFuture<List<Warning>> apply(ChannelPlan plan, boolean isActive)
                throws RefusedException {
            synchronized (PlannedDomain.this) {
                if (refusal.isPresent()) {
                    throw refusal.get();
                }
                plans.put(plan.name(), plan);
                active.put(plan.name(), isActive);
                return CompletableFuture.completedFuture(warnings);
            }
        }

        @Override
        public List<Ring> rings() {
            return List.of();
        }

        @Override
        public void follow(long pid) {
            synchronized (PlannedDomain.this) {
                followed.add(pid);
            }
        }

        @Override
        public void destroy() {
            synchronized (PlannedDomain.this) {
                destroyed.add(session);
            }
        }
    }
}
