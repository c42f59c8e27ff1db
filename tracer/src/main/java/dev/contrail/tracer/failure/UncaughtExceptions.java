// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.Level;
import dev.contrail.tracer.logging.ThrownText;
import dev.contrail.tracer.ring.write.ThreadFacts;
import dev.contrail.tracer.tap.LogCapture;
import dev.contrail.tracer.tap.ThreadGroupPatch;
import java.lang.instrument.Instrumentation;
import java.util.List;

/// The exceptions that nobody catches, as `jvm:uncaught_exception`.
///
/// They are seen where the JDK gives them to the default handler, if there is one: what a thread's
/// own handler takes is handled. The handlers that there are, and what the JDK prints, stay as they
/// are. Asks the application for the exception's message.
final class UncaughtExceptions {
    private UncaughtExceptions() {}

    /// Its events, which a call sees that the agent inserts.
    static FailureEvents seenBy(Instrumentation agent) {
        JvmEvent<UncaughtEvent> event =
                new JvmEvent<>(
                        UncaughtEvent.class,
                        UncaughtEvent.NAME,
                        Level.CRITICAL,
                        UncaughtEvent.FIELDS);
        ThrownTap<UncaughtEvent> tap =
                new ThrownTap<>(
                        event,
                        ThrownText::of,
                        (bound, targets, thread, text) ->
                                bound.event(
                                        targets,
                                        thread.getName(),
                                        ThreadFacts.javaId(thread),
                                        text.head,
                                        text.stack));
        return new TappedEvent(
                new LogCapture(agent, new ThreadGroupPatch(), List.of(tap), event::bind, () -> {}),
                event.point);
    }
}
