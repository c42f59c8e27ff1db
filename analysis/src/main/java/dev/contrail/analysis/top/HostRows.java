// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import dev.contrail.analysis.top.Durations.Moments;
import dev.contrail.analysis.top.Files.FileRow;
import dev.contrail.analysis.top.Tally.Sum;
import dev.contrail.analysis.top.TracedHost.EventRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The rows of one machine in the tables of a moment.
final class HostRows {
    /// The threads of one process.
    private final class ProcessThreads {
        private final long pid;
        private final List<Task> threads = new ArrayList<>();
        private @Nullable Task leader;

        ProcessThreads(long pid) {
            this.pid = pid;
        }

        void add(Task task) {
            threads.add(task);
            if (task.tid() == pid && !task.name().isEmpty()) {
                leader = task;
            }
        }

        /// Looks for its first thread where that has not been seen to do anything.
        void findLeader() {
            if (leader == null && host.knows(pid)) {
                leader = host.scheduling().find(pid);
            }
        }

        long pid() {
            return pid;
        }

        List<Task> threads() {
            return threads;
        }

        /// Its first thread's name, or that of another where that one was not seen.
        String name() {
            Task first = leader;
            return first == null ? threads.getFirst().name() : host.processName(first);
        }

        long sum(Sum of, Period period) {
            long sum = 0;
            for (Task each : threads) {
                sum += each.sums.get(of, period);
            }
            return sum;
        }
    }

    private static final String OTHERS = "(others)";

    /// The number of [Scheduling#unknown].
    private static final long UNKNOWN = -2;

    private final TracedHost host;
    private final Period period;
    private final long nanos;
    private final Wanted wanted;

    /// @param nanos how long the time is that the table is about
    HostRows(TracedHost host, Period period, long nanos, Wanted wanted) {
        this.host = host;
        this.period = period;
        this.nanos = nanos;
        this.wanted = wanted;
    }

    void add(TopView view, List<Table.Row> rows) {
        switch (view) {
            case PROCESSES -> processes().forEach(each -> rows.add(process(each)));
            case THREADS -> tasks().forEach(each -> rows.add(thread(each)));
            case CPUS ->
                    host.scheduling().cpus().stream()
                            .filter(each -> each.lastSwitch != Task.NEVER)
                            .forEach(each -> rows.add(cpu(each)));
            case SCHEDULING -> tasks().forEach(each -> rows.add(scheduling(each)));
            case SYSCALLS -> systemCalls(rows);
            case THREAD_SYSCALLS -> tasks().forEach(each -> threadCalls(each, rows));
            case IO -> processes().forEach(each -> transfers(each, rows));
            case FILES -> {
                host.files().files().forEach(each -> file(each, rows));
                file(host.files().others(), rows);
            }
            case EVENTS -> {
                host.events().forEach(each -> event(each, rows));
                event(host.otherEvents(), rows);
            }
            case LOST -> throw new IllegalArgumentException("of no one machine");
        }
    }

    /// Those that are wanted and were seen to do something; last what the rest has done.
    private List<Task> tasks() {
        var tasks = new ArrayList<Task>();
        Map<Long, ProcessThreads> all = grouped();
        for (Task each : host.scheduling().tasks()) {
            if (isWanted(each, all)) {
                tasks.add(each);
            }
        }
        addOthers(tasks);
        return tasks;
    }

    private void addOthers(List<Task> tasks) {
        for (Task each : List.of(host.scheduling().others(), host.scheduling().unknown())) {
            if (wanted.isAllProcesses() && isActive(each)) {
                tasks.add(each);
            }
        }
    }

    private boolean isWanted(Task task, Map<Long, ProcessThreads> all) {
        if (!isActive(task)) {
            return false;
        }
        ProcessThreads process = all.get(task.pid());
        return wanted.isProcess(
                task.pid(), task.tid(), task.name(), process == null ? "" : process.name());
    }

    private boolean isActive(Task task) {
        return get(task, Sum.SWITCHES) != 0
                || get(task, Sum.RUN) != 0
                || get(task, Sum.CALLS) != 0
                || get(task, Sum.WAIT) != 0
                || get(task, Sum.MIGRATIONS) != 0;
    }

    private Map<Long, ProcessThreads> grouped() {
        Map<Long, ProcessThreads> all = new LinkedHashMap<>();
        for (Task each : host.scheduling().tasks()) {
            host.complete(each);
            all.computeIfAbsent(each.pid(), ProcessThreads::new).add(each);
        }
        all.values().forEach(ProcessThreads::findLeader);
        return all;
    }

    private List<ProcessThreads> processes() {
        var processes = new ArrayList<ProcessThreads>();
        Map<Long, ProcessThreads> all = grouped();
        for (ProcessThreads each : all.values()) {
            if (each.threads().stream().anyMatch(task -> isWanted(task, all))) {
                processes.add(each);
            }
        }
        var others = new ArrayList<Task>();
        addOthers(others);
        for (Task each : others) {
            var single = new ProcessThreads(each.tid());
            single.add(each);
            processes.add(single);
        }
        return processes;
    }

    private long get(Task task, Sum sum) {
        return task.sums.get(sum, period);
    }

    private double percent(long part, long whole) {
        return whole <= 0 ? 0 : part * 100.0 / whole;
    }

    private static @Nullable Object id(long number) {
        return number < 0 ? null : number;
    }

    private static String name(long id, String name) {
        return id == UNKNOWN ? "(unknown)" : id < 0 ? OTHERS : name;
    }

    private Table.Row process(ProcessThreads of) {
        long run = of.sum(Sum.RUN, period);
        return new Table.Row(
                host.name(),
                id(of.pid()),
                name(of.pid(), of.name()),
                (long) of.threads().size(),
                percent(run, nanos),
                run,
                of.sum(Sum.WAIT, period),
                of.sum(Sum.SWITCHES, period),
                of.sum(Sum.MIGRATIONS, period),
                of.sum(Sum.CALLS, period),
                of.sum(Sum.CALL_ERRORS, period),
                of.sum(Sum.READ_BYTES, period),
                of.sum(Sum.WRITTEN_BYTES, period));
    }

    private Table.Row thread(Task task) {
        return new Table.Row(
                host.name(),
                id(task.tid()),
                id(task.pid()),
                name(task.tid(), task.name()),
                task.priority() == Task.NEVER ? null : (Object) task.priority(),
                percent(get(task, Sum.RUN), nanos),
                get(task, Sum.RUN),
                get(task, Sum.WAIT),
                get(task, Sum.SWITCHES),
                get(task, Sum.MIGRATIONS));
    }

    private Table.Row cpu(Cpu cpu) {
        Task current = cpu.current;
        return new Table.Row(
                host.name(),
                cpu.number(),
                percent(cpu.sums.get(Sum.RUN, period), nanos),
                cpu.sums.get(Sum.RUN, period),
                cpu.sums.get(Sum.SWITCHES, period),
                (long) cpu.waitingThreads(),
                current == null ? "" : "%s (%d)".formatted(current.name(), current.tid()));
    }

    private Table.Row scheduling(Task task) {
        Moments waits = task.waits.get(period);
        long culprit = -1;
        long most = 0;
        long all = 0;
        for (Map.Entry<Long, Tally> each : task.culprits().entrySet()) {
            long had = each.getValue().get(Sum.WAIT, period);
            all += had;
            if (had > most && each.getKey() != Task.OTHER_CULPRITS) {
                most = had;
                culprit = each.getKey();
            }
        }
        return new Table.Row(
                host.name(),
                id(task.tid()),
                id(task.pid()),
                name(task.tid(), task.name()),
                get(task, Sum.WAIT),
                waits.count(),
                waits.average(),
                waits.most(),
                percent(get(task, Sum.RUN), nanos),
                get(task, Sum.MIGRATIONS),
                most == 0 ? "" : culprit(culprit),
                most == 0 ? null : (Object) percent(most, all));
    }

    private String culprit(long tid) {
        if (tid == 0) {
            return "(idle)";
        }
        Task task = host.scheduling().find(tid);
        return task == null ? "(%d)".formatted(tid) : "%s (%d)".formatted(task.name(), tid);
    }

    private void systemCalls(List<Table.Row> rows) {
        Map<String, Moments> all = new TreeMap<>();
        for (Task task : tasks()) {
            task.calls()
                    .forEach((call, durations) ->
                            all.computeIfAbsent(call, _ -> new Moments())
                                    .add(durations.get(period)));
        }
        all.forEach((call, moments) -> {
            if (moments.count() > 0) {
                rows.add(calls(moments, host.name(), call));
            }
        });
    }

    private void threadCalls(Task task, List<Table.Row> rows) {
        task.calls()
                .forEach((call, durations) -> {
                    Moments moments = durations.get(period);
                    if (moments.count() > 0) {
                        rows.add(
                                calls(
                                        moments,
                                        host.name(),
                                        id(task.tid()),
                                        call,
                                        id(task.pid()),
                                        name(task.tid(), task.name())));
                    }
                });
    }

    private static Table.Row calls(Moments moments, @Nullable Object... before) {
        var cells = new ArrayList<@Nullable Object>(Arrays.asList(before));
        cells.add(moments.count());
        cells.add(moments.errorCount());
        cells.add(moments.sum());
        cells.add(moments.least());
        cells.add(moments.average());
        cells.add(moments.most());
        cells.add(Double.isNaN(moments.deviation()) ? null : moments.deviation());
        cells.add(
                new TreeMap<>(moments.errors())
                        .entrySet().stream()
                                .map(each -> ErrorNames.of(each.getKey()) + ":" + each.getValue())
                                .collect(Collectors.joining(" ")));
        return new Table.Row(cells.toArray());
    }

    private void transfers(ProcessThreads of, List<Table.Row> rows) {
        var moments = new Moments();
        of.threads().forEach(each -> moments.add(each.transfers.get(period)));
        if (moments.count() > 0) {
            rows.add(
                    new Table.Row(
                            host.name(),
                            id(of.pid()),
                            name(of.pid(), of.name()),
                            of.sum(Sum.READ_BYTES, period),
                            of.sum(Sum.WRITTEN_BYTES, period),
                            moments.count(),
                            moments.errorCount(),
                            moments.sum(),
                            moments.average(),
                            moments.most()));
        }
    }

    private void file(FileRow file, List<Table.Row> rows) {
        Moments moments = file.transfers.get(period);
        if (moments.count() > 0) {
            rows.add(
                    new Table.Row(
                            host.name(),
                            file.name(),
                            file.sums.get(Sum.READ_BYTES, period),
                            file.sums.get(Sum.WRITTEN_BYTES, period),
                            moments.count(),
                            moments.errorCount(),
                            moments.sum(),
                            moments.average(),
                            moments.most()));
        }
    }

    private void event(EventRow event, List<Table.Row> rows) {
        long count = event.sums.get(Sum.EVENTS, period);
        long pid = event.key().pid();
        if (count > 0 && wanted.isProcess(pid, pid, event.process, event.process)) {
            rows.add(
                    new Table.Row(
                            host.name(),
                            id(pid),
                            event.key().name(),
                            event.process,
                            count,
                            nanos <= 0 ? 0.0 : count * 1e9 / nanos));
        }
    }
}
