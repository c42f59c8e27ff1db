// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

/// The kind of tracer that a channel or a rule belongs to, as users say it.
public enum DomainName {
    /// `-k`
    KERNEL("kernel", "Linux kernel", "Kernel"),
    /// `-u`: typed tracepoints of JVM applications.
    USERSPACE("ust", "User space", "UST global"),
    /// `-j`: java.util.logging.
    JUL("jul", "java.util.logging (JUL)", "JUL (Java Util Logging)");

    private final String word;
    private final String title;
    private final String listed;

    DomainName(String word, String title, String listed) {
        this.word = word;
        this.title = title;
        this.listed = listed;
    }

    /// The word in messages: `kernel event sched_switch created in channel channel0`.
    public String word() {
        return word;
    }

    /// The title in `list SESSION`.
    public String title() {
        return title;
    }

    /// The line in `list -d SESSION`.
    public String listed() {
        return listed;
    }
}
