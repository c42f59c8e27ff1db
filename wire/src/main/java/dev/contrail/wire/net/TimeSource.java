// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.net;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The time, and waiting for it. Any thread.
public interface TimeSource {
    /// That of the machine.
    TimeSource SYSTEM =
            new TimeSource() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public long epochMillis() {
                    return System.currentTimeMillis();
                }

                @Override
                public void sleep(long nanos) throws InterruptedException {
                    TimeUnit.NANOSECONDS.sleep(nanos);
                }

                @Override
                public void park(Object blocker, long nanos) {
                    LockSupport.parkNanos(blocker, nanos);
                }

                @Override
                public void later(long nanos, Runnable work) {
                    CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(work);
                }
            };

    /// As [System#nanoTime]: only differences mean something.
    long nanos();

    /// Milliseconds since 1970, which may jump.
    long epochMillis();

    /// Waits for so many nanoseconds.
    void sleep(long nanos) throws InterruptedException;

    /// As [LockSupport#parkNanos(Object, long)].
    void park(Object blocker, long nanos);

    /// Has something run by another thread after so long.
    void later(long nanos, Runnable work);
}
