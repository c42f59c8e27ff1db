// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.schema;

import dev.contrail.kernel.tracefs.KernelEvent;
import dev.contrail.kernel.tracefs.Tracefs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// LTTng's names and fields for the kernel's tracepoints (`lttng-kernel-events.tsv`), and the rule
/// for those that LTTng does not know (`lttng-kernel-schema.md` section 6).
public final class LttngEvents {
    private static final Pattern RENAMED = Pattern.compile("(\\w+) <- (\\w+)(?: \\(.*)?");
    private static final Pattern PRIORITY = Pattern.compile("(\\w+) = (\\w+)-100");
    private static final KernelEvent HRTIMER_INIT = new KernelEvent("timer", "hrtimer_init");
    private static final KernelEvent HRTIMER_SETUP = new KernelEvent("timer", "hrtimer_setup");

    private final Map<String, Row> byName = new LinkedHashMap<>();
    private final Map<KernelEvent, Row> byEvent = new HashMap<>();

    /// How LTTng shows a tracepoint.
    ///
    /// @param sources kernel fields of another name that feed LTTng's
    /// @param priorities LTTng fields that are 100 less than the kernel's
    public record Row(
            String name,
            KernelEvent event,
            List<LttngField> fields,
            Map<String, String> sources,
            List<String> priorities) {
        public Row {
            fields = List.copyOf(fields);
            sources = Map.copyOf(sources);
            priorities = List.copyOf(priorities);
        }
    }

    private LttngEvents() {}

    static LttngEvents load() {
        var events = new LttngEvents();
        try {
            for (String[] columns : Tables.rows("lttng-kernel-events.tsv", 6)) {
                events.add(columns);
            }
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
        return events;
    }

    /// Everything LTTng knows, whether this kernel has it or not.
    Collection<Row> known() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /// LTTng's name and fields of an event; empty for one that it does not have.
    public Optional<Row> byEvent(KernelEvent event) {
        return Optional.ofNullable(byEvent.get(event));
    }

    Optional<Row> byName(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// The name in traces and lists: LTTng's, or the event's with its system in front.
    String nameOf(KernelEvent event) {
        Row row = byEvent.get(event);
        if (row != null) {
            return row.name();
        }
        return event.event().startsWith(event.system() + "_")
                ? event.event()
                : event.system() + "_" + event.event();
    }

    private void add(String[] columns) {
        String system = columns[1].startsWith("?") ? columns[1].substring(1) : columns[1];
        var event = new KernelEvent(system, columns[2]);
        var sources = new HashMap<String, String>();
        var priorities = new ArrayList<String>();
        for (String conversion : columns[4].split("; ")) {
            Matcher renamed = RENAMED.matcher(conversion);
            Matcher priority = PRIORITY.matcher(conversion);
            if (renamed.matches()) {
                sources.put(renamed.group(1), renamed.group(2));
            } else if (priority.matches()) {
                sources.put(priority.group(1), priority.group(2));
                priorities.add(priority.group(1));
            }
        }
        var row = new Row(columns[0], event, LttngField.list(columns[3]), sources, priorities);
        byName.put(row.name(), row);
        byEvent.put(event, row);
        if (event.equals(HRTIMER_INIT)) {
            byEvent.put(HRTIMER_SETUP, row);
        }
    }

    /// The event that feeds `row` in this kernel: newer kernels have another name for one.
    static KernelEvent eventOf(Row row, Tracefs tracefs) {
        boolean isRenamed =
                row.event().equals(HRTIMER_INIT)
                        && !tracefs.hasEvent(HRTIMER_INIT.system(), HRTIMER_INIT.event());
        return isRenamed ? HRTIMER_SETUP : row.event();
    }
}
