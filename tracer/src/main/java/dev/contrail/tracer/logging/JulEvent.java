// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.Target;
import org.jspecify.annotations.Nullable;

/// The event of log statements, with the name and the fields of LTTng-UST's Java agent: logger,
/// level and the rest are as `java.util.logging` says; class and method are both `?` when the
/// caller is not known.
interface JulEvent {
    String NAME = "lttng_jul:event";

    /// Of the parameters after the target.
    String[] FIELDS = {
        "msg",
        "logger_name",
        "class_name",
        "method_name",
        "long_millis",
        "int_loglevel",
        "int_threadid"
    };

    void event(
            Target target,
            @Nullable String message,
            String loggerName,
            @Nullable String className,
            @Nullable String methodName,
            long millis,
            int logLevel,
            int threadId);
}
