// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.util.List;

/// Threads wait for each other, for ever.
interface DeadlockEvent {
    String NAME = "jvm:deadlock";

    /// Of the parameters after the target.
    List<EventField> FIELDS =
            List.of(
                    new EventField("threads", FieldType.S32),
                    new EventField("cycle", FieldType.STRING),
                    new EventField("stack", FieldType.STRING));

    /// @param threads how many there are in the cycle
    /// @param cycle a line a thread: its name and id, the lock it waits for, and who holds that
    /// @param stack of each thread, below its name
    void event(Target target, int threads, String cycle, String stack);
}
