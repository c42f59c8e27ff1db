// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.Level;
import dev.contrail.tracer.process.TracerThread;

/// Threads that wait for locks too long, as `jvm:hang` and `jvm:deadlock`: a thread of ours asks
/// the JVM once a second, from one second after a session has begun to want either, as long as one
/// does. Costs a hundredth of a processor at most: who has very many threads is asked less often.
///
/// Needs no agent, but the module `java.management`. Does not see virtual threads, as that does
/// not.
final class LockWatch implements FailureEvents {
    private static final String THREAD = "contrail-locks";
    private static final long PERIOD_NANOS = 1_000_000_000;

    /// How many times longer than it has taken to look it rests.
    private static final long REST = 100;

    private final JvmEvent<HangEvent> hang =
            new JvmEvent<>(HangEvent.class, HangEvent.NAME, Level.WARNING, HangEvent.FIELDS);
    private final JvmEvent<DeadlockEvent> deadlock =
            new JvmEvent<>(
                    DeadlockEvent.class, DeadlockEvent.NAME, Level.CRITICAL, DeadlockEvent.FIELDS);

    private boolean isWanted;
    private boolean isRunning;
    private String problem = "";

    /// Whether the JVM can be asked.
    static boolean isPossible() {
        return ModuleLayer.boot().findModule("java.management").isPresent();
    }

    @Override
    public synchronized void follow() {
        isWanted = hang.point.isEnabled() || deadlock.point.isEnabled();
        notifyAll();
        if (isWanted && !isRunning) {
            TracerThread.named(THREAD, this::work).start();
            isRunning = true;
        }
    }

    @Override
    public synchronized String problem() {
        return problem;
    }

    /// A JVM that cannot be asked is not asked again.
    private void work() {
        try {
            if (isWantedAfter(PERIOD_NANOS)) {
                watch();
            }
        } catch (RuntimeException | LinkageError e) {
            problem("jvm:hang and jvm:deadlock are not recorded: " + e);
        }
    }

    private synchronized void problem(String text) {
        problem = text;
    }

    private void watch() {
        LockWaits waits = new LockWaits(hang, deadlock);
        long took = 0;
        while (isWantedAfter(Math.max(PERIOD_NANOS, REST * took))) {
            long begin = System.nanoTime();
            waits.look(begin);
            took = System.nanoTime() - begin;
            problem(waits.problem());
        }
    }

    private synchronized boolean isWantedAfter(long nanos) {
        long begin = System.nanoTime();
        while (isWanted) {
            long left = nanos - (System.nanoTime() - begin);
            if (left <= 0) {
                return true;
            }
            try {
                wait(left / 1_000_000 + 1);
            } catch (InterruptedException e) {
                // not by us, and not for us
            }
        }
        isRunning = false;
        return false;
    }
}
