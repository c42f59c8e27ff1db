// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.EventRule;
import dev.contrail.wire.control.Request.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// A recording session: channels, rules, their recordings, and whether it is active.
///
/// Owned by the control thread; the consumer thread asks only for [#rings].
final class Session {
    private final SessionFacts facts;
    private final Mode mode;
    private final String output;
    private final UUID seed;
    private final SnapshotOutputs outputs = new SnapshotOutputs();
    private final Map<String, Channel> channels = new LinkedHashMap<>();
    private final Map<DomainName, Recording> recordings = new EnumMap<>(DomainName.class);
    private final Consumer consumer;
    private final Map<DomainName, String> unserved = new EnumMap<>(DomainName.class);
    private volatile List<Recording> published = List.of();
    private SessionState state = SessionState.CREATED;
    private int nextChannelId;

    /// @param output absolute directory; empty for none
    Session(SessionFacts facts, Mode mode, String output, UUID seed) {
        this.facts = facts;
        this.mode = mode;
        this.output = output;
        this.seed = seed;
        this.consumer =
                new Consumer(
                        facts.name(),
                        this::rings,
                        new TraceOutput(
                                Path.of(output),
                                seed,
                                LostRecords.in(facts.stateDirectory().resolve("lost"))));
    }

    SessionFacts facts() {
        return facts;
    }

    String name() {
        return facts.name();
    }

    Mode mode() {
        return mode;
    }

    String output() {
        return output;
    }

    UUID seed() {
        return seed;
    }

    SnapshotOutputs outputs() {
        return outputs;
    }

    Consumer consumer() {
        return consumer;
    }

    SessionState state() {
        return state;
    }

    boolean isActive() {
        return state == SessionState.ACTIVE;
    }

    List<Channel> channels() {
        return List.copyOf(channels.values());
    }

    List<Channel> channels(DomainName domain) {
        return channels.values().stream().filter(each -> each.domain() == domain).toList();
    }

    Optional<Channel> channel(DomainName domain, String name) {
        return Optional.ofNullable(channels.get(key(domain, name)));
    }

    /// The rings of all domains, kernel first: its buffers are the shortest. Any thread.
    List<Ring> rings() {
        var all = new ArrayList<Ring>();
        for (Recording recording : published) {
            all.addAll(recording.rings());
        }
        return all;
    }

    /// Adds a channel and makes its domain follow.
    CompletableFuture<List<String>> addChannel(Channel channel, Domain domain)
            throws RefusedException {
        Recording recording = recording(channel.domain(), domain);
        var followed = recording.apply(channel.plan(), isActive() && channel.isEnabled());
        channels.put(key(channel.domain(), channel.name()), channel);
        nextChannelId = Math.max(nextChannelId, channel.id() + 1);
        return followed;
    }

    /// Keeps a channel whose domain this daemon cannot serve: a next one may.
    void keepUnserved(Channel channel, String reason) {
        channels.put(key(channel.domain(), channel.name()), channel);
        unserved.put(channel.domain(), reason);
    }

    /// What the user should know of the session as a whole, empty for nothing. Control thread.
    String problem() {
        return String.join("; ", unserved.values());
    }

    int nextChannelId() {
        return nextChannelId;
    }

    /// Makes the channel's rules `rules`, or leaves everything as it was.
    CompletableFuture<List<String>> replaceRules(Channel channel, List<EventRule> rules)
            throws RefusedException {
        List<EventRule> before = channel.rules();
        channel.replaceRules(rules);
        try {
            return apply(channel);
        } catch (RefusedException e) {
            channel.replaceRules(before);
            throw e;
        }
    }

    /// Makes the domain follow what the channel is now.
    CompletableFuture<List<String>> apply(Channel channel) throws RefusedException {
        String reason = unserved.get(channel.domain());
        if (reason != null) {
            return CompletableFuture.completedFuture(List.of(channel.name() + ": " + reason));
        }
        Recording recording = Objects.requireNonNull(recordings.get(channel.domain()));
        return recording.apply(channel.plan(), isActive() && channel.isEnabled());
    }

    /// Starts recording in every channel.
    List<CompletableFuture<List<String>>> start() throws RefusedException {
        SessionState before = state;
        state = state.started(name());
        try {
            List<CompletableFuture<List<String>>> followed = applyAll();
            if (mode != Mode.SNAPSHOT) {
                consumer.startDraining();
            }
            return followed;
        } catch (RefusedException e) {
            state = before;
            applyAll();
            throw e;
        }
    }

    /// Stops recording; the caller then asks the consumer to drain the rest.
    List<CompletableFuture<List<String>>> stop() throws RefusedException {
        state = state.stopped(name());
        return applyAll();
    }

    /// Restricts what is recorded to a process and its children.
    void follow(long pid) throws RefusedException {
        for (Recording recording : published) {
            recording.follow(pid);
        }
    }

    /// Takes the state that an earlier daemon has left.
    void restore(SessionState saved, int savedNextChannelId) {
        state = saved;
        nextChannelId = savedNextChannelId;
    }

    /// Gives everything back. The consumer has ended.
    void destroy() {
        published.forEach(Recording::destroy);
    }

    SessionFile toFile() {
        return new SessionFile(
                facts.id(),
                facts.name(),
                mode,
                facts.created(),
                output,
                seed,
                facts.clock(),
                state,
                nextChannelId,
                channels.values().stream().map(Channel::plan).toList(),
                outputs.list(),
                outputs.nextId(),
                outputs.nextSnapshot());
    }

    private List<CompletableFuture<List<String>>> applyAll() throws RefusedException {
        var followed = new ArrayList<CompletableFuture<List<String>>>();
        for (Channel channel : channels.values()) {
            followed.add(apply(channel));
        }
        return followed;
    }

    private Recording recording(DomainName name, Domain domain) throws RefusedException {
        Recording known = recordings.get(name);
        if (known != null) {
            return known;
        }
        for (DomainName served : domain.names()) {
            if (recordings.containsKey(served)) {
                known = recordings.get(served);
            }
        }
        if (known == null) {
            known = domain.open(facts);
            var all = new ArrayList<>(published);
            if (name == DomainName.KERNEL) {
                all.addFirst(known);
            } else {
                all.add(known);
            }
            published = List.copyOf(all);
        }
        recordings.put(name, known);
        return known;
    }

    private static String key(DomainName domain, String name) {
        return domain + " " + name;
    }
}
