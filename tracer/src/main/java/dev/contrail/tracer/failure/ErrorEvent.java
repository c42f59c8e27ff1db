// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.util.List;

/// The JVM can do no more: an error of the kind of `OutOfMemoryError`, whether it is caught or not.
interface ErrorEvent {
    String NAME = "jvm:error";

    /// Of the parameters after the target.
    List<EventField> FIELDS =
            List.of(
                    new EventField("thread_name", FieldType.STRING),
                    new EventField("java_thread_id", FieldType.S64),
                    new EventField("throwable", FieldType.STRING),
                    new EventField("stack", FieldType.STRING),
                    new EventField("thrown_by", FieldType.STRING),
                    new EventField("age_ms", FieldType.S64));

    /// @param stack empty when the JVM has thrown it
    /// @param thrownBy where in the JVM's sources, as `memAllocator.cpp:134`; empty: in Java
    /// @param ageMillis how long ago that was
    void event(
            Target target,
            String threadName,
            long threadId,
            String throwable,
            String stack,
            String thrownBy,
            long ageMillis);
}
