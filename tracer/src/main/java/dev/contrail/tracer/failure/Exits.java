// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.Level;
import dev.contrail.tracer.event.Bridge;
import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.tap.LogCapture;
import dev.contrail.tracer.tap.ShutdownPatch;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The ends of the program that somebody asks for, as `jvm:exit`: `System.exit`, `Runtime.halt`,
/// and signals that end it (of thread `SIGTERM handler`, …; the status is then 128 and the signal's
/// number). Not the end that comes when the last thread has ended.
final class Exits implements FailureEvents {
    private final EventPoint point =
            EventClasses.of(ExitEvent.NAME, Level.NOTICE, ExitEvent.FIELDS);
    private final FailureEvents tapped;

    /// Bound when somebody wants it.
    private volatile @Nullable ExitEvent event;

    Exits(Instrumentation agent) {
        IntConsumer exit = status -> ended("exit", status);
        IntConsumer halt = status -> ended("halt", status);
        tapped = Taps.of(agent, point, List.of(exit, halt), this::prepare);
    }

    /// Where there is no agent there may be no module `java.instrument` either, which the check of
    /// this class would load.
    private static final class Taps {
        private Taps() {}

        static FailureEvents of(
                Instrumentation agent,
                EventPoint point,
                List<?> targets,
                LogCapture.Preparation preparation) {
            return new TappedEvent(
                    point,
                    new LogCapture(agent, new ShutdownPatch(), targets, preparation, () -> {}));
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

    private void prepare() throws ClassNotFoundException {
        if (event == null) {
            event =
                    Bridge.bind(
                                    MethodHandles.lookup(),
                                    ExitEvent.class,
                                    ExitEvent.NAME,
                                    EventField.names(ExitEvent.FIELDS))
                            .event;
            StackText.load();
        }
    }

    /// In the thread that ends the program.
    private void ended(String how, int status) {
        Target targets = point.target;
        ExitEvent bound = event;
        if (targets == null || bound == null) {
            return;
        }
        boolean isRecorded = false;
        try {
            Thread thread = Thread.currentThread();
            String stack = StackText.ofCaller();
            bound.event(targets, thread.getName(), thread.getId(), how, status, stack);
            isRecorded = true;
        } catch (Throwable e) {
            // there is no memory, or no stack
        }
        for (Target each = targets; !isRecorded && each != null; each = each.next) {
            each.pool.unheldLost++;
        }
    }
}
