// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import dev.contrail.wire.net.TimeSource;

/// For how long a thread has been at one thing that a disk may keep it at for ever. That thread
/// marks what it does, any thread asks.
public final class Busy {
    /// Until it is closed, its thread is at one thing.
    public interface Mark extends AutoCloseable {
        @Override
        void close();
    }

    private final TimeSource clock;
    private final Mark mark = () -> since = 0;
    private volatile long since; // 0 while it is at nothing

    Busy() {
        this(TimeSource.SYSTEM);
    }

    public Busy(TimeSource clock) {
        this.clock = clock;
    }

    /// One thing begins.
    public Mark begin() {
        since = clock.nanos() | 1;
        return mark;
    }

    /// In nanoseconds; 0 while it is at nothing. Any thread.
    public long nanos() {
        long begun = since;
        return begun == 0 ? 0 : clock.nanos() - begun;
    }
}
