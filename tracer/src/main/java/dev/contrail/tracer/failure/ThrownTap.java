// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.logging.Nesting;
import dev.contrail.tracer.logging.ThrownText;
import dev.contrail.tracer.ring.write.ThreadSlot;
import java.util.function.Consumer;

/// Records exceptions that it is given, in the thread that throws them or ends of them, which may
/// have no memory and no stack.
final class ThrownTap<T> implements Consumer<Object> {
    /// What there is to say of an exception.
    interface Reading {
        ThrownText of(Throwable thrown);
    }

    /// One event.
    interface Recording<T> {
        void record(T event, Target targets, Thread thread, ThrownText text);
    }

    private final JvmEvent<T> event;
    private final Reading reading;
    private final Recording<T> recording;

    ThrownTap(JvmEvent<T> event, Reading reading, Recording<T> recording) {
        this.event = event;
        this.reading = reading;
        this.recording = recording;
    }

    @Override
    public void accept(Object thrown) {
        Target targets = event.point.target;
        T bound = event.bound();
        if (targets == null || bound == null) {
            return;
        }
        int[] depth = null;
        boolean isRecorded = false;
        ThreadSlot slot = ThreadSlot.current();
        boolean wasInside = slot.isInside;
        slot.isInside = true;
        try {
            depth = Nesting.depth();
            depth[0]++;
            if (depth[0] <= Nesting.MOST_DEPTH) {
                record(bound, targets, (Throwable) thrown);
                isRecorded = true;
            }
        } catch (Throwable e) {
            // there is no memory, or no stack
        } finally {
            slot.isInside = wasInside; // no call: there may be no stack for one
            if (depth != null) {
                depth[0]--;
            }
        }
        if (!isRecorded) {
            JvmEvent.countLost(targets);
        }
    }

    private void record(T bound, Target targets, Throwable thrown) {
        ThrownText text;
        try {
            text = reading.of(thrown);
        } catch (Throwable e) { // no memory for more
            text = ThrownText.ofType(thrown);
        }
        recording.record(bound, targets, Thread.currentThread(), text);
    }
}
