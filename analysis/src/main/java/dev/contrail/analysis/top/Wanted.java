// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import java.util.Locale;

/// Which rows one wants to see.
///
/// @param host part of the machine's name; empty for all
/// @param process a process's or a thread's number, or part of its name; empty for all
/// @param pid a process's number; negative for all
public record Wanted(String host, String process, long pid) {
    /// Everything.
    public static final Wanted ALL = new Wanted("", "");

    /// Whatever process has that in its name.
    public Wanted(String host, String process) {
        this(host, process, -1);
    }

    /// Whether no process is left out.
    boolean isAllProcesses() {
        return process.isEmpty() && pid < 0;
    }

    boolean isHost(String name) {
        return host.isEmpty() || contains(name, host);
    }

    boolean isProcess(long ofProcess, long tid, String name, String processName) {
        if (pid >= 0 && pid != ofProcess) {
            return false;
        }
        return process.isEmpty()
                || process.equals(Long.toString(ofProcess))
                || process.equals(Long.toString(tid))
                || contains(name, process)
                || contains(processName, process);
    }

    private static boolean contains(String name, String part) {
        return name.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
