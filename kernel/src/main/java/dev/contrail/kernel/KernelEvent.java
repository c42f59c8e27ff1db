// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

/// A tracepoint as the kernel names it: `SYSTEM:EVENT`.
record KernelEvent(String system, String event) {
    /// Entries of all system calls.
    static final KernelEvent SYS_ENTER = new KernelEvent("raw_syscalls", "sys_enter");

    /// Exits of all system calls.
    static final KernelEvent SYS_EXIT = new KernelEvent("raw_syscalls", "sys_exit");

    /// The system of what user space writes into an instance (`trace_marker`): always enabled.
    static final String MARKERS = "ftrace";

    static KernelEvent syscallEntry(String name) {
        return new KernelEvent("syscalls", "sys_enter_" + name);
    }

    static KernelEvent syscallExit(String name) {
        return new KernelEvent("syscalls", "sys_exit_" + name);
    }

    boolean isAlwaysEnabled() {
        return system.equals(MARKERS);
    }

    @Override
    public String toString() {
        return system + ":" + event;
    }
}
