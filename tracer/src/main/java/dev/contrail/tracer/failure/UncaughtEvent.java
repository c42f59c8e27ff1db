// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.util.List;

/// An exception that ends its thread.
interface UncaughtEvent {
    String NAME = "jvm:uncaught_exception";

    /// Of the parameters after the target.
    List<EventField> FIELDS =
            List.of(
                    new EventField("thread_name", FieldType.STRING),
                    new EventField("java_thread_id", FieldType.S64),
                    new EventField("throwable", FieldType.STRING),
                    new EventField("stack", FieldType.STRING));

    void event(Target target, String threadName, long threadId, String throwable, String stack);
}
