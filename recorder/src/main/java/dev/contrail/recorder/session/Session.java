// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import dev.contrail.ctf.Reason;
import dev.contrail.recorder.consumer.Consumer;
import dev.contrail.recorder.consumer.Given;
import dev.contrail.recorder.consumer.Outbox;
import dev.contrail.recorder.consumer.PacketQueue;
import dev.contrail.recorder.consumer.Sender;
import dev.contrail.recorder.consumer.StreamPositions;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.recorder.file.SpillBudget;
import dev.contrail.recorder.output.LostRecords;
import dev.contrail.recorder.output.SessionOutput;
import dev.contrail.recorder.output.TraceOutput;
import dev.contrail.recorder.relay.CreationFile;
import dev.contrail.recorder.relay.RelayIdentity;
import dev.contrail.recorder.relay.RelayOutput;
import dev.contrail.recorder.session.ServedDomain.Followed;
import dev.contrail.recorder.session.ServedDomain.Part;
import dev.contrail.recorder.thread.RecorderHost;
import dev.contrail.recorder.thread.Supervisor;
import dev.contrail.recorder.thread.Worker;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.Warning;
import dev.contrail.wire.control.SessionView;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.TimeSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// A recording session: channels, rules, their recordings, and whether it is active.
///
/// Owned by the control thread; the consumer thread asks only for [#rings].
public final class Session {
    private static final Followed NOBODY =
            new Followed(CompletableFuture.completedFuture(List.of()));

    /// What waits for a relay that is away.
    static final long MOST_SPOOL_BYTES = 256 << 20;

    private final SessionFacts facts;
    private final SessionMode mode;
    private final String output;
    private final long liveMicros;
    private final boolean isSynced;
    private final UUID seed;
    private final Worker control;
    private final SnapshotOutputs outputs = new SnapshotOutputs();
    private final Map<String, Channel> channels = new LinkedHashMap<>();
    private final Map<DomainName, Part> parts = new EnumMap<>(DomainName.class);
    private final Network network;
    private final Sender sender;
    private final Consumer consumer;
    private final Map<DomainName, String> unserved = new EnumMap<>(DomainName.class);
    private volatile List<Part> published = List.of();
    private SessionState state = SessionState.CREATED;
    private int nextChannelId;
    private CompletableFuture<?> lastOrder = CompletableFuture.completedFuture("");

    /// The domains of the channels that are not in use again yet, each as often as it has some.
    private final List<DomainName> adopting = new ArrayList<>();

    private CompletableFuture<Void> adopted = CompletableFuture.completedFuture(null);
    private final Set<CompletableFuture<?>> waiting = ConcurrentHashMap.newKeySet();
    private final SessionLog log;
    private final int boots;
    private final String notice;
    private String abandoned = "";

    /// @param output absolute directory, or a relay as [RelayEndpoints] shows it; empty for none
    /// @param liveMicros how often a viewer is shown what is new; 0 when it is not live
    /// @param isSynced whether what a relay of ours acknowledges shall survive a loss of power
    /// @param boots how many boots of the machine it has seen; each has a trace of its own
    /// @param notice what the user should know of its past; empty for nothing
    /// @param control the control thread
    /// @param network where relays are
    /// @param budget memory for packets that wait, in all sessions
    public Session(
            SessionFacts facts,
            SessionMode mode,
            String output,
            long liveMicros,
            boolean isSynced,
            UUID seed,
            SessionLog log,
            int boots,
            String notice,
            Worker control,
            SpillBudget budget,
            Network network,
            Supervisor supervisor) {
        this.network = network;
        this.log = log;
        this.boots = boots;
        this.notice = notice;
        this.facts = facts;
        this.mode = mode;
        this.output = output;
        this.liveMicros = liveMicros;
        this.isSynced = isSynced;
        this.seed = seed;
        this.control = control;
        Path stateDirectory = facts.stateDirectory();
        SessionOutput trace = trace(LostRecords.in(stateDirectory.resolve("lost")));
        RecorderHost host = RecorderHost.real();
        var queue =
                PacketQueue.open(
                        stateDirectory,
                        "packets-" + boots,
                        budget,
                        isSent() ? MOST_SPOOL_BYTES : Long.MAX_VALUE,
                        host.clock());
        var given = new Given(stateDirectory);
        sender =
                new Sender(
                        facts.name(),
                        trace,
                        queue,
                        StreamPositions.in(stateDirectory.resolve("positions-" + boots)),
                        this::rings,
                        given,
                        supervisor,
                        host);
        var outbox = new Outbox(sender, queue, given);
        this.consumer = new Consumer(facts.name(), this::rings, trace, outbox, sender, supervisor);
    }

    private SessionOutput trace(LostRecords lost) {
        if (!isSent()) {
            return new TraceOutput(traceDirectory(), seed, lost);
        }
        RelayEndpoints relay = relay(output);
        var created = new CreationFile(facts.stateDirectory().resolve("relay"), boots > 1);
        UUID daemon =
                UUID.nameUUIDFromBytes((seed + "/relay/" + boots).getBytes(StandardCharsets.UTF_8));
        var origin = new RelayIdentity.Origin(daemon, facts.id(), isSynced);
        return new RelayOutput(
                relay,
                network,
                TimeSource.SYSTEM,
                RelayIdentity.of(facts, relay, liveMicros, origin),
                seed,
                lost,
                Optional.of(created));
    }

    private static RelayEndpoints relay(String shown) {
        try {
            return RelayEndpoints.parseShown(shown);
        } catch (ParseException e) {
            throw new IllegalArgumentException("not a relay: " + shown, e);
        }
    }

    public SessionFacts facts() {
        return facts;
    }

    public String name() {
        return facts.name();
    }

    public SessionMode mode() {
        return mode;
    }

    /// Absolute directory, or a relay as [RelayEndpoints] shows it; empty for none.
    public String output() {
        return output;
    }

    /// Whether its trace goes to a relay.
    public boolean isSent() {
        return RelayEndpoints.isShown(output);
    }

    /// How often a viewer is shown what is new; 0 when it is not live.
    public long liveMicros() {
        return liveMicros;
    }

    /// Where its trace of this boot goes: a clock counts from the boot on, and a trace has one
    /// clock.
    private Path traceDirectory() {
        return boots == 1 ? Path.of(output) : Path.of(output, "boot-" + boots);
    }

    /// Where its state is kept. State thread.
    public SessionLog log() {
        return log;
    }

    public SnapshotOutputs outputs() {
        return outputs;
    }

    public Consumer consumer() {
        return consumer;
    }

    public SessionState state() {
        return state;
    }

    public boolean isActive() {
        return state == SessionState.ACTIVE;
    }

    List<Channel> channels() {
        return List.copyOf(channels.values());
    }

    /// The channels of one domain, the oldest first.
    public List<Channel> channels(DomainName domain) {
        return channels.values().stream().filter(each -> each.domain() == domain).toList();
    }

    public Optional<Channel> channel(DomainName domain, String name) {
        return Optional.ofNullable(channels.get(key(domain, name)));
    }

    /// The rings of all domains, kernel first: its buffers are the shortest. Any thread.
    List<Ring> rings() {
        var all = new ArrayList<Ring>();
        for (Part part : published) {
            all.addAll(part.recording().rings());
        }
        return all;
    }

    /// Does what a command asks, on the control thread, once the orders of the commands before it
    /// are taken: a domain may take its time, and the state is that of one command after another.
    public <T> CompletableFuture<T> inOrder(Callable<CompletableFuture<T>> work) {
        return atTheEnd(() -> {
            if (!abandoned.isEmpty()) {
                throw new RefusedException(abandoned);
            }
            return work.call();
        });
    }

    /// As [#inOrder], also in a session that was abandoned.
    public <T> CompletableFuture<T> atTheEnd(Callable<CompletableFuture<T>> work) {
        CompletableFuture<T> done =
                lastOrder
                        .handleAsync((_, _) -> begin(work), control.now())
                        .thenCompose(begun -> begun);
        lastOrder = done;
        return done;
    }

    /// The answer; or a refusal, when the session is abandoned before it comes.
    public <T> CompletableFuture<T> unlessDestroyed(CompletableFuture<T> answer) {
        CompletableFuture<T> owed = answer.copy();
        if (!owed.isDone()) {
            waiting.add(owed);
            owed.whenComplete((_, _) -> waiting.remove(owed));
        }
        return owed;
    }

    /// Nobody waits for this session any more.
    public void abandon(String reason) {
        abandoned = reason;
        for (CompletableFuture<?> owed : waiting) {
            owed.completeExceptionally(new RefusedException(reason));
        }
    }

    private static <T> CompletableFuture<T> begin(Callable<CompletableFuture<T>> work) {
        try {
            return work.call();
        } catch (Throwable failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /// Adds a channel and makes its domain follow.
    public CompletableFuture<Followed> addChannel(Channel channel, ServedDomain domain) {
        return part(channel.domain(), domain)
                .thenCompose(part -> part.apply(channel.plan(), isRecording(channel)))
                .thenApplyAsync(
                        followed -> {
                            channels.put(key(channel.domain(), channel.name()), channel);
                            nextChannelId = Math.max(nextChannelId, channel.id() + 1);
                            return followed;
                        },
                        control.now());
    }

    /// Takes a channel from an earlier daemon: it is there at once, and recorded as soon as its
    /// domain has followed. A domain that does not wait has followed when this returns, whatever
    /// another one is busy with: applications must find the session as they left it when they
    /// register again.
    public void adopt(Channel channel, ServedDomain domain) {
        channels.put(key(channel.domain(), channel.name()), channel);
        CompletableFuture<Followed> added =
                domain.mayWait()
                        ? inOrder(() -> addChannel(channel, domain))
                        : addChannel(channel, domain);
        adopting.add(channel.domain());
        CompletableFuture<Followed> told =
                added.exceptionallyAsync(
                        failure -> {
                            keepUnserved(channel, Reason.of(Replies.cause(failure)));
                            return NOBODY;
                        },
                        control.now());
        adopted =
                CompletableFuture.allOf(
                        adopted,
                        told.thenRunAsync(() -> adopting.remove(channel.domain()), control.now()));
    }

    /// When the channels that an earlier daemon has left are in use again, or cannot be. Control
    /// thread.
    public CompletableFuture<Void> adopted() {
        return adopted;
    }

    /// Keeps a channel whose domain this daemon cannot serve: a next one may.
    public void keepUnserved(Channel channel, String reason) {
        channels.put(key(channel.domain(), channel.name()), channel);
        unserved.put(channel.domain(), reason);
    }

    /// What the user should know of the session as a whole. Control thread.
    List<Warning> problems() {
        var all = new ArrayList<Warning>();
        if (!notice.isEmpty()) {
            all.add(new Warning.Past(notice));
        }
        adopting.stream()
                .distinct()
                .map(domain ->
                        new Warning.Busy(
                                "%s: taking up what an earlier daemon has left; its account is not there yet"
                                        .formatted(domain.title())))
                .forEach(all::add);
        unserved.forEach((domain, reason) -> all.add(new Warning.Unserved("", domain, reason)));
        if (!lastOrder.isDone()) {
            published.stream()
                    .map(part -> part.served().busy())
                    .filter(text -> !text.isEmpty())
                    .distinct()
                    .map(Warning.Busy::new)
                    .forEach(all::add);
        }
        return all;
    }

    /// Completes when all that has happened is in the rings, also of tracers that tell it late.
    public CompletableFuture<Void> settle() {
        return CompletableFuture.allOf(
                published.stream().map(Part::settle).toArray(CompletableFuture[]::new));
    }

    /// What keeps its domains from recording all that they should. Any thread.
    public List<Warning> obstacles() {
        return published.stream()
                .flatMap(part -> part.recording().obstacles().stream())
                .distinct()
                .toList();
    }

    /// The id for the next channel that is made.
    public int nextChannelId() {
        return nextChannelId;
    }

    /// Makes the channel's rules `rules`, or leaves everything as it was.
    public CompletableFuture<Followed> replaceRules(Channel channel, List<EventRule> rules) {
        List<EventRule> before = channel.rules();
        channel.replaceRules(rules);
        return apply(channel, () -> channel.replaceRules(before));
    }

    /// Adds a context to the channel, or leaves everything as it was.
    public CompletableFuture<Followed> addContext(Channel channel, String context) {
        List<String> before = channel.contexts();
        var more = new ArrayList<>(before);
        more.add(context);
        channel.replaceContexts(more);
        return apply(channel, () -> channel.replaceContexts(before));
    }

    /// Enables or disables the channel.
    public CompletableFuture<Followed> enable(Channel channel, boolean isEnabled) {
        boolean before = channel.isEnabled();
        channel.enable(isEnabled);
        return apply(channel, () -> channel.enable(before));
    }

    /// Makes the domain follow what the channel is now, or undoes the change when it does not.
    private CompletableFuture<Followed> apply(Channel channel, Runnable undo) {
        return apply(channel)
                .whenCompleteAsync(
                        (_, failure) -> {
                            if (failure != null) {
                                undo.run();
                            }
                        },
                        control.now());
    }

    /// Makes the domain follow what the channel is now.
    private CompletableFuture<Followed> apply(Channel channel) {
        String reason = unserved.get(channel.domain());
        if (reason != null) {
            return CompletableFuture.completedFuture(
                    new Followed(
                            CompletableFuture.completedFuture(
                                    List.of(
                                            new Warning.Unserved(
                                                    channel.name(), channel.domain(), reason)))));
        }
        Part part = Objects.requireNonNull(parts.get(channel.domain()));
        return part.apply(channel.plan(), isRecording(channel));
    }

    private boolean isRecording(Channel channel) {
        return isActive() && channel.isEnabled();
    }

    /// Starts recording in every channel.
    public CompletableFuture<List<Followed>> start() throws RefusedException {
        SessionState before = state;
        state = state.started(name());
        return applyAll()
                .handleAsync(
                        (followed, failure) -> {
                            if (failure == null) {
                                if (mode != SessionMode.SNAPSHOT) {
                                    consumer.startDraining();
                                }
                                return CompletableFuture.completedFuture(followed);
                            }
                            state = before;
                            return applyAll()
                                    .handle((_, _) -> failure)
                                    .thenCompose(CompletableFuture::<List<Followed>>failedFuture);
                        },
                        control.now())
                .thenCompose(started -> started);
    }

    /// Stops recording; the caller then asks the consumer to drain the rest.
    public CompletableFuture<List<Followed>> stop() throws RefusedException {
        state = state.stopped(name());
        return applyAll();
    }

    /// Restricts what is recorded to a process and its children.
    public CompletableFuture<Void> follow(long pid) {
        return CompletableFuture.allOf(
                published.stream().map(part -> part.follow(pid)).toArray(CompletableFuture[]::new));
    }

    /// Takes the state dump again, in every domain; completes when it is in the rings.
    public CompletableFuture<List<Warning>> regenerateStateDump() throws RefusedException {
        if (!isActive()) {
            throw new RefusedException(LttngError.SESSION_NOT_STARTED);
        }
        var taken = published.stream().map(Part::regenerateStateDump).toList();
        return CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new))
                .thenApply(_ -> taken.stream().flatMap(each -> each.resultNow().stream()).toList());
    }

    /// Takes the state that an earlier daemon has left.
    public void restore(SessionState saved, int savedNextChannelId) {
        state = saved;
        consumer.takenOver();
        nextChannelId = savedNextChannelId;
    }

    /// The daemon ends: the session stays as it is, for a next one. Control thread.
    public CompletableFuture<Void> leave() {
        abandon("The session daemon is ending");
        return consumer.end();
    }

    /// How it stands with the relay that its trace goes to; empty where it goes to none. Any
    /// thread.
    public Optional<SessionView.RelayView> relayView() {
        return sender.relayView();
    }

    /// What was taken out of the rings and is not stored: it counts as recorded, until it is stored
    /// or lost. Any thread.
    long waitingBytes() {
        return sender.waitingBytes();
    }

    /// Whether its output has not answered for so long that nobody waits for it. Any thread.
    public boolean isSilent() {
        return sender.isSilent();
    }

    /// When all that was given to a silent output is stored, however long that takes. The consumer
    /// has ended.
    public CompletableFuture<Void> sent() {
        return sender.ended();
    }

    /// Gives everything back. The consumer has ended.
    public CompletableFuture<Void> destroy() {
        return CompletableFuture.allOf(
                published.stream().map(Part::destroy).toArray(CompletableFuture[]::new));
    }

    /// What a next daemon must know. Control thread.
    public SessionFile toFile() {
        return new SessionFile(
                facts.id(),
                facts.name(),
                mode,
                facts.created(),
                output,
                liveMicros,
                isSynced,
                seed,
                facts.clock(),
                state,
                nextChannelId,
                channels.values().stream().map(Channel::plan).toList(),
                outputs.list(),
                outputs.nextId(),
                outputs.nextSnapshot(),
                boots,
                notice);
    }

    private CompletableFuture<List<Followed>> applyAll() {
        var taken = channels.values().stream().map(this::apply).toList();
        return CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new))
                .thenApply(_ -> taken.stream().map(CompletableFuture::resultNow).toList());
    }

    private CompletableFuture<Part> part(DomainName name, ServedDomain served) {
        for (DomainName kin : served.domain().names()) {
            Part known = parts.get(kin);
            if (known != null) {
                parts.put(name, known);
                return CompletableFuture.completedFuture(known);
            }
        }
        return served.ask(() -> new Part(served.domain().open(facts), served))
                .thenApplyAsync(
                        part -> {
                            parts.put(name, part);
                            var all = new ArrayList<>(published);
                            if (name == DomainName.KERNEL) {
                                all.addFirst(part);
                            } else {
                                all.add(part);
                            }
                            published = List.copyOf(all);
                            return part;
                        },
                        control.now());
    }

    private static String key(DomainName domain, String name) {
        return domain + " " + name;
    }
}
