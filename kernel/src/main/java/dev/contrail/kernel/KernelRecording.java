// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.ctf.Reason;
import dev.contrail.kernel.Declarations.Kind;
import dev.contrail.recorder.ChannelPlan;
import dev.contrail.recorder.Recording;
import dev.contrail.recorder.RefusedException;
import dev.contrail.recorder.Ring;
import dev.contrail.recorder.SessionFacts;
import dev.contrail.wire.control.ChannelAttributes;
import dev.contrail.wire.control.EventRule;
import dev.contrail.wire.control.LossMode;
import dev.contrail.wire.control.LttngError;
import dev.contrail.wire.control.Warning;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// One session's kernel channels: an instance for each.
///
/// The domain's thread changes it; [#rings], [#events], [#metadata] and what else the rings ask for
/// may be called by any thread.
public final class KernelRecording implements Recording {
    private static final String SPILL = "kernel-spill-";

    /// Where the sub-buffer lay that a daemon before there were spills had read.
    private static final String READER_PAGE = "kernel-reader-";

    private static final System.Logger LOG = System.getLogger(KernelRecording.class.getName());

    private final KernelDomain domain;
    private final SessionFacts session;
    private final Declarations declarations;
    private final EventDeclarer declarer;
    private final KernelTrace trace;
    private final StateDumps stateDumps;
    private final Path declarationsFile;
    private final Path stateDumpFile;
    private final Map<Integer, KernelChannel> channels = new TreeMap<>();
    private final Map<Integer, ChannelEvents> events = new ConcurrentHashMap<>();
    private final Map<EventRule, EventNames.Selection> found = new HashMap<>();
    private final Map<String, Integer> stateDumpIds = new ConcurrentHashMap<>();
    private final Interruptions interruptions =
            new Interruptions(name -> stateDumpIds.getOrDefault(name, -1));
    private long checkedNanos = System.nanoTime();
    private volatile String metadataBody = "";
    private volatile int stateDumpChannel = -1;
    private volatile List<Ring> rings = List.of();
    private boolean isActive;
    private final boolean isTakenOver;
    private List<Integer> followed = List.of();
    private List<Integer> ignored = List.of();

    KernelRecording(KernelDomain domain, SessionFacts session) throws IOException {
        this.domain = domain;
        this.session = session;
        declarationsFile = session.stateDirectory().resolve("kernel-events");
        stateDumpFile = session.stateDirectory().resolve("kernel-statedump");
        isTakenOver = Files.exists(declarationsFile);
        declarations = Declarations.open(declarationsFile);
        declarer = new EventDeclarer(domain.tracefs(), domain.eventNames(), declarations);
        trace = new KernelTrace(session);
        stateDumps = new StateDumps(stateDumpFile, stateDumpIds::get);
        publish();
    }

    /// Enables and disables before it returns; the future holds what failed. Enabling takes 1 to 2
    /// ms for each event, all of LTTng's tracepoints half a second.
    @Override
    public CompletableFuture<List<Warning>> apply(ChannelPlan plan, boolean isActive)
            throws RefusedException {
        var problems = new ArrayList<Warning>();
        try {
            Map<EventRule, EventNames.Selection> selections = select(plan, problems);
            KernelChannel channel = channel(plan);
            declare(plan.id(), selections);
            Set<KernelEvent> wanted = new LinkedHashSet<>();
            if (isActive && plan.isEnabled()) {
                wanted = wanted(selections);
            }
            problems.addAll(channel.record(wanted, isActive && plan.isEnabled()));
        } catch (IOException failed) {
            throw new RefusedException(
                    LttngError.KERN_CHAN_FAIL,
                    "Kernel channel " + plan.name() + ": " + Reason.of(failed));
        }
        if (isActive && !this.isActive) {
            stateDumps.take();
        }
        this.isActive = isActive;
        return CompletableFuture.completedFuture(List.copyOf(problems));
    }

    @Override
    public List<Ring> rings() {
        return rings;
    }

    /// Undoes what somebody else has done to the instances, and notes it.
    void check() {
        long now = System.nanoTime();
        channels.forEach((id, channel) -> {
            try {
                List<String> found = channel.restore();
                if (!found.isEmpty()) {
                    interrupted(channel, String.join(", ", found), now - checkedNanos);
                }
            } catch (IOException failed) {
                interrupted(channel, "made unusable: " + Reason.of(failed), now - checkedNanos);
            }
        });
        checkedNanos = now;
    }

    private void interrupted(KernelChannel channel, String what, long atMostNanos) {
        String line =
                "by somebody else, the kernel's channel %s was %s"
                        .formatted(channel.ring().channelName(), what);
        interruptions.add(line, atMostNanos);
        LOG.log(System.Logger.Level.WARNING, "Session {0}: {1}", session.name(), line);
    }

    Interruptions interruptions() {
        return interruptions;
    }

    /// Lets go of the instances: they go on recording, and a next daemon goes on with them.
    void letGo() throws IOException {
        for (KernelChannel channel : channels.values()) {
            channel.letGo();
        }
        channels.clear();
        rings = List.of();
    }

    /// Also waits until the kernel has let go of the instances, up to 2 seconds for each that
    /// somebody else holds open; such a one stays, without events, and becomes an orphan.
    @Override
    public void destroy() {
        domain.forget(this);
        for (KernelChannel channel : channels.values()) {
            try {
                channel.ring().close();
                channel.instance().remove();
            } catch (IOException busy) {
                LOG.log(System.Logger.Level.WARNING, Reason.of(busy));
            }
        }
        channels.clear();
        rings = List.of();
        try {
            stateDumps.latest();
            Files.deleteIfExists(declarationsFile);
            Files.deleteIfExists(stateDumpFile);
            deleteSpills();
        } catch (IOException kept) {
            LOG.log(System.Logger.Level.WARNING, Reason.of(kept));
        }
    }

    /// Records only what the threads of a process do, and those that they start, child processes
    /// included.
    ///
    /// @param pid in the initial pid namespace
    @Override
    public void follow(long pid) throws RefusedException {
        try {
            followed = StateReader.threads(pid);
            for (KernelChannel channel : channels.values()) {
                channel.instance().follow(followed);
            }
        } catch (IOException failed) {
            throw new RefusedException(
                    "Process " + pid + " cannot be followed: " + Reason.of(failed));
        }
    }

    /// Records nothing of what these threads do, such as the daemon's consumers. It costs every
    /// event of the others a comparison.
    ///
    /// @param threads thread ids of the initial pid namespace
    public void ignore(List<Integer> threads) throws IOException {
        ignored = List.copyOf(threads);
        for (KernelChannel channel : channels.values()) {
            channel.instance().ignore(ignored);
        }
    }

    /// Where sub-buffers lie that were read and are not converted yet.
    Spill spill(int channel, int cpu, int subBufferBytes) throws IOException {
        String name = channel + "-" + cpu;
        Path file = session.stateDirectory().resolve(SPILL + name);
        Spill spill = Spill.open(file, subBufferBytes, domain.spillBudget());
        spill.takeOver(session.stateDirectory().resolve(READER_PAGE + name));
        return spill;
    }

    /// Whether threads of their own take sub-buffers out of the kernel.
    DrainPlan drainPlan() {
        return domain.drainPlan();
    }

    /// Takes the state dump again (`regenerate statedump`).
    public void regenerateStateDump() {
        stateDumps.take();
    }

    SessionFacts session() {
        return session;
    }

    /// How a channel's records are converted.
    ChannelEvents events(int channel) {
        return Objects.requireNonNull(events.get(channel));
    }

    /// The metadata of a trace, with all that is declared now.
    String metadata(UUID uuid) {
        return trace.metadata(uuid, metadataBody);
    }

    StateDumps stateDumps() {
        return stateDumps;
    }

    int stateDumpChannel() {
        return stateDumpChannel;
    }

    SyscallNumbers syscallNumbers() {
        return SyscallNumbers.of(domain.eventNames().syscalls());
    }

    /// What each rule selects is found when the rule is first applied, so that a start only
    /// switches. An event that a daemon before this one knew and that vanished, with its module
    /// perhaps, is a problem; one that never was there is refused.
    private Map<EventRule, EventNames.Selection> select(ChannelPlan plan, List<Warning> problems)
            throws IOException, RefusedException {
        var selections = new LinkedHashMap<EventRule, EventNames.Selection>();
        boolean isRestored = declarations.hasChannel(plan.id()) && !channels.containsKey(plan.id());
        for (EventRule rule : plan.rules()) {
            EventRule any = rule.enabled(true);
            EventNames.Selection selection = found.get(any);
            boolean isKnown = selection != null || isRestored;
            if (selection == null || selection.isEmpty()) {
                selection = domain.eventNames().select(rule);
            }
            if (selection.isEmpty()) {
                var missing = new Warning.NoSuchEvent(rule.pattern(), rule.type());
                if (!isKnown) {
                    throw new RefusedException(LttngError.KERN_ENABLE_FAIL, missing.text());
                }
                problems.add(missing);
            }
            found.put(any, selection);
            selections.put(rule, selection);
        }
        return selections;
    }

    private KernelChannel channel(ChannelPlan plan) throws IOException {
        KernelChannel known = channels.get(plan.id());
        if (known != null) {
            return known;
        }
        ChannelAttributes attributes = plan.attributes();
        long ringBytes =
                Math.multiplyExact(attributes.subBufferBytes(), attributes.subBufferCount());
        Instance instance =
                Instance.open(
                        domain.tracefs(),
                        domain.instanceName(session.id(), plan.id()),
                        attributes.subBufferBytes(),
                        ringBytes,
                        attributes.lossMode() == LossMode.OVERWRITE);
        try {
            return channel(plan, instance);
        } catch (IOException refused) {
            if (instance.isNew()) {
                instance.remove();
            } else {
                instance.close();
            }
            throw refused;
        }
    }

    private KernelChannel channel(ChannelPlan plan, Instance instance) throws IOException {
        if (!followed.isEmpty()) {
            instance.follow(followed);
        }
        if (!ignored.isEmpty()) {
            instance.ignore(ignored);
        }
        isActive |= isTakenOver && instance.isRecording();
        boolean isLost = instance.isNew() && declarations.hasChannel(plan.id());
        declareStream(plan.id());
        var ring = new KernelRing(this, plan, instance, domain.isMappingWanted());
        if (session.isSnapshot()) {
            Thread.ofPlatform().daemon().name("contrail-prepare").start(ring::prepareCopies);
        }
        var channel = new KernelChannel(instance, ring);
        channels.put(plan.id(), channel);
        if (isLost) {
            interrupted(channel, "removed, with what its rings held, while no daemon ran", 0);
        }
        rings = channels.values().stream().map(each -> (Ring) each.ring()).toList();
        return channel;
    }

    private void deleteSpills() throws IOException {
        try (DirectoryStream<Path> spills =
                Files.newDirectoryStream(session.stateDirectory(), SPILL + "*")) {
            for (Path spill : spills) {
                Files.delete(spill);
            }
        }
    }

    private void declareStream(int channel) throws IOException {
        if (!declarations.hasChannel(channel)) {
            declarations.stream(trace.stream(channel));
            if (declarations.firstChannel() == channel) {
                declarer.stateDump(channel);
            }
            declarations.save();
            publish();
        }
    }

    private void declare(int channel, Map<EventRule, EventNames.Selection> selections)
            throws IOException {
        for (EventNames.Selection selection : selections.values()) {
            declarer.tracepoints(channel, selection.tracepoints());
            declarer.syscalls(channel, selection.syscalls(), selection.isAllSyscalls());
        }
        if (declarations.save()) {
            publish();
        }
    }

    /// All system calls come from `raw_syscalls`, chosen ones from events of their own: then the
    /// ring holds nothing that was not asked for, and its account is exact.
    private Set<KernelEvent> wanted(Map<EventRule, EventNames.Selection> selections)
            throws IOException {
        var wanted = new LinkedHashSet<KernelEvent>();
        boolean isRaw =
                selections.entrySet().stream()
                                .anyMatch(each ->
                                        each.getKey().isEnabled()
                                                && each.getValue().isAllSyscalls())
                        && !domain.eventNames().hasUserStrings();
        if (isRaw) {
            wanted.add(KernelEvent.SYS_ENTER);
            wanted.add(KernelEvent.SYS_EXIT);
        }
        selections.forEach((rule, selection) -> {
            if (rule.isEnabled()) {
                wanted.addAll(selection.tracepoints().values());
                if (!isRaw) {
                    for (SyscallTable.Syscall call : selection.syscalls()) {
                        wanted.add(KernelEvent.syscallEntry(call.name()));
                        wanted.add(KernelEvent.syscallExit(call.name()));
                    }
                }
            }
        });
        return wanted;
    }

    /// The body before the plans: who uses a plan must find its event class declared.
    private void publish() throws IOException {
        metadataBody = declarations.body();
        stateDumpChannel = declarations.firstChannel();
        for (Declarations.Declared event : declarations.of(stateDumpChannel)) {
            if (event.kind() == Kind.STATE_DUMP) {
                stateDumpIds.put(event.name(), event.id());
            }
        }
        for (int channel : declarations.channels()) {
            events.put(channel, declarer.plans(channel));
        }
    }
}
