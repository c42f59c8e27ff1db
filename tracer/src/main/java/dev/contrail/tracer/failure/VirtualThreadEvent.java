// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.util.List;

/// A step of a virtual thread through its scheduler.
interface VirtualThreadEvent {
    /// It is put into the scheduler's queue, by the thread whose event this is.
    String SUBMIT = "jvm_vthread:submit";

    /// A carrier is about to run it: the thread whose event this is.
    String MOUNT = "jvm_vthread:mount";

    /// The carrier has run it.
    String UNMOUNT = "jvm_vthread:unmount";

    /// Of the parameters after the target.
    List<EventField> FIELDS =
            List.of(
                    new EventField("thread_name", FieldType.STRING),
                    new EventField("java_thread_id", FieldType.S64));

    void event(Target target, String threadName, long threadId);
}
