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
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Records the exceptions that nobody catches, as `jvm:uncaught_exception`, while a session wants
/// them. Needs the agent.
///
/// They are seen where the JDK gives them to the default handler, if there is one: what a thread's
/// own handler takes is handled. The handlers that there are, and what the JDK prints, stay as they
/// are.
public final class UncaughtExceptions implements Consumer<Object> {
    /// How long who wants them waits for the call that sees them.
    private static final long PATIENCE_NANOS = 500_000_000;

    private static final long LOOK_NANOS = 1_000_000;

    private static @Nullable Instrumentation agent;
    private static @Nullable UncaughtExceptions instance;

    private final EventPoint point =
            EventClasses.of(UncaughtEvent.NAME, Level.CRITICAL, UncaughtEvent.FIELDS);
    private final LogCapture capture;

    /// Bound when somebody wants it.
    private volatile @Nullable UncaughtEvent event;

    private long failedTold;

    private UncaughtExceptions(Instrumentation agent) {
        capture = Captures.capture(agent, this, this::prepare);
    }

    /// Where there is no agent there may be no module `java.instrument` either, which the check of
    /// this class would load.
    private static final class Captures {
        private Captures() {}

        static LogCapture capture(
                Instrumentation agent, Object target, LogCapture.Preparation preparation) {
            return new LogCapture(
                    agent, new ThreadGroupPatch(), List.of(target), preparation, () -> {});
        }
    }

    /// From now on there is an agent. Costs a program that nobody traces nothing.
    public static synchronized void useAgent(Instrumentation given) {
        agent = given;
    }

    /// There is a session daemon: where there is an agent, it can have the event. Link thread.
    public static synchronized void announce() {
        if (instance == null && agent != null) {
            instance = new UncaughtExceptions(agent);
        }
    }

    /// Sees them as long as a session wants them. After each change of what sessions want; returns
    /// when that is so, or after half a second. Link thread.
    public static void follow() {
        UncaughtExceptions own = own();
        if (own != null) {
            own.capture.want(own.point.isEnabled());
            long begin = System.nanoTime();
            while (own.capture.isWorking() && System.nanoTime() - begin < PATIENCE_NANOS) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    /// Counts, where they were wanted, those that could not be seen for want of stack. Link thread.
    public static void tellFailed() {
        UncaughtExceptions own = own();
        if (own != null) {
            long failed = own.capture.failed();
            for (Target each = own.point.target; each != null; each = each.next) {
                each.pool.unheldLost += failed - own.failedTold;
            }
            own.failedTold = failed;
        }
    }

    private static synchronized @Nullable UncaughtExceptions own() {
        return instance;
    }

    private void prepare() {
        if (event == null) {
            String[] fields =
                    UncaughtEvent.FIELDS.stream().map(EventField::name).toArray(String[]::new);
            event =
                    Bridge.bind(
                                    MethodHandles.lookup(),
                                    UncaughtEvent.class,
                                    UncaughtEvent.NAME,
                                    fields)
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
