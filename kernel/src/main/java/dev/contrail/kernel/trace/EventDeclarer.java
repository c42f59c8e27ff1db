// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.trace;

import dev.contrail.kernel.convert.ChannelEvents;
import dev.contrail.kernel.convert.PlanBuilder;
import dev.contrail.kernel.convert.RecordPlan;
import dev.contrail.kernel.convert.SyscallPlans;
import dev.contrail.kernel.convert.TracepointPlans;
import dev.contrail.kernel.schema.EventNames;
import dev.contrail.kernel.schema.LttngEvents;
import dev.contrail.kernel.schema.SyscallTable.Syscall;
import dev.contrail.kernel.statedump.StateDumpClasses;
import dev.contrail.kernel.trace.Declarations.Declared;
import dev.contrail.kernel.trace.Declarations.Kind;
import dev.contrail.kernel.tracefs.EventFormat;
import dev.contrail.kernel.tracefs.KernelEvent;
import dev.contrail.kernel.tracefs.Tracefs;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// Declares event classes and makes the plans for them. Owned by the control thread.
final class EventDeclarer {
    private static final String UNKNOWN = "unknown";

    /// All calls of 32-bit programs: their numbers have no table here.
    private static final String COMPAT = "compat";

    private static final KernelEvent NO_SOURCE = new KernelEvent("-", "-");

    private final Tracefs tracefs;
    private final EventNames names;
    private final Declarations declarations;

    EventDeclarer(Tracefs tracefs, EventNames names, Declarations declarations) {
        this.tracefs = tracefs;
        this.names = names;
        this.declarations = declarations;
    }

    void tracepoints(int channel, Map<String, KernelEvent> tracepoints) throws IOException {
        for (Map.Entry<String, KernelEvent> each : tracepoints.entrySet()) {
            String name = each.getKey();
            if (declarations.find(channel, Kind.TRACEPOINT, name).isEmpty()) {
                KernelEvent event = each.getValue();
                PlanBuilder plan = tracepoint(event);
                declarations.event(channel, Kind.TRACEPOINT, event, name, name, plan.fields());
            }
        }
    }

    /// @param isAll also those that have no name
    void syscalls(int channel, Collection<Syscall> calls, boolean isAll) throws IOException {
        for (Syscall call : calls) {
            if (declarations.find(channel, Kind.SYSCALL_ENTRY, call.name()).isEmpty()) {
                PlanBuilder entry = SyscallPlans.entry(call, entryFormat(call.name()));
                declareEntry(channel, call.name(), entry);
                declareExit(channel, call.name(), SyscallPlans.exit(call));
            }
        }
        if (isAll && declarations.find(channel, Kind.SYSCALL_ENTRY, UNKNOWN).isEmpty()) {
            declareEntry(channel, UNKNOWN, SyscallPlans.unknownEntry());
            declareExit(channel, UNKNOWN, SyscallPlans.unknownExit());
            compat(channel, Kind.SYSCALL_ENTRY, "entry", SyscallPlans.unknownEntry());
            compat(channel, Kind.SYSCALL_EXIT, "exit", SyscallPlans.unknownExit());
        }
    }

    void stateDump(int channel) {
        StateDumpClasses.all()
                .forEach((name, fields) ->
                        declarations.event(
                                channel,
                                Kind.STATE_DUMP,
                                NO_SOURCE,
                                name,
                                StateDumpClasses.eventName(name),
                                fields));
    }

    /// The plans for everything that the channel has declared. An event that this kernel no longer
    /// has gets none: no record of it can come.
    ChannelEvents plans(int channel) throws IOException {
        var plans = new ChannelEvents.Builder();
        for (Declared event : declarations.of(channel)) {
            switch (event.kind()) {
                case TRACEPOINT -> {
                    KernelEvent source = event.source();
                    if (tracefs.hasEvent(source.system(), source.event())) {
                        EventFormat format = tracefs.format(source.system(), source.event());
                        RecordPlan plan = tracepoint(source).plan(event.id());
                        plans.type(format.id(), ChannelEvents.PLAIN, plan);
                    }
                }
                case SYSCALL_ENTRY -> entry(plans, event);
                case SYSCALL_EXIT -> exit(plans, event);
                case STATE_DUMP -> {}
            }
        }
        var entry32 = declarations.find(channel, Kind.SYSCALL_ENTRY, COMPAT);
        var exit32 = declarations.find(channel, Kind.SYSCALL_EXIT, COMPAT);
        if (entry32.isPresent() && exit32.isPresent()) {
            plans.calls32(
                    SyscallPlans.unknownEntry().plan(entry32.get().id()),
                    SyscallPlans.unknownExit().plan(exit32.get().id()));
        }
        return plans.build();
    }

    private void entry(ChannelEvents.Builder plans, Declared event) throws IOException {
        if (event.name().equals(UNKNOWN)) {
            plans.unknownEntry(SyscallPlans.unknownEntry().plan(event.id()));
            type(plans, KernelEvent.SYS_ENTER, ChannelEvents.RAW_ENTRY);
            return;
        }
        Syscall call = names.syscalls().byName().get(event.name());
        if (call != null) {
            PlanBuilder plan = SyscallPlans.entry(call, entryFormat(call.name()));
            plans.entry(call.number(), plan.plan(event.id()));
            type(plans, KernelEvent.syscallEntry(call.name()), ChannelEvents.SYSCALL_ENTRY);
        }
    }

    private void exit(ChannelEvents.Builder plans, Declared event) throws IOException {
        if (event.name().equals(UNKNOWN)) {
            plans.unknownExit(SyscallPlans.unknownExit().plan(event.id()));
            type(plans, KernelEvent.SYS_EXIT, ChannelEvents.RAW_EXIT);
            return;
        }
        Syscall call = names.syscalls().byName().get(event.name());
        if (call != null) {
            plans.exit(call.number(), SyscallPlans.exit(call).plan(event.id()));
            type(plans, KernelEvent.syscallExit(call.name()), ChannelEvents.SYSCALL_EXIT);
        }
    }

    private void type(ChannelEvents.Builder plans, KernelEvent event, byte kind)
            throws IOException {
        if (tracefs.hasEvent(event.system(), event.event())) {
            plans.type(tracefs.format(event.system(), event.event()).id(), kind, null);
        }
    }

    private void declareEntry(int channel, String name, PlanBuilder plan) {
        String traceName = "syscall_entry_" + name;
        declarations.event(channel, Kind.SYSCALL_ENTRY, NO_SOURCE, name, traceName, plan.fields());
    }

    private void declareExit(int channel, String name, PlanBuilder plan) {
        String traceName = "syscall_exit_" + name;
        declarations.event(channel, Kind.SYSCALL_EXIT, NO_SOURCE, name, traceName, plan.fields());
    }

    private void compat(int channel, Kind kind, String direction, PlanBuilder plan) {
        String traceName = "compat_syscall_" + direction + "_unknown";
        declarations.event(channel, kind, NO_SOURCE, COMPAT, traceName, plan.fields());
    }

    private PlanBuilder tracepoint(KernelEvent event) throws IOException {
        EventFormat format = tracefs.format(event.system(), event.event());
        Optional<LttngEvents.Row> row = names.lttng().byEvent(event);
        return row.isPresent()
                ? TracepointPlans.known(row.get(), format)
                : TracepointPlans.byRule(format);
    }

    private Optional<EventFormat> entryFormat(String syscall) throws IOException {
        KernelEvent event = KernelEvent.syscallEntry(syscall);
        return tracefs.hasEvent(event.system(), event.event())
                ? Optional.of(tracefs.format(event.system(), event.event()))
                : Optional.empty();
    }
}
