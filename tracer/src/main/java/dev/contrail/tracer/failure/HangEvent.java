// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.util.List;

/// A thread has been waiting for a lock for long, which another one holds.
interface HangEvent {
    String NAME = "jvm:hang";

    /// Of the parameters after the target.
    List<EventField> FIELDS =
            List.of(
                    new EventField("thread_name", FieldType.STRING),
                    new EventField("java_thread_id", FieldType.S64),
                    new EventField("waited_ms", FieldType.S64),
                    new EventField("lock", FieldType.STRING),
                    new EventField("holder_name", FieldType.STRING),
                    new EventField("holder_thread_id", FieldType.S64),
                    new EventField("stack", FieldType.STRING),
                    new EventField("holder_stack", FieldType.STRING));

    /// @param waitedMillis at least
    /// @param lock class and identity hash code of the monitor or synchronizer
    void event(
            Target target,
            String threadName,
            long threadId,
            long waitedMillis,
            String lock,
            String holderName,
            long holderId,
            String stack,
            String holderStack);
}
