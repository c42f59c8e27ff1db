// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.wire.net.TimeSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Wakes the one thread that waits for something to do. Any thread may ring it, and does not wait.
final class Bell implements Runnable {
    private final TimeSource clock;
    private final AtomicBoolean hasRung = new AtomicBoolean();

    /// Who waits; written before it looks whether it has rung, read after it was.
    private volatile @Nullable Thread listener;

    Bell(TimeSource clock) {
        this.clock = clock;
    }

    /// Rings it.
    @Override
    public void run() {
        if (!hasRung.getAndSet(true)) {
            LockSupport.unpark(listener);
        }
    }

    /// Forgets that it has rung, before a look at what there is to do.
    void hush() {
        hasRung.set(false);
    }

    /// Waits until it has rung since the last time; what changes from here on rings it again.
    ///
    /// @return false when it has not for so long
    boolean await(long nanos) throws InterruptedException {
        listener = Thread.currentThread();
        long begin = clock.nanos();
        long left = nanos;
        while (!hasRung.get() && left > 0) {
            clock.park(this, left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            left = nanos - (clock.nanos() - begin);
        }
        return hasRung.getAndSet(false);
    }
}
