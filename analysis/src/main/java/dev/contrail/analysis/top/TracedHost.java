// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import dev.contrail.analysis.top.EventShape.Meaning;
import dev.contrail.analysis.top.Tally.Sum;
import dev.contrail.ctf.decode.PacketDecoder;
import java.util.Collection;

/// One machine.
final class TracedHost {
    /// Classes of events, each for itself in each process that has it, that are counted one by one.
    static final int MAX_EVENTS = 16384;

    /// A class of events in one process.
    ///
    /// @param pid negative for the kernel's
    record EventKey(long pid, String name) {}

    /// How often an event of one class was recorded in one process.
    static final class EventRow {
        private final EventKey key;
        final Tally sums;

        /// The process's name, as far as the trace says it.
        String process = "";

        EventRow(EventKey key, Interval interval) {
            this.key = key;
            sums = new Tally(interval);
        }

        EventKey key() {
            return key;
        }
    }

    private static final EventKey OTHERS = new EventKey(-1, "(others)");

    private final String name;
    private final Scheduling scheduling;
    private final Files files;
    private final Calls calls;
    private final BoundedRows<EventKey, EventRow> events;
    private final EventRow otherEvents;

    final Tally sums;

    TracedHost(String name, Interval interval) {
        this.name = name;
        sums = new Tally(interval);
        scheduling = new Scheduling(interval);
        files = new Files(interval);
        calls = new Calls(files);
        otherEvents = new EventRow(OTHERS, interval);
        events =
                new BoundedRows<>(
                        MAX_EVENTS,
                        key -> new EventRow(key, interval),
                        _ -> false,
                        row -> otherEvents.sums.addAll(row.sums));
    }

    String name() {
        return name;
    }

    Scheduling scheduling() {
        return scheduling;
    }

    Files files() {
        return files;
    }

    Collection<EventRow> events() {
        return events.all();
    }

    EventRow otherEvents() {
        return otherEvents;
    }

    /// Counts an event.
    ///
    /// @param pid negative for the kernel's
    void count(long pid, String process, String event) {
        sums.add(Sum.EVENTS, 1);
        EventRow row = events.get(new EventKey(pid, event));
        row.sums.add(Sum.EVENTS, 1);
        if (row.process.isEmpty()) {
            row.process = process;
        }
    }

    /// Understands one event of the kernel.
    ///
    /// @param cpu where it was recorded
    /// @param begin when the account begins
    void understand(
            EventShape shape, PacketDecoder decoder, int first, long cpu, long now, long begin) {
        switch (shape.meaning()) {
            case SWITCH -> scheduling.change(shape, decoder, first, cpu, now, begin);
            case WAKEUP -> scheduling.wake(shape, decoder, first, cpu, now);
            case MIGRATION -> scheduling.migrate(shape, decoder, first, now);
            case FORK -> {
                Task parent = scheduling.parent(shape, decoder, first);
                Task child = scheduling.fork(shape, decoder, first);
                if (child.pid() == child.tid()) {
                    files.inherit(parent.pid(), child.pid());
                }
            }
            case EXEC -> scheduling.execute(shape, decoder, first);
            case EXIT -> scheduling.end(shape, decoder, first);
            case PROCESS -> scheduling.dump(shape, decoder, first);
            case DESCRIPTOR -> calls.dump(shape, decoder, first);
            case ENTRY, RETURN -> call(shape, decoder, first, cpu, now);
            case OTHER -> {}
        }
    }

    private void call(EventShape shape, PacketDecoder decoder, int first, long cpu, long now) {
        Task task = scheduling.current(cpu);
        if (task == null) {
            return; // nobody has said yet whose it is
        }
        if (shape.meaning() == Meaning.ENTRY) {
            calls.enter(task, shape, decoder, first, now);
        } else {
            calls.leave(task, shape, decoder, first, now);
        }
    }
}
