// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

/// The kind of tracer that a channel or a rule belongs to, as users say it.
public enum DomainName {
    /// `-k`
    KERNEL("kernel", "Linux kernel", "Kernel"),
    /// `-u`: typed tracepoints of JVM applications, and Logback.
    USERSPACE("ust", "User space", "UST global"),
    /// `-j`: java.util.logging.
    JUL("jul", "java.util.logging (JUL)", "JUL (Java Util Logging)"),
    /// `--log4j2`: Log4j 2, as LTTng names it from 2.14 on.
    LOG4J2("log4j2", "Log4j2", "Log4j2");

    private final String word;
    private final String title;
    private final String listed;

    DomainName(String word, String title, String listed) {
        this.word = word;
        this.title = title;
        this.listed = listed;
    }

    /// Whether its instrumentation points are the loggers of a log system, in a channel of their
    /// own: what LTTng calls an agent domain.
    public boolean hasLoggers() {
        return this == JUL || this == LOG4J2;
    }

    /// The one channel that a log system has, as LTTng names it.
    public String logChannel() {
        return "lttng_%s_channel".formatted(word);
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
