// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.trace;

import dev.contrail.kernel.convert.ChannelEvents;
import dev.contrail.kernel.schema.EventNames;
import dev.contrail.kernel.schema.SyscallNumbers;
import dev.contrail.kernel.statedump.Interruptions;
import dev.contrail.kernel.statedump.StateDumps;
import dev.contrail.kernel.trace.Declarations.Kind;
import dev.contrail.kernel.tracefs.Tracefs;
import dev.contrail.recorder.domain.SessionFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// What a session's kernel trace declares, and what is in it beside the records of rings: state
/// dumps and interruptions.
///
/// The domain's thread declares; [#events], [#metadata] and what else the rings ask for may be
/// called by any thread.
public final class SessionTrace {
    private final SessionFacts session;
    private final EventNames names;
    private final Declarations declarations;
    private final EventDeclarer declarer;
    private final KernelTrace trace;
    private final StateDumps stateDumps;
    private final Path declarationsFile;
    private final Path stateDumpFile;
    private final boolean isTakenOver;
    private final Map<Integer, ChannelEvents> events = new ConcurrentHashMap<>();
    private final Map<String, Integer> stateDumpIds = new ConcurrentHashMap<>();
    private final Interruptions interruptions =
            new Interruptions(name -> stateDumpIds.getOrDefault(name, -1));
    private volatile String metadataBody = "";
    private volatile int stateDumpChannel = -1;

    /// The trace of a new session, or what an earlier daemon has declared in it.
    public SessionTrace(SessionFacts session, Tracefs tracefs, EventNames names)
            throws IOException {
        this.session = session;
        this.names = names;
        declarationsFile = session.stateDirectory().resolve("kernel-events");
        stateDumpFile = session.stateDirectory().resolve("kernel-statedump");
        isTakenOver = Files.exists(declarationsFile);
        declarations = Declarations.open(declarationsFile);
        declarer = new EventDeclarer(tracefs, names, declarations);
        trace = new KernelTrace(session);
        stateDumps = new StateDumps(stateDumpFile, stateDumpIds::get);
        publish();
    }

    SessionFacts session() {
        return session;
    }

    /// Whether an earlier daemon has begun it.
    public boolean isTakenOver() {
        return isTakenOver;
    }

    public boolean hasChannel(int channel) {
        return declarations.hasChannel(channel);
    }

    /// Declares a channel's stream, unless it is; with the first one, the state dump.
    public void declareStream(int channel) throws IOException {
        if (!declarations.hasChannel(channel)) {
            declarations.stream(trace.stream(channel));
            if (declarations.firstChannel() == channel) {
                declarer.stateDump(channel);
            }
            declarations.save();
            publish();
        }
    }

    /// Declares what a channel's rules select, as far as it is not.
    public void declare(int channel, Collection<EventNames.Selection> selections)
            throws IOException {
        for (EventNames.Selection selection : selections) {
            declarer.tracepoints(channel, selection.tracepoints());
            declarer.syscalls(channel, selection.syscalls(), selection.isAllSyscalls());
        }
        if (declarations.save()) {
            publish();
        }
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

    /// How a channel's records are converted.
    ChannelEvents events(int channel) {
        return Objects.requireNonNull(events.get(channel));
    }

    /// The metadata of a trace, with all that is declared now.
    String metadata(UUID uuid) {
        return trace.metadata(uuid, metadataBody);
    }

    SyscallNumbers syscallNumbers() {
        return SyscallNumbers.of(names.syscalls());
    }

    public StateDumps stateDumps() {
        return stateDumps;
    }

    /// Whether the state dump, and what interrupted the session, go into that channel.
    boolean hasStateDump(int channel) {
        return stateDumpChannel == channel;
    }

    public Interruptions interruptions() {
        return interruptions;
    }

    /// Deletes what is kept for a next daemon: the session is no more.
    public void delete() throws IOException {
        stateDumps.latest();
        Files.deleteIfExists(declarationsFile);
        Files.deleteIfExists(stateDumpFile);
    }
}
