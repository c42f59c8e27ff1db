// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import dev.contrail.analysis.top.EventShape.Meaning;
import dev.contrail.analysis.top.Tally.Sum;
import dev.contrail.ctf.decode.PacketDecoder;
import java.util.Collection;
import java.util.List;

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

    private final Spans spans = new Spans();
    private final Spans kernelSpans = new Spans();
    private final LocalFacts facts;

    final Tally sums;

    /// @param facts what is known of it besides
    TracedHost(String name, Interval interval, LocalFacts facts) {
        this.name = name;
        this.facts = facts;
        sums = new Tally(interval);
        scheduling = new Scheduling(interval);
        files = new Files(interval, facts);
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

    /// The times that it has come to by its own clock.
    Spans spans() {
        return spans;
    }

    /// Those that its kernel has come to, of whom others may be ahead.
    Spans kernelSpans() {
        return kernelSpans;
    }

    /// Those that go on with what the kernel, or another, says.
    List<Spans> spans(boolean isKernel) {
        return isKernel ? List.of(spans, kernelSpans) : List.of(spans);
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

    /// A virtual machine says what it runs.
    void describe(long pid, String program) {
        scheduling.task(pid).describe(program);
    }

    /// Has the machine say what the trace does not of a thread.
    void complete(Task task) {
        task.complete(facts);
    }

    /// Whether the name is known of a thread that the trace may not have named.
    boolean knows(long tid) {
        Task known = scheduling.find(tid);
        if (known == null && facts != LocalFacts.NONE) {
            known = scheduling.task(tid); // which remembers that it was asked
        }
        if (known != null) {
            known.complete(facts);
        }
        return known != null && !known.name().isEmpty();
    }

    /// A process's name, and what it runs where that is only a virtual machine's.
    String processName(Task first) {
        if (!first.isVirtualMachine()) {
            return first.name();
        }
        String program = first.program(facts);
        return program.isEmpty() || program.equals(first.name())
                ? first.name()
                : first.name() + " " + program;
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
            case EXIT -> {
                Task ended = scheduling.end(shape, decoder, first);
                if (ended != null && ended.pid() == ended.tid()) {
                    files.end(ended.pid());
                }
            }
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
