// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.Level;
import dev.contrail.tracer.logging.ThrownText;
import dev.contrail.tracer.ring.write.ThreadFacts;
import dev.contrail.tracer.tap.ErrorPatch;
import dev.contrail.tracer.tap.LogCapture;
import java.lang.instrument.Instrumentation;
import java.util.List;

/// The JVM's errors (`OutOfMemoryError`, `StackOverflowError`, …), caught or not, as `jvm:error`.
///
/// Those that Java code makes are seen in their constructor. An `OutOfMemoryError` of the heap or
/// the metaspace and every `StackOverflowError` have none that runs: those are found in the JVM's
/// own list of what it has thrown, by [ErrorLog].
final class VirtualMachineErrors {
    private VirtualMachineErrors() {}

    static JvmEvent<ErrorEvent> event() {
        return new JvmEvent<>(ErrorEvent.class, ErrorEvent.NAME, Level.CRITICAL, ErrorEvent.FIELDS);
    }

    static List<FailureEvents> seenBy(Instrumentation agent, JvmEvent<ErrorEvent> event) {
        ThrownTap<ErrorEvent> tap =
                new ThrownTap<>(
                        event,
                        VirtualMachineErrors::text,
                        (bound, targets, thread, text) ->
                                bound.event(
                                        targets,
                                        thread.getName(),
                                        ThreadFacts.javaId(thread),
                                        text.head,
                                        text.stack,
                                        "",
                                        0));
        FailureEvents made =
                new TappedEvent(
                        new LogCapture(
                                agent, new ErrorPatch(), List.of(tap), event::bind, () -> {}),
                        event.point);
        return JvmDiagnostics.isPossible()
                ? List.of(made, new ErrorLog(event, () -> new JvmDiagnostics(agent)))
                : List.of(made);
    }

    /// One of the application's own class is not made yet, and is asked nothing.
    private static ThrownText text(Throwable thrown) {
        return thrown.getClass().getClassLoader() == null
                ? ThrownText.of(thrown)
                : ThrownText.ofType(thrown);
    }
}
