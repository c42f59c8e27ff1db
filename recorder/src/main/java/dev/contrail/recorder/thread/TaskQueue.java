// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.thread;

import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.wire.net.TimeSource;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/// What others want of a thread that owns something. A full queue refuses: nobody waits for a
/// thread that is stuck. Asked by any thread, emptied by one.
public final class TaskQueue {
    private static final int MAX_TASKS = 1024;

    private final BlockingQueue<Task<?>> tasks = new LinkedBlockingQueue<>(MAX_TASKS);
    private final String who;
    private final Supervisor supervisor;
    private final TimeSource clock;
    private volatile boolean isOver;

    /// The thread that waits for tasks, once it has. Written before it looks for one a last time,
    /// read after one was put.
    private volatile Optional<Thread> waiting = Optional.empty();

    /// @param who the thread, for messages
    public TaskQueue(String who, Supervisor supervisor) {
        this(who, supervisor, TimeSource.SYSTEM);
    }

    /// @param who the thread, for messages
    public TaskQueue(String who, Supervisor supervisor, TimeSource clock) {
        this.who = who;
        this.supervisor = supervisor;
        this.clock = clock;
    }

    /// Has `work` run by the thread. The future always completes: with what was thrown, or a
    /// refusal, when the queue is full or the thread has ended.
    public <T> CompletableFuture<T> ask(Callable<T> work) {
        var answer = new CompletableFuture<T>();
        var task = new Task<>(work, answer);
        if (isOver) {
            task.refuse();
        } else if (!tasks.offer(task)) {
            answer.completeExceptionally(
                    new IOException(who + " does not follow: its queue is full"));
        } else if (isOver) {
            refuseWaiting(); // It may have ended in between.
        }
        waiting.ifPresent(LockSupport::unpark);
        return answer;
    }

    /// Waits for a task, so long at most, or less, and runs it.
    ///
    /// @return whether there was one
    public boolean runNext(long nanos) throws InterruptedException {
        Optional<Task<?>> next = Optional.ofNullable(tasks.poll());
        if (next.isEmpty() && nanos > 0) {
            next = awaited(nanos);
        }
        next.ifPresent(task -> task.run(supervisor, who));
        return next.isPresent();
    }

    private Optional<Task<?>> awaited(long nanos) throws InterruptedException {
        waiting = Optional.of(Thread.currentThread());
        if (tasks.isEmpty()) { // nothing was put before that was seen
            clock.park(this, nanos);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return Optional.ofNullable(tasks.poll());
    }

    /// The thread ends: what waits is refused, and what comes.
    public void end() {
        isOver = true;
        refuseWaiting();
    }

    private void refuseWaiting() {
        for (Task<?> task = tasks.poll(); task != null; task = tasks.poll()) {
            task.refuse();
        }
    }

    private record Task<T>(Callable<T> work, CompletableFuture<T> answer) {
        void run(Supervisor supervisor, String who) {
            try {
                answer.complete(work.call());
            } catch (Throwable failure) {
                answer.completeExceptionally(failure);
                if (failure instanceof Error) {
                    supervisor.failed(who, failure);
                }
            }
        }

        void refuse() {
            answer.completeExceptionally(new RefusedException("The session was destroyed"));
        }
    }
}
