// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.ctf.Reason;
import dev.contrail.kernel.buffer.SpillFiles;
import dev.contrail.kernel.schema.EventNames;
import dev.contrail.kernel.schema.SyscallTable;
import dev.contrail.kernel.statedump.StateDumpReader;
import dev.contrail.kernel.trace.ChannelTrace;
import dev.contrail.kernel.trace.SessionTrace;
import dev.contrail.kernel.tracefs.Instance;
import dev.contrail.kernel.tracefs.KernelEvent;
import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.recorder.domain.Recording;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.LossMode;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.Warning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// One session's kernel channels: an instance for each.
///
/// The domain's thread changes it; [#rings] may be called by any thread.
public final class KernelRecording implements Recording {
    private static final System.Logger LOG = System.getLogger(KernelRecording.class.getName());

    private final DomainFacts domain;
    private final SessionFacts session;
    private final Consumer<KernelRecording> forget;
    private final SessionTrace trace;
    private final SpillFiles spills;
    private final Map<Integer, KernelChannel> channels = new TreeMap<>();
    private final Map<EventRule, EventNames.Selection> found = new HashMap<>();
    private long checkedNanos = System.nanoTime();
    private volatile List<Ring> rings = List.of();
    private boolean isActive;
    private boolean isDumpLookedAfter;
    private List<Integer> followed = List.of();
    private List<Integer> ignored = List.of();

    /// @param forget is told when the recording is destroyed
    KernelRecording(DomainFacts domain, SessionFacts session, Consumer<KernelRecording> forget)
            throws IOException {
        this.domain = domain;
        this.session = session;
        this.forget = forget;
        trace = new SessionTrace(session, domain.tracefs(), domain.names());
        spills = new SpillFiles(session.stateDirectory(), domain.spillBudget());
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
            trace.declare(plan.id(), selections.values());
            Set<KernelEvent> wanted = new LinkedHashSet<>();
            if (isActive && plan.isEnabled()) {
                wanted = wanted(selections);
            }
            problems.addAll(channel.record(wanted, isActive && plan.isEnabled()));
        } catch (IOException failed) {
            throw new RefusedException(
                    LttngError.KERN_CHAN_FAIL,
                    LttngError.KERN_CHAN_FAIL.text() + ": " + Reason.of(failed));
        }
        if (isActive && !this.isActive) {
            trace.stateDumps().take();
        } else if (isActive && trace.isTakenOver() && !isDumpLookedAfter) {
            trace.stateDumps().takeAnew();
        }
        isDumpLookedAfter |= isActive;
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
        trace.interruptions().add(line, atMostNanos);
        LOG.log(System.Logger.Level.WARNING, "Session {0}: {1}", session.name(), line);
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
        forget.accept(this);
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
            trace.delete();
            spills.delete();
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
            followed = StateDumpReader.threads(pid);
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

    @Override
    public CompletableFuture<List<Warning>> regenerateStateDump() {
        trace.stateDumps().take();
        return CompletableFuture.completedFuture(List.of());
    }

    SessionTrace trace() {
        return trace;
    }

    /// What each rule selects is found when the rule is first applied, so that a start only
    /// switches. An event that a daemon before this one knew and that vanished, with its module
    /// perhaps, is a problem; one that never was there is refused.
    private Map<EventRule, EventNames.Selection> select(ChannelPlan plan, List<Warning> problems)
            throws IOException, RefusedException {
        var selections = new LinkedHashMap<EventRule, EventNames.Selection>();
        boolean isRestored = trace.hasChannel(plan.id()) && !channels.containsKey(plan.id());
        for (EventRule rule : plan.rules()) {
            EventRule any = rule.enabled(true);
            EventNames.Selection selection = found.get(any);
            boolean isKnown = selection != null || isRestored;
            if (selection == null || selection.isEmpty()) {
                selection = domain.names().select(rule);
            }
            if (selection.isEmpty()) {
                var missing = new Warning.NoSuchEvent(rule.pattern(), rule.type());
                if (!isKnown) {
                    throw new RefusedException(LttngError.KERN_ENABLE_FAIL, missing.reason());
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
        isActive |= trace.isTakenOver() && instance.isRecording();
        boolean isLost = instance.isNew() && trace.hasChannel(plan.id());
        trace.declareStream(plan.id());
        var ring =
                new KernelRing(
                        new ChannelTrace(trace, plan),
                        instance,
                        spills,
                        domain.drainPlan(),
                        domain.isMappingWanted());
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
                        && !domain.names().hasUserStrings();
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
}
