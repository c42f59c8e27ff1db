// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.util.List;

/// The program ends because somebody says so.
interface ExitEvent {
    String NAME = "jvm:exit";

    /// Of the parameters after the target.
    List<EventField> FIELDS =
            List.of(
                    new EventField("thread_name", FieldType.STRING),
                    new EventField("java_thread_id", FieldType.S64),
                    new EventField("how", FieldType.STRING),
                    new EventField("status", FieldType.S32),
                    new EventField("stack", FieldType.STRING));

    /// @param how `exit` or `halt`
    /// @param stack of the thread, from the caller on
    void event(
            Target target, String threadName, long threadId, String how, int status, String stack);
}
