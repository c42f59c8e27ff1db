// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

/// For how long a thread has been at one thing that a disk may keep it at for ever. That thread
/// marks what it does, any thread asks.
public final class Busy {
    /// Until it is closed, its thread is at one thing.
    public interface Mark extends AutoCloseable {
        @Override
        void close();
    }

    private final Mark mark = () -> since = 0;
    private volatile long since; // 0 while it is at nothing

    /// One thing begins.
    public Mark begin() {
        since = System.nanoTime() | 1;
        return mark;
    }

    /// In nanoseconds; 0 while it is at nothing. Any thread.
    public long nanos() {
        long begun = since;
        return begun == 0 ? 0 : System.nanoTime() - begun;
    }
}
