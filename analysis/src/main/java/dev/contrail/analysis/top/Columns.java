// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import dev.contrail.analysis.top.TopColumn.Unit;

/// The columns that several views have.
final class Columns {
    static final TopColumn HOST = new TopColumn("host", "HOST", Unit.TEXT, "The machine.");
    static final TopColumn PID = new TopColumn("pid", "PID", Unit.ID, "The process's number.");
    static final TopColumn TID = new TopColumn("tid", "TID", Unit.ID, "The thread's number.");
    static final TopColumn NAME =
            new TopColumn("name", "NAME", Unit.TEXT, "What it was last known to be called.");
    static final TopColumn CPU_USE =
            new TopColumn(
                    "cpu",
                    "CPU%",
                    Unit.PERCENT,
                    "Time on processors; one that is always used is 100 %.");
    static final TopColumn RUN = new TopColumn("run", "RUN", Unit.NANOS, "Time on processors.");
    static final TopColumn WAIT =
            new TopColumn(
                    "wait",
                    "WAIT",
                    Unit.NANOS,
                    "Time without a processor, though there was something to do.");
    static final TopColumn SWITCHES =
            new TopColumn("switches", "SWITCH", Unit.COUNT, "How often it has left a processor.");
    static final TopColumn MIGRATIONS =
            new TopColumn(
                    "migrations",
                    "MIGR",
                    Unit.COUNT,
                    "How often it was moved to another processor.");
    static final TopColumn CALLS =
            new TopColumn("count", "COUNT", Unit.COUNT, "Calls that returned.");
    static final TopColumn FAILED =
            new TopColumn("failed", "FAILED", Unit.COUNT, "Those that failed.");
    static final TopColumn TIME = new TopColumn("time", "TIME", Unit.NANOS, "How long all took.");
    static final TopColumn LEAST = new TopColumn("minimum", "MIN", Unit.NANOS, "The shortest.");
    static final TopColumn AVERAGE = new TopColumn("average", "AVG", Unit.NANOS, "The average.");
    static final TopColumn MOST = new TopColumn("maximum", "MAX", Unit.NANOS, "The longest.");
    static final TopColumn DEVIATION =
            new TopColumn("deviation", "STDDEV", Unit.NANOS, "Their standard deviation.");
    static final TopColumn ERRORS =
            new TopColumn(
                    "errors",
                    "ERRORS",
                    Unit.TEXT,
                    "Error numbers, and how often each was returned.");
    static final TopColumn READ = new TopColumn("read", "READ", Unit.BYTES, "Bytes read.");
    static final TopColumn WRITTEN =
            new TopColumn("written", "WRITTEN", Unit.BYTES, "Bytes written.");
    static final TopColumn TRANSFERS =
            new TopColumn("transfers", "CALLS", Unit.COUNT, "Reads, writes and syncs.");

    private Columns() {}
}
