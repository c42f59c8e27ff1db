// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.stack;

import dev.contrail.tracer.event.BoxedRecord;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.filter.ContextSource;
import dev.contrail.tracer.filter.ValueKind;
import dev.contrail.tracer.process.TracerThread;
import dev.contrail.tracer.ring.write.WriterPool;
import org.jspecify.annotations.Nullable;

/// The number of the stack that an event of the calling thread has: of one channel. A new stack is
/// recorded as [StackEvents#NAME] before the event that has it is there. 0 where there is none: in
/// records of other threads, and where no stack could be recorded.
///
/// The one context that costs: the walk takes some microseconds, and memory for a moment.
public final class StackContext implements ContextSource {
    /// True while the thread walks: what records the stack is an event that has this context, too.
    private final ThreadLocal<boolean[]> isWalking = ThreadLocal.withInitial(() -> new boolean[1]);

    private final StackTable table = new StackTable();
    private volatile @Nullable WriterPool pinned;

    /// Where the stacks of the channel go. Link thread, before the first event.
    public void recordIn(WriterPool pool) {
        Stack.Met met = Stack.walk(); // so that the program's first event loads nothing
        new StackTable().find(met.stack);
        met.text();
        isWalking.get();
        pinned = pool;
    }

    @Override
    public ValueKind kind() {
        return ValueKind.INTEGER;
    }

    @Override
    public long number() {
        WriterPool pool = pinned;
        if (pool == null || Thread.currentThread() instanceof TracerThread) {
            return 0;
        }
        try {
            boolean[] walking = isWalking.get();
            if (walking[0]) {
                return 0;
            }
            walking[0] = true;
            try {
                return number(pool);
            } finally {
                walking[0] = false; // no call: there may be no stack for one
            }
        } catch (Throwable e) {
            return 0; // no stack, or no memory
        }
    }

    private int number(WriterPool pool) {
        Stack.Met met = Stack.walk();
        StackTable.Entry entry = table.find(met.stack);
        if (entry == null) {
            return 0; // there are too many
        }
        if (entry.begin()) {
            boolean isRecorded = false;
            try {
                isRecorded = record(pool, entry.id, met);
            } finally {
                entry.end(isRecorded); // also where there was no memory for it
            }
        }
        return entry.isLost() ? 0 : entry.id;
    }

    private static boolean record(WriterPool pool, int id, Stack.Met met) {
        EventPoint point = StackEvents.point();
        Target target = point == null ? null : point.target;
        for (; target != null; target = target.next) {
            if (target.pool == pool) {
                return BoxedRecord.put(target, id, met.stack.depth(), met.text());
            }
        }
        return false; // the daemon has not said its number
    }

    @Override
    public @Nullable String text() {
        return null;
    }
}
