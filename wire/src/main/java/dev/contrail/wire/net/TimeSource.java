// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.net;

import java.util.concurrent.TimeUnit;

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
            };

    /// As [System#nanoTime]: only differences mean something.
    long nanos();

    /// Milliseconds since 1970, which may jump.
    long epochMillis();

    /// Waits for so many nanoseconds.
    void sleep(long nanos) throws InterruptedException;
}
