// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;

/// Threads of one kind as long as few of them run, and of another beyond.
final class FirstThreads implements ThreadFactory {
    private final Semaphore left;
    private final ThreadFactory first;
    private final ThreadFactory others;

    /// @param most of the first kind that run, or are about to
    FirstThreads(int most, ThreadFactory first, ThreadFactory others) {
        left = new Semaphore(most);
        this.first = first;
        this.others = others;
    }

    /// A thread, which is to be started.
    @Override
    public Thread newThread(Runnable task) {
        if (!left.tryAcquire()) {
            return others.newThread(task);
        }
        try {
            return first.newThread(() -> {
                try {
                    task.run();
                } finally {
                    left.release();
                }
            });
        } catch (OutOfMemoryError e) {
            left.release();
            throw e;
        }
    }
}
