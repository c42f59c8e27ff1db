// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.Level;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.ring.write.ThreadFacts;
import dev.contrail.tracer.tap.LogCapture;
import dev.contrail.tracer.tap.VirtualThreadPatch;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.function.Consumer;

/// How the JVM runs virtual threads, as `jvm_vthread:submit`, `mount` and `unmount`: from submit to
/// mount one waits in its scheduler's queue, from mount to unmount it has the carrier.
final class VirtualThreads implements Consumer<Object> {
    private static final int FIRST_JDK = 21;

    private final JvmEvent<VirtualThreadEvent> event;

    private VirtualThreads(String name) {
        event =
                new JvmEvent<>(
                        VirtualThreadEvent.class,
                        name,
                        Level.DEBUG_SYSTEM,
                        VirtualThreadEvent.FIELDS);
    }

    static boolean areThere() {
        return Runtime.version().feature() >= FIRST_JDK;
    }

    /// Their events, which calls see that the agent inserts.
    static FailureEvents seenBy(Instrumentation agent) {
        VirtualThreads submit = new VirtualThreads(VirtualThreadEvent.SUBMIT);
        VirtualThreads mount = new VirtualThreads(VirtualThreadEvent.MOUNT);
        VirtualThreads unmount = new VirtualThreads(VirtualThreadEvent.UNMOUNT);
        List<VirtualThreads> taps = List.of(submit, mount, unmount);
        return new TappedEvent(
                new LogCapture(
                        agent,
                        new VirtualThreadPatch(),
                        taps,
                        () -> taps.forEach(each -> each.event.bind()),
                        () -> {}),
                submit.event.point,
                mount.event.point,
                unmount.event.point);
    }

    /// In the carrier, or in the thread that submits: nothing may park or wait.
    @Override
    public void accept(Object virtual) {
        Target targets = event.point.target;
        VirtualThreadEvent bound = event.bound();
        if (targets == null || bound == null) {
            return;
        }
        boolean isRecorded = false;
        try {
            Thread thread = (Thread) virtual;
            bound.event(targets, thread.getName(), ThreadFacts.javaId(thread));
            isRecorded = true;
        } catch (Throwable e) {
            // there is no stack
        }
        if (!isRecorded) {
            JvmEvent.countLost(targets);
        }
    }
}
