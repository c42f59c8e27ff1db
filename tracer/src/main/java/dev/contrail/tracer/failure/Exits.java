// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.Level;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.ring.write.ThreadFacts;
import dev.contrail.tracer.tap.LogCapture;
import dev.contrail.tracer.tap.ShutdownPatch;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.function.IntConsumer;

/// The ends of the program that somebody asks for, as `jvm:exit`: `System.exit`, `Runtime.halt`,
/// and signals that end it (of thread `SIGTERM handler`, …; the status is then 128 and the signal's
/// number). Not the end that comes when the last thread has ended.
final class Exits {
    private final JvmEvent<ExitEvent> event =
            new JvmEvent<>(ExitEvent.class, ExitEvent.NAME, Level.NOTICE, ExitEvent.FIELDS);

    private Exits() {}

    /// Its events, which calls see that the agent inserts.
    ///
    /// @param noted events that are recorded later than they happen
    /// @param halting records them, before the program halts
    static FailureEvents seenBy(Instrumentation agent, EventPoint noted, Runnable halting) {
        Exits exits = new Exits();
        IntConsumer exit = status -> exits.ended("exit", status);
        IntConsumer halt =
                status -> {
                    exits.ended("halt", status);
                    halting.run(); // what it throws ends in the tap
                };
        List<IntConsumer> taps = List.of(exit, halt);
        return new TappedEvent(
                new LogCapture(agent, new ShutdownPatch(), taps, exits::prepare, () -> {}),
                exits.event.point,
                noted);
    }

    private void prepare() throws ClassNotFoundException {
        if (event.bound() == null) {
            event.bind();
            StackText.load();
        }
    }

    /// In the thread that ends the program.
    private void ended(String how, int status) {
        Target targets = event.point.target;
        ExitEvent bound = event.bound();
        if (targets == null || bound == null) {
            return;
        }
        boolean isRecorded = false;
        try {
            Thread thread = Thread.currentThread();
            String stack = StackText.ofCaller();
            bound.event(targets, thread.getName(), ThreadFacts.javaId(thread), how, status, stack);
            isRecorded = true;
        } catch (Throwable e) {
            // there is no memory, or no stack
        }
        if (!isRecorded) {
            JvmEvent.countLost(targets);
        }
    }
}
