// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.Level;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.logging.Nesting;
import dev.contrail.tracer.logging.ThrownText;
import dev.contrail.tracer.ring.write.ThreadFacts;
import dev.contrail.tracer.ring.write.ThreadSlot;
import dev.contrail.tracer.tap.LogCapture;
import dev.contrail.tracer.tap.ThreadGroupPatch;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.function.Consumer;

/// The exceptions that nobody catches, as `jvm:uncaught_exception`.
///
/// They are seen where the JDK gives them to the default handler, if there is one: what a thread's
/// own handler takes is handled. The handlers that there are, and what the JDK prints, stay as they
/// are.
final class UncaughtExceptions implements Consumer<Object> {
    private final JvmEvent<UncaughtEvent> event =
            new JvmEvent<>(
                    UncaughtEvent.class, UncaughtEvent.NAME, Level.CRITICAL, UncaughtEvent.FIELDS);

    private UncaughtExceptions() {}

    /// Its events, which a call sees that the agent inserts.
    static FailureEvents seenBy(Instrumentation agent) {
        UncaughtExceptions exceptions = new UncaughtExceptions();
        List<UncaughtExceptions> taps = List.of(exceptions);
        return new TappedEvent(
                exceptions.event.point,
                new LogCapture(
                        agent, new ThreadGroupPatch(), taps, exceptions.event::bind, () -> {}));
    }

    /// In the thread that ends, which may have no memory. Asks the application for the exception's
    /// message.
    @Override
    public void accept(Object thrown) {
        Target targets = event.point.target;
        UncaughtEvent bound = event.bound();
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

    private static void record(UncaughtEvent event, Target targets, Throwable thrown) {
        Thread thread = Thread.currentThread();
        ThrownText text;
        try {
            text = ThrownText.of(thrown);
        } catch (Throwable e) { // no memory for more
            text = ThrownText.ofType(thrown);
        }
        event.event(targets, thread.getName(), ThreadFacts.javaId(thread), text.head, text.stack);
    }
}
