// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.tracefs;

/// A tracepoint as the kernel names it: `SYSTEM:EVENT`.
public record KernelEvent(String system, String event) {
    /// Entries of all system calls.
    public static final KernelEvent SYS_ENTER = new KernelEvent("raw_syscalls", "sys_enter");

    /// Exits of all system calls.
    public static final KernelEvent SYS_EXIT = new KernelEvent("raw_syscalls", "sys_exit");

    /// The system of what user space writes into an instance (`trace_marker`): always enabled.
    static final String MARKERS = "ftrace";

    /// The event of the entry of one system call.
    public static KernelEvent syscallEntry(String name) {
        return new KernelEvent("syscalls", "sys_enter_" + name);
    }

    /// The event of its exit.
    public static KernelEvent syscallExit(String name) {
        return new KernelEvent("syscalls", "sys_exit_" + name);
    }

    public boolean isAlwaysEnabled() {
        return system.equals(MARKERS);
    }

    @Override
    public String toString() {
        return system + ":" + event;
    }
}
