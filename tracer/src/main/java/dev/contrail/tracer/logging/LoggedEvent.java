// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.Target;
import org.jspecify.annotations.Nullable;

/// The event of log statements. The first seven fields are those of LTTng-UST's Java agent: logger,
/// level and the rest are as the log system says; class and method are both `?` when the caller is
/// not known. The others are ours, and empty where there is nothing to say.
interface LoggedEvent {
    int MESSAGE = 0;
    int LOGGER = 1;
    int CLASS = 2;
    int METHOD = 3;
    int MILLIS = 4;
    int LEVEL = 5;
    int THREAD = 7;
    int CONTEXT = 8;
    int MARKER = 9;
    int THROWN = 10;

    /// Of the parameters after the target; the numbers above are places in it.
    String[] FIELDS = {
        "msg",
        "logger_name",
        "class_name",
        "method_name",
        "long_millis",
        "int_loglevel",
        "int_threadid",
        "thread_name",
        "mdc",
        "marker",
        "throwable",
        "stack"
    };

    /// @param threadName of the thread that logged
    /// @param context the mapped diagnostic context, `KEY=VALUE, …`
    /// @param marker as the log system writes it
    /// @param thrown the type and the message of what was thrown
    /// @param stack where it was thrown, and its causes: a line each
    void event(
            Target target,
            @Nullable String message,
            String loggerName,
            @Nullable String className,
            @Nullable String methodName,
            long millis,
            int logLevel,
            int threadId,
            String threadName,
            String context,
            String marker,
            String thrown,
            String stack);
}
