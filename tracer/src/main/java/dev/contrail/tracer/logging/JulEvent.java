// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.Field;
import dev.contrail.tracer.Provider;
import dev.contrail.tracer.event.Target;

/// The event of log statements, with the name and the fields of LTTng-UST's Java agent: logger,
/// level and the rest are as `java.util.logging` says; class and method are both `?` when the
/// caller is not known.
@Provider("lttng_jul")
interface JulEvent {
    void event(
            Target target,
            @Field("msg") String message,
            @Field("logger_name") String loggerName,
            @Field("class_name") String className,
            @Field("method_name") String methodName,
            @Field("long_millis") long millis,
            @Field("int_loglevel") int logLevel,
            @Field("int_threadid") int threadId);
}
