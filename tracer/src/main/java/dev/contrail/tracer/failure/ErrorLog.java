// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.event.BoxedRecord;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.failure.ThrownLog.Thrown;
import dev.contrail.tracer.process.OtherThread;
import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.process.TracerThread;
import dev.contrail.tracer.ring.write.ThreadFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The errors that the JVM throws without a constructor, found in its own list of them, which a
/// thread of ours reads ten times a second as long as a session wants them. They are recorded by
/// the link thread, with how long ago they were thrown.
///
/// The list is short, and has all exceptions that the JVM throws: where there were too many at once
/// some errors may be missing, and nobody can say how many. (The JVM counts them, but tells that
/// only with all else that it knows, which takes memory of the program and its time.)
final class ErrorLog implements FailureEvents {
    private static final String THREAD = "contrail-errors";
    private static final String LIST = "VM.events log=exc";
    private static final String UPTIME = "VM.uptime";
    private static final Pattern SECONDS = Pattern.compile("(\\d+)[.,](\\d{3}) s");
    private static final String OVERRUN =
            "the JVM throws more exceptions than it lists, which are the last 20 as a rule";
    private static final long PERIOD_NANOS = 100_000_000;

    /// What may wait to be recorded; what comes beyond is counted.
    private static final int MOST_WAITING = 1000;

    /// Who is asked.
    interface Jvm {
        String answer(String command);

        /// The platform threads that there are, by their addresses.
        Map<Long, Thread> threads();
    }

    /// Makes it.
    interface Access {
        Jvm open() throws ReflectiveOperationException, IOException;
    }

    /// An error that waits to be recorded.
    private record Found(OtherThread thread, Thrown thrown, long atTicks) {}

    private final JvmEvent<ErrorEvent> event;
    private final Access access;
    private final Watch watch;

    /// Its own lock: the link thread and the one that ends the JVM look too.
    private final Object lock = new Object();

    private List<Found> waiting = List.of();
    private @Nullable Jvm jvm;
    private ThrownLog log = new ThrownLog();
    private long lost;

    /// Whether some that were thrown since may be missing; also for who does not look.
    private volatile boolean isOverrun;

    /// Those of the last look: one that has thrown may have ended, and another one have its
    /// address.
    private Map<Long, Thread> threads = Map.of();

    ErrorLog(JvmEvent<ErrorEvent> event, Access access) {
        this.event = event;
        this.access = access;
        this.watch = new Watch(THREAD, 0, PERIOD_NANOS, this::begin);
    }

    @Override
    public void follow() {
        watch.want(event.point.isEnabled());
        TracerThread.awaitSoon(watch::isBeginning); // the list is read a first time
    }

    @Override
    public String problem() {
        String problem = watch.problem().isEmpty() && isOverrun ? OVERRUN : watch.problem();
        return problem.isEmpty()
                ? ""
                : "some of " + ErrorEvent.NAME + " may be missing: " + problem;
    }

    private Watch.Look begin() throws ReflectiveOperationException, IOException {
        synchronized (lock) {
            Jvm opened = jvm == null ? access.open() : jvm;
            log = new ThrownLog();
            log.added(opened.answer(LIST)); // those before are nobody's
            log.settled();
            isOverrun = false;
            threads = opened.threads();
            jvm = opened;
        }
        return now -> look();
    }

    private void look() {
        synchronized (lock) {
            Jvm asked = jvm;
            if (asked == null) {
                return;
            }
            try {
                List<Thrown> added = log.added(asked.answer(LIST));
                Map<Long, Thread> now = asked.threads();
                if (!added.isEmpty()) {
                    add(asked, added, now);
                }
                threads = now;
                isOverrun |= log.hasGap();
                log.settled();
            } catch (OutOfMemoryError e) {
                // the next time, then
            }
        }
    }

    private void add(Jvm asked, List<Thrown> added, Map<Long, Thread> alive) {
        long now = TracerClock.nanos();
        Matcher uptime = SECONDS.matcher(asked.answer(UPTIME));
        long nowMillis =
                uptime.find()
                        ? 1000 * Long.parseLong(uptime.group(1)) + Long.parseLong(uptime.group(2))
                        : added.get(added.size() - 1).millis();
        List<Found> found = new ArrayList<>(waiting);
        for (Thrown each : added) {
            Thread thread = threads.getOrDefault(each.thread(), alive.get(each.thread()));
            if (thread instanceof TracerThread) {
                continue; // none of the program's
            }
            if (found.size() == MOST_WAITING) {
                lost++;
                continue;
            }
            OtherThread whose =
                    thread == null
                            ? OtherThread.NONE
                            : new OtherThread(
                                    0, ThreadFacts.javaId(thread), thread.getName(), false);
            long age = Math.max(0, nowMillis - each.millis()) * 1_000_000;
            found.add(new Found(whose, each, now - age));
        }
        waiting = found;
    }

    /// Records those that were thrown until now.
    @Override
    public void tellFailed() {
        Target targets = event.point.target;
        if (targets == null) {
            return;
        }
        look();
        synchronized (lock) {
            for (Found each : waiting) {
                record(targets, each);
            }
            waiting = List.of();
            for (; lost > 0; lost--) { // some that had no memory, or no place to wait
                JvmEvent.countLost(targets);
            }
        }
    }

    /// One for which there is no memory is counted.
    private void record(Target targets, Found found) {
        try {
            long now = TracerClock.nanos();
            Object[] values = {
                found.thread().name(),
                found.thread().javaId(),
                found.thrown().type(),
                "",
                found.thrown().origin(),
                (now - found.atTicks()) / 1_000_000
            };
            for (Target each = targets; each != null; each = each.next) {
                BoxedRecord.putFor(each, found.thread(), values);
            }
        } catch (OutOfMemoryError e) {
            lost++;
        }
    }
}
