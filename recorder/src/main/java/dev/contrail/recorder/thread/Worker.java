// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.thread;

import dev.contrail.recorder.domain.RefusedException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;

/// A thread that does what it is given, in order, and outlives whatever that throws.
///
/// Who asks gets a future that completes in any case: with the value, with what was thrown, or with
/// a refusal when the queue is full or the worker ends. Any thread.
public final class Worker implements Executor {
    /// One piece of work; told when nobody will do it.
    private interface Task extends Runnable {
        void refuse(String reason);
    }

    private final String name;
    private final Supervisor supervisor;
    private final BlockingQueue<Runnable> waiting;
    private final Thread thread;
    private volatile boolean isEnding;
    private volatile long busySinceNanos; // 0 while it does nothing

    /// @param name of the thread
    /// @param maxWaiting pieces of work that may wait; more are refused
    public Worker(String name, int maxWaiting, Supervisor supervisor) {
        this.name = name;
        this.supervisor = supervisor;
        this.waiting = new LinkedBlockingQueue<>(maxWaiting);
        this.thread = new Thread(this::loop, name);
        thread.setDaemon(true);
        thread.start();
    }

    /// Whether the caller is this worker's thread.
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /// How long the present piece of work has been going on; 0 for none.
    public long busyNanos() {
        long since = busySinceNanos;
        return since == 0 ? 0 : Math.max(1, System.nanoTime() - since);
    }

    /// @throws RejectedExecutionException when the queue is full, or the worker has ended
    @Override
    public void execute(Runnable work) {
        if (isEnding || !waiting.offer(work)) {
            throw new RejectedExecutionException(refusal());
        }
        if (isEnding) {
            refuseAndWake(); // It may have ended in between.
        }
    }

    /// Does the work at once when the caller is this worker, which has its turn; else in its turn.
    public Executor now() {
        return work -> {
            if (isCurrent()) {
                work.run();
            } else {
                execute(work);
            }
        };
    }

    /// Does the work, at once when the caller is this worker. The future always completes.
    public <T> CompletableFuture<T> ask(Callable<T> work) {
        var answer = new CompletableFuture<T>();
        var task =
                new Task() {
                    @Override
                    public void run() {
                        try {
                            answer.complete(work.call());
                        } catch (Throwable failure) {
                            answer.completeExceptionally(failure);
                            if (failure instanceof Error) {
                                supervisor.failed(name, failure);
                            }
                        }
                    }

                    @Override
                    public void refuse(String reason) {
                        answer.completeExceptionally(new RefusedException(reason));
                    }
                };
        if (isCurrent()) {
            task.run();
            return answer;
        }
        try {
            execute(task);
        } catch (RejectedExecutionException e) {
            task.refuse(refusal());
        }
        return answer;
    }

    /// Takes no more work; what waits is refused, what is being done is done. Returns at once.
    public void end() {
        isEnding = true;
        refuseAndWake();
    }

    /// Waits for the end.
    ///
    /// @return whether it has ended within that time
    public boolean awaitEnd(long millis) throws InterruptedException {
        thread.join(millis);
        return !thread.isAlive();
    }

    private void loop() {
        while (!isEnding) {
            try {
                Runnable next = waiting.take();
                busySinceNanos = System.nanoTime();
                next.run();
            } catch (Throwable failure) {
                supervisor.failed(name, failure);
            } finally {
                busySinceNanos = 0;
            }
        }
        refuseWaiting();
    }

    /// Whoever takes what waits out of the queue may take with it what was to wake the thread.
    private void refuseAndWake() {
        refuseWaiting();
        waiting.offer(() -> {});
    }

    private void refuseWaiting() {
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            if (next instanceof Task task) {
                task.refuse(refusal());
            }
        }
    }

    private String refusal() {
        return isEnding
                ? "The session daemon is ending"
                : name + " does not follow: its queue is full";
    }
}
