// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.schema;

import dev.contrail.kernel.schema.SyscallTable.Syscall;
import dev.contrail.kernel.tracefs.EventFormat;
import dev.contrail.kernel.tracefs.KernelEvent;
import dev.contrail.kernel.tracefs.Tracefs;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.NamePattern;
import dev.contrail.wire.PointType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What users can name, and what this kernel has under that name. Owned by the control thread.
///
/// A tracepoint is known by LTTng's name (`irq_softirq_entry`), by the rule's for those that LTTng
/// does not have, or as the kernel calls it (`irq:softirq_entry`). `*` stands for LTTng's
/// tracepoints only: all 1,600 of a kernel take seconds to enable, and say little.
public final class EventNames {
    private static final String ALL = "*";
    private static final List<String> SYSCALL_SYSTEMS = List.of("syscalls", "raw_syscalls");

    private final Tracefs tracefs;
    private final LttngEvents lttng = LttngEvents.load();
    private final SyscallTable syscalls = SyscallTable.load(System.getProperty("os.arch"));
    private Map<String, KernelEvent> tracepoints = Map.of();

    /// What a rule selects in this kernel.
    ///
    /// @param tracepoints by the name that traces show
    /// @param isAllSyscalls all of them, also those without a name; then `syscalls` are all named
    public record Selection(
            Map<String, KernelEvent> tracepoints, boolean isAllSyscalls, List<Syscall> syscalls) {
        public boolean isEmpty() {
            return tracepoints.isEmpty() && syscalls.isEmpty();
        }
    }

    public EventNames(Tracefs tracefs) {
        this.tracefs = tracefs;
    }

    public SyscallTable syscalls() {
        return syscalls;
    }

    public LttngEvents lttng() {
        return lttng;
    }

    /// What this kernel has of a type, by name, for `list`.
    public List<InstrumentationPoint> points(PointType type) throws IOException {
        var names = new ArrayList<String>();
        if (type == PointType.TRACEPOINT) {
            loadTracepoints();
            names.addAll(tracepoints.keySet());
        } else if (type == PointType.SYSCALL) {
            syscalls.byName().keySet().stream().filter(this::hasSyscall).forEach(names::add);
        }
        return names.stream()
                .map(name -> new InstrumentationPoint("", name, type, -1, List.of()))
                .toList();
    }

    /// What `rule` selects; nothing when this kernel has no such event.
    public Selection select(EventRule rule) throws IOException {
        List<NamePattern> excluded = rule.exclusions().stream().map(NamePattern::of).toList();
        return switch (rule.type()) {
            case TRACEPOINT -> {
                Map<String, KernelEvent> found = tracepoints(rule.pattern());
                found.keySet().removeIf(name -> matchesAny(excluded, name));
                yield new Selection(found, false, List.of());
            }
            case SYSCALL -> {
                NamePattern pattern = NamePattern.of(rule.pattern());
                List<Syscall> found =
                        syscalls.byName().values().stream()
                                .filter(call -> pattern.matches(call.name()))
                                .filter(call -> !matchesAny(excluded, call.name()))
                                .filter(call -> hasSyscall(call.name()))
                                .toList();
                boolean isAll =
                        rule.pattern().equals(ALL)
                                && excluded.isEmpty()
                                && tracefs.hasEvent("raw_syscalls", "sys_enter");
                yield new Selection(Map.of(), isAll, found);
            }
            case LOGGER, METHOD -> new Selection(Map.of(), false, List.of());
        };
    }

    /// Whether this kernel records the text of user strings in its system call events. Then those
    /// are better than `raw_syscalls`.
    public boolean hasUserStrings() throws IOException {
        return tracefs.hasEvent("syscalls", "sys_enter_openat")
                && tracefs.format("syscalls", "sys_enter_openat").fields().stream()
                        .anyMatch(EventFormat.Field::isDynamic);
    }

    private Map<String, KernelEvent> tracepoints(String text) throws IOException {
        var found = new TreeMap<String, KernelEvent>();
        if (text.equals(ALL)) {
            for (LttngEvents.Row row : lttng.known()) {
                KernelEvent event = LttngEvents.eventOf(row, tracefs);
                if (tracefs.hasEvent(event.system(), event.event())) {
                    found.put(row.name(), event);
                }
            }
            return found;
        }
        NamePattern pattern = NamePattern.of(text);
        if (pattern.isLiteral()) {
            tracepoint(text.replace("\\", ""))
                    .ifPresent(event -> found.put(lttng.nameOf(event), event));
            return found;
        }
        loadTracepoints();
        tracepoints.forEach((name, event) -> {
            if (pattern.matches(name) || pattern.matches(event.toString())) {
                found.put(name, event);
            }
        });
        return found;
    }

    private Optional<KernelEvent> tracepoint(String name) throws IOException {
        int colon = name.indexOf(':');
        Optional<KernelEvent> direct =
                colon > 0
                        ? Optional.of(
                                new KernelEvent(
                                        name.substring(0, colon), name.substring(colon + 1)))
                        : lttng.byName(name).map(row -> LttngEvents.eventOf(row, tracefs));
        if (direct.isPresent()) {
            return direct.filter(event -> !SYSCALL_SYSTEMS.contains(event.system()))
                    .filter(event -> tracefs.hasEvent(event.system(), event.event()));
        }
        loadTracepoints();
        return Optional.ofNullable(tracepoints.get(name));
    }

    /// Anew each time: modules bring tracepoints and take them away.
    private void loadTracepoints() throws IOException {
        var loaded = new TreeMap<String, KernelEvent>();
        for (String line : tracefs.events()) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                continue;
            }
            var event = new KernelEvent(line.substring(0, colon), line.substring(colon + 1));
            if (!SYSCALL_SYSTEMS.contains(event.system())) {
                loaded.putIfAbsent(lttng.nameOf(event), event);
            }
        }
        tracepoints = loaded;
    }

    private boolean hasSyscall(String name) {
        return tracefs.hasEvent("syscalls", "sys_enter_" + name);
    }

    private static boolean matchesAny(List<NamePattern> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(name));
    }
}
