// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// A session's consumer thread: owns the session's rings and its sink, drains the ones into the
/// other.
///
/// Others hand it work through [#ask]. A full queue refuses: nobody waits for a consumer that is
/// stuck.
final class Consumer implements Runnable {
    /// The drain period adapts between these to how full the buffers were.
    private static final long SHORTEST_PERIOD_MILLIS = 10;

    private static final long LONGEST_PERIOD_MILLIS = 100;
    private static final int MAX_TASKS = 1024;

    /// Between two drains some rings are asked so often how full they are, so many at a time.
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final int RINGS_A_LOOK = 4;
    private static final double PRESSING = 0.25;

    /// How often a consumer that has nothing to drain looks for rings to let go.
    private static final long IDLE_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<List<Ring>> rings;
    private final TraceOutput sink;
    private final BlockingQueue<Task<?>> tasks = new LinkedBlockingQueue<>(MAX_TASKS);
    private final Supervisor supervisor;
    private final Thread thread;
    private volatile boolean isOver;
    private long periodMillis = SHORTEST_PERIOD_MILLIS;
    private boolean isDraining;
    private boolean isLookingOn;
    private int nextLook;
    private boolean isEnded;
    private String problem = "";
    private volatile String published = "";

    /// @param rings what there is to drain, as the control thread last published it
    /// @param sink where packets of a disk session go
    Consumer(String session, Supplier<List<Ring>> rings, TraceOutput sink, Supervisor supervisor) {
        this.rings = rings;
        this.sink = sink;
        this.supervisor = supervisor;
        this.thread = new Thread(this, "contrail-consumer-" + session);
        thread.setDaemon(true);
        publish(); // what a daemon before this one could not store, also before the first look
        thread.start();
    }

    /// Begins to drain periodically.
    void startDraining() {
        ask(() -> {
            isDraining = true;
            return null;
        });
    }

    /// Drains everything once more, also what is not complete, and stops draining.
    CompletableFuture<Void> stopDraining() {
        return ask(() -> {
            drainAll(true);
            sink.tellLosses();
            isDraining = false;
            publish();
            return null;
        });
    }

    /// Ends the thread, without draining: what is not drained stays in the rings.
    CompletableFuture<Void> end() {
        return ask(() -> {
            isEnded = true;
            sink.close();
            return null;
        });
    }

    /// Runs `work` on the consumer thread. The future always completes: with what was thrown, or a
    /// refusal, when the queue is full or the consumer has ended.
    <T> CompletableFuture<T> ask(Callable<T> work) {
        var answer = new CompletableFuture<T>();
        var task = new Task<>(work, answer);
        if (isOver) {
            task.refuse();
        } else if (!tasks.offer(task)) {
            answer.completeExceptionally(
                    new IOException(thread.getName() + " does not follow: its queue is full"));
        } else if (isOver) {
            refuseWaiting(); // It may have ended in between.
        }
        return answer;
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

    /// What went wrong, empty for nothing; as of the last look at the rings. Any thread.
    String problem() {
        return published;
    }

    /// Records of a channel that could not be stored. Consumer thread.
    long lostRecords(boolean isKernel, String channel) {
        return sink.lostRecords(isKernel, channel);
    }

    /// Of these, the ones of the kernel's state dump.
    long lostOfStateDump(String channel) {
        return sink.lostOfStateDump(channel);
    }

    private void publish() {
        String first = sink.problem().isEmpty() ? problem : sink.problem();
        published =
                sink.lostRecords() == 0
                        ? first
                        : "%s (%d event records could not be stored)"
                                .formatted(first, sink.lostRecords());
    }

    @Override
    public void run() {
        long nextDrain = System.nanoTime();
        while (!isEnded) {
            try {
                long wait = isDraining ? nextDrain - System.nanoTime() : IDLE_PERIOD_NANOS;
                wait = isDraining && isLookingOn ? Math.min(wait, LOOK_NANOS) : wait;
                Task<?> task = tasks.poll(Math.max(0, wait), TimeUnit.NANOSECONDS);
                if (task != null) {
                    task.run(supervisor, thread.getName());
                } else if (isDraining && nextDrain - System.nanoTime() > 0 && !isPressing()) {
                    continue;
                } else if (isDraining) {
                    drainAll(false);
                    nextDrain = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(periodMillis);
                } else {
                    rings.get().forEach(this::discardFinished);
                }
                publish();
            } catch (Throwable failure) {
                supervisor.failed(thread.getName(), failure);
            }
        }
        isOver = true;
        refuseWaiting();
    }

    private void refuseWaiting() {
        for (Task<?> task = tasks.poll(); task != null; task = tasks.poll()) {
            task.refuse();
        }
    }

    /// Lets a ring go that is used no more: also in a snapshot session, which drains nothing.
    private void discardFinished(Ring ring) {
        try {
            if (ring.isFinished()) {
                ring.discard();
            }
        } catch (Throwable failure) {
            supervisor.failed("Cannot let go of a ring", failure);
        }
    }

    /// Whether one of the rings whose turn it is fills faster than it would be drained.
    private boolean isPressing() throws IOException {
        List<Ring> all = rings.get();
        boolean isPressing = false;
        for (int i = 0; i < Math.min(RINGS_A_LOOK, all.size()); i++) {
            nextLook = (nextLook + 1) % all.size();
            isPressing |= all.get(nextLook).fill() > PRESSING;
        }
        return isPressing;
    }

    private void drainAll(boolean isFinal) {
        double fullest = 0;
        isLookingOn = false;
        sink.beginRound();
        for (Ring ring : rings.get()) {
            try {
                isLookingOn |= ring.fill() >= 0;
                fullest = Math.max(fullest, ring.drain(sink, isFinal));
                discardFinished(ring);
            } catch (Throwable failure) {
                if (problem.isEmpty()) {
                    problem = "Cannot record: " + Reason.of(failure);
                }
                supervisor.failed("Cannot record", failure);
            }
        }
        if (fullest > 0.25) {
            periodMillis = Math.max(SHORTEST_PERIOD_MILLIS, periodMillis / 2);
        } else if (fullest < 0.1) {
            periodMillis = Math.min(LONGEST_PERIOD_MILLIS, periodMillis + 10);
        }
    }
}
