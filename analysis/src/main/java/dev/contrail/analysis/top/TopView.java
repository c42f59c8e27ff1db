// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import dev.contrail.analysis.top.TopColumn.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a table shows.
public enum TopView {
    PROCESSES(
            "Processes",
            2,
            "cpu",
            Columns.PID,
            Columns.NAME,
            new TopColumn("threads", "THR", Unit.COUNT, "Threads that were seen."),
            Columns.CPU_USE,
            Columns.RUN,
            Columns.WAIT,
            Columns.SWITCHES,
            Columns.MIGRATIONS,
            new TopColumn("syscalls", "CALLS", Unit.COUNT, "System calls that have returned."),
            new TopColumn("syscall_errors", "FAILED", Unit.COUNT, "Of these, those that failed."),
            Columns.READ,
            Columns.WRITTEN),
    THREADS(
            "Threads",
            2,
            "cpu",
            Columns.TID,
            Columns.PID,
            Columns.NAME,
            new TopColumn(
                    "priority", "PRI", Unit.ID, "Priority; 20 is that of nice 0, less is more."),
            Columns.CPU_USE,
            Columns.RUN,
            Columns.WAIT,
            Columns.SWITCHES,
            Columns.MIGRATIONS),
    CPUS(
            "Processors",
            2,
            "usage",
            new TopColumn("cpu", "CPU", Unit.ID, "The processor's number."),
            new TopColumn(
                    "usage", "USE%", Unit.PERCENT, "Part of the time in which a thread had it."),
            Columns.RUN,
            new TopColumn("switches", "SWITCH", Unit.COUNT, "How often it went to another thread."),
            new TopColumn("waiting", "QUEUE", Unit.COUNT, "Threads that wait for it now."),
            new TopColumn("current", "NOW", Unit.TEXT, "The thread that has it now.")),
    SCHEDULING(
            "Scheduling",
            2,
            "wait",
            Columns.TID,
            Columns.PID,
            Columns.NAME,
            Columns.WAIT,
            new TopColumn(
                    "waits", "WAITS", Unit.COUNT, "How often it got a processor after waiting."),
            new TopColumn(
                    "wait_average", "WAIT.AVG", Unit.NANOS, "How long it waited, on average."),
            new TopColumn("wait_maximum", "WAIT.MAX", Unit.NANOS, "How long it waited at most."),
            Columns.CPU_USE,
            Columns.MIGRATIONS,
            new TopColumn(
                    "had_by",
                    "HAD BY",
                    Unit.TEXT,
                    "Who had the processor for most of the time in which it waited."),
            new TopColumn(
                    "had_by_share", "BY%", Unit.PERCENT, "That one's part of the time it waited.")),
    SYSCALLS(
            "System calls",
            2,
            "time",
            new TopColumn("syscall", "CALL", Unit.TEXT, "The system call."),
            Columns.CALLS,
            Columns.FAILED,
            Columns.TIME,
            Columns.LEAST,
            Columns.AVERAGE,
            Columns.MOST,
            Columns.DEVIATION,
            Columns.ERRORS),
    THREAD_SYSCALLS(
            "System calls of each thread",
            3,
            "time",
            Columns.TID,
            new TopColumn("syscall", "CALL", Unit.TEXT, "The system call."),
            Columns.PID,
            Columns.NAME,
            Columns.CALLS,
            Columns.FAILED,
            Columns.TIME,
            Columns.LEAST,
            Columns.AVERAGE,
            Columns.MOST,
            Columns.DEVIATION,
            Columns.ERRORS),
    IO(
            "Input and output",
            2,
            "time",
            Columns.PID,
            Columns.NAME,
            Columns.READ,
            Columns.WRITTEN,
            Columns.TRANSFERS,
            Columns.FAILED,
            Columns.TIME,
            Columns.AVERAGE,
            Columns.MOST),
    FILES(
            "Files",
            2,
            "time",
            new TopColumn(
                    "file", "FILE", Unit.TEXT, "The file, or the descriptor where that is all."),
            Columns.READ,
            Columns.WRITTEN,
            Columns.TRANSFERS,
            Columns.FAILED,
            Columns.TIME,
            Columns.AVERAGE,
            Columns.MOST),
    EVENTS(
            "Events",
            3,
            "count",
            Columns.PID,
            new TopColumn(
                    "event", "EVENT", Unit.TEXT, "The event's name; of a log also the logger."),
            new TopColumn("process", "PROCESS", Unit.TEXT, "Who recorded it; nobody: the kernel."),
            new TopColumn("count", "COUNT", Unit.COUNT, "How many were recorded."),
            new TopColumn("rate", "/S", Unit.RATE, "How many a second.")),
    LOST(
            "Lost",
            2,
            "lost_events",
            new TopColumn("stream", "STREAM", Unit.TEXT, "The stream that they are missing in."),
            new TopColumn("lost_events", "EVENTS", Unit.COUNT, "Events that found no room."),
            new TopColumn("lost_packets", "PACKETS", Unit.COUNT, "Packets that are missing."),
            new TopColumn(
                    "uncounted",
                    "UNCOUNTED",
                    Unit.COUNT,
                    "Times when some may have been lost, and nobody knows how many."));

    private final String title;
    private final int keys;
    private final String order;
    private final List<TopColumn> columns;

    TopView(String title, int keys, String order, TopColumn... own) {
        this.title = title;
        this.keys = keys;
        this.order = order;
        var all = new ArrayList<>(List.of(Columns.HOST));
        all.addAll(Arrays.asList(own));
        columns = List.copyOf(all);
    }

    /// Its name on the command line: `thread-syscalls`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<TopView> of(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }

    /// Its name for people.
    public String title() {
        return title;
    }

    /// The first is the host's name.
    public List<TopColumn> columns() {
        return columns;
    }

    /// How many of the first columns say together what a row is about.
    public int keys() {
        return keys;
    }

    /// The number of a column, if there is such a one.
    public Optional<Integer> column(String key) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).key().equals(key)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    /// The column that its rows are in the order of, unless one wants another.
    public int order() {
        return column(order).orElseThrow();
    }
}
