// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.statedump;

import dev.contrail.tracer.Level;
import dev.contrail.tracer.event.BoxedRecord;
import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.process.OtherThread;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.write.ThreadFacts;
import dev.contrail.tracer.ring.write.WriterPool;
import java.util.List;

/// An event class of state dumps. Owned by the link thread.
final class DumpEvent {
    final EventPoint point;

    /// @param name without the provider
    DumpEvent(String name, EventField... fields) {
        point = EventClasses.of(JvmStateDumps.PREFIX + name, Level.DEBUG_LINE, List.of(fields));
    }

    /// Records it in one pool, if that has it enabled.
    ///
    /// @param values of the fields, in boxes
    /// @return false when it is lost
    boolean put(WriterPool pool, Object... values) {
        String name = Thread.currentThread().getName();
        long javaId = ThreadFacts.javaId(Thread.currentThread());
        return putOf(
                new OtherThread(WriterPool.currentThreadId(), javaId, name, false), pool, values);
    }

    /// The same as an event of another thread.
    boolean putOf(OtherThread thread, WriterPool pool, Object... values) {
        for (Target each = point.target; each != null; each = each.next) {
            if (each.pool == pool) {
                return BoxedRecord.putFor(each, thread, values);
            }
        }
        return true;
    }
}
