// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import java.util.concurrent.TimeUnit;

/// Wakes the one thread that waits for something to do. Any thread may ring it, and does not wait.
final class Bell implements Runnable {
    private boolean hasRung;
    private volatile boolean isHeard = true;

    /// Rings it.
    @Override
    public void run() {
        if (isHeard) {
            synchronized (this) {
                hasRung = true;
                isHeard = false;
                notifyAll();
            }
        }
    }

    /// Waits until it has rung since the last time; what changes from here on rings it again.
    ///
    /// @return false when it has not for so long
    synchronized boolean await(long nanos) throws InterruptedException {
        if (!hasRung) {
            TimeUnit.NANOSECONDS.timedWait(this, nanos);
        }
        boolean rung = hasRung;
        hasRung = false;
        isHeard = true;
        return rung;
    }
}
