// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.Level;

/// Threads that wait for locks too long, as `jvm:hang` and `jvm:deadlock`: a thread of ours asks
/// the JVM once a second, from one second after a session has begun to want either, as long as one
/// does.
///
/// Needs no agent, but the module `java.management`. Does not see virtual threads, as that does
/// not.
final class LockWatch implements FailureEvents {
    private static final long PERIOD_NANOS = 1_000_000_000;

    private final JvmEvent<HangEvent> hang =
            new JvmEvent<>(HangEvent.class, HangEvent.NAME, Level.WARNING, HangEvent.FIELDS);
    private final JvmEvent<DeadlockEvent> deadlock =
            new JvmEvent<>(
                    DeadlockEvent.class, DeadlockEvent.NAME, Level.CRITICAL, DeadlockEvent.FIELDS);
    private final Watch watch =
            new Watch("contrail-locks", PERIOD_NANOS, PERIOD_NANOS, this::begin);

    /// What it has to say of the last look.
    private volatile String remark = "";

    /// Whether the JVM can be asked.
    static boolean isPossible() {
        return ModuleLayer.boot().findModule("java.management").isPresent();
    }

    @Override
    public void follow() {
        watch.want(hang.point.isEnabled() || deadlock.point.isEnabled());
    }

    @Override
    public String problem() {
        String problem = watch.problem();
        return problem.isEmpty()
                ? remark
                : "jvm:hang and jvm:deadlock are not recorded: " + problem;
    }

    private Watch.Look begin() {
        LockWaits waits = new LockWaits(hang, deadlock);
        return now -> {
            waits.look(now);
            remark = waits.problem();
        };
    }
}
