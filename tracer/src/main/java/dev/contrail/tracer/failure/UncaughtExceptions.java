// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.Level;
import dev.contrail.tracer.event.Bridge;
import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.logging.Nesting;
import dev.contrail.tracer.logging.ThrownText;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.tap.LogCapture;
import dev.contrail.tracer.tap.ThreadGroupPatch;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The exceptions that nobody catches, as `jvm:uncaught_exception`.
///
/// They are seen where the JDK gives them to the default handler, if there is one: what a thread's
/// own handler takes is handled. The handlers that there are, and what the JDK prints, stay as they
/// are.
final class UncaughtExceptions implements FailureEvents, Consumer<Object> {
    private final EventPoint point =
            EventClasses.of(UncaughtEvent.NAME, Level.CRITICAL, UncaughtEvent.FIELDS);
    private final FailureEvents tapped;

    /// Bound when somebody wants it.
    private volatile @Nullable UncaughtEvent event;

    UncaughtExceptions(Instrumentation agent) {
        tapped = Taps.of(agent, point, this, this::prepare);
    }

    /// Where there is no agent there may be no module `java.instrument` either, which the check of
    /// this class would load.
    private static final class Taps {
        private Taps() {}

        static FailureEvents of(
                Instrumentation agent,
                EventPoint point,
                Object target,
                LogCapture.Preparation preparation) {
            return new TappedEvent(
                    point,
                    new LogCapture(
                            agent, new ThreadGroupPatch(), List.of(target), preparation, () -> {}));
        }
    }

    @Override
    public void follow() {
        tapped.follow();
    }

    @Override
    public String problem() {
        return tapped.problem();
    }

    @Override
    public void tellFailed() {
        tapped.tellFailed();
    }

    private void prepare() {
        if (event == null) {
            event =
                    Bridge.bind(
                                    MethodHandles.lookup(),
                                    UncaughtEvent.class,
                                    UncaughtEvent.NAME,
                                    EventField.names(UncaughtEvent.FIELDS))
                            .event;
        }
    }

    /// In the thread that ends, which may have no memory. Asks the application for the exception's
    /// message.
    @Override
    public void accept(Object thrown) {
        Target targets = point.target;
        UncaughtEvent bound = event;
        if (targets == null || bound == null) {
            return;
        }
        int[] depth = null;
        boolean isRecorded = false;
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
            if (depth != null) {
                depth[0]--; // no call: there may be no stack for one
            }
        }
        for (Target each = targets; !isRecorded && each != null; each = each.next) {
            each.pool.unheldLost++;
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
        event.event(targets, thread.getName(), thread.getId(), text.head, text.stack);
    }
}
