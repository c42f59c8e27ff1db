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
/// The one context that costs: the walk takes some microseconds, and memory for a moment. In its
/// channel the stacks of throwables that are logged are recorded once, too: [#reference].
public final class StackContext implements ContextSource {
    /// True while the thread walks: what records the stack is an event that has this context, too.
    private final ThreadLocal<boolean[]> isWalking = ThreadLocal.withInitial(() -> new boolean[1]);

    private final StackTable table = new StackTable();
    private volatile @Nullable WriterPool pinned;

    /// Where the stacks of the channel go. Link thread, before the first event.
    public void recordIn(WriterPool pool) {
        Stack.Met met = Stack.walk(); // so that the program's first event loads nothing
        StackTable tried = new StackTable();
        for (int i = 0; i < 2; i++) {
            tried.find(met.key());
            String thrown = "  " + met.text();
            tried.find(new ThrownStack(thrown, 0, thrown.length()).key());
        }
        isWalking.get();
        pinned = pool;
    }

    @Override
    public ValueKind kind() {
        return ValueKind.INTEGER;
    }

    @Override
    public long number() {
        return Thread.currentThread() instanceof TracerThread ? 0 : number(null);
    }

    /// The stack of a throwable with those of its causes, as records of the channel have it: where
    /// the frames of one of them stood is one line, `at jvm:stack NUMBER`. The frames themselves
    /// stay in a channel without stacks, and where they cannot be recorded. Any thread.
    ///
    /// @param text of it all; may be empty
    /// @param frames where those of each throwable begin in it, and where they end, by turns: a
    ///   line a frame, `at CLASS.METHOD(FILE:LINE)`
    public String reference(String text, int[] frames) {
        if (pinned == null || frames.length == 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(128);
        int done = 0;
        for (int i = 0; i < frames.length; i += 2) {
            ThrownStack stack = new ThrownStack(text, frames[i], frames[i + 1]);
            int number = number(stack);
            if (number != 0) {
                out.append(text, done, frames[i]);
                out.append(stack.indent()).append("at ").append(StackEvents.NAME).append(' ');
                out.append(number);
                done = frames[i + 1];
            }
        }
        return out.append(text, done, text.length()).toString();
    }

    /// @param thrown a stack; null: that of the calling thread
    private int number(@Nullable MetStack thrown) {
        WriterPool pool = pinned;
        if (pool == null) {
            return 0;
        }
        try {
            boolean[] walking = isWalking.get();
            if (walking[0]) {
                return 0;
            }
            walking[0] = true;
            try {
                return number(pool, thrown == null ? Stack.walk() : thrown);
            } finally {
                walking[0] = false; // no call: there may be no stack for one
            }
        } catch (Throwable e) {
            return 0; // no stack, or no memory
        }
    }

    private int number(WriterPool pool, MetStack met) {
        StackTable.Entry entry = table.find(met.key());
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

    private static boolean record(WriterPool pool, int id, MetStack met) {
        EventPoint point = StackEvents.point();
        Target target = point == null ? null : point.target;
        for (; target != null; target = target.next) {
            if (target.pool == pool) {
                return BoxedRecord.put(target, id, met.depth(), met.text());
            }
        }
        return false; // the daemon has not said its number
    }

    @Override
    public @Nullable String text() {
        return null;
    }
}
