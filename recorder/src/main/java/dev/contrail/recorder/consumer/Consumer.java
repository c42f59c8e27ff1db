// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.output.SessionOutput;
import dev.contrail.recorder.thread.RecorderHost;
import dev.contrail.recorder.thread.Supervisor;
import dev.contrail.recorder.thread.TaskQueue;
import dev.contrail.wire.net.TimeSource;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// A session's consumer thread: owns the session's rings, drains those that no thread of their own
/// empties, and gives what was in them to the [Sender].
///
/// Others hand it work through [#ask]. A full queue refuses: nobody waits for a consumer that is
/// stuck.
public final class Consumer implements Runnable {
    /// Between two drains some rings are asked how full they are, so many at a time: often while
    /// one fills fast, seldom while nothing is recorded, as each look costs a processor that slept
    /// 0.1 ms; yet before a ring of 4 MiB is full at 200 MB/s.
    private static final long PRESSED_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long QUIET_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(16);
    private static final long PRESSED_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int RINGS_A_LOOK = 4;
    private static final double PRESSING = 0.25;

    private static final long SHORTEST_LIVE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int ROUNDS_A_BEAT = 4;

    /// How often a consumer that has nothing to drain looks for rings to let go.
    private static final long IDLE_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<List<Ring>> rings;
    private final SessionOutput output;
    private final Outbox outbox;
    private final Sender sender;
    private final Supervisor supervisor;
    private final TimeSource clock;
    private final RingDrain drain;
    private final Thread thread;
    private final TaskQueue tasks;
    private boolean isDraining;
    private int nextLook;
    private long pressedAt;
    private boolean isEnded;

    /// @param rings what there is to drain, as the control thread last published it
    /// @param output where packets of a disk session go
    /// @param outbox where it puts them
    /// @param sender what takes them there
    public Consumer(
            String session,
            Supplier<List<Ring>> rings,
            SessionOutput output,
            Outbox outbox,
            Sender sender,
            Supervisor supervisor) {
        RecorderHost host = sender.host();
        this.clock = host.clock();
        this.rings = rings;
        this.output = output;
        this.outbox = outbox;
        this.sender = sender;
        this.supervisor = supervisor;
        this.drain = new RingDrain(supervisor);
        this.thread = host.thread("contrail-consumer-" + session, this);
        this.tasks = new TaskQueue(thread.getName(), supervisor, clock);
        pressedAt = clock.nanos() - PRESSED_NANOS;
        thread.start();
    }

    /// The session is an earlier daemon's. Before it drains.
    public void takenOver() {
        sender.takenOver();
    }

    /// Before the session starts: its output is there, and takes packets. Fails when it is not.
    public CompletableFuture<Void> prepare() {
        return sender.prepare();
    }

    /// Begins to drain periodically.
    public void startDraining() {
        sender.startDraining();
        ask(() -> {
            supervisor.prefer(true);
            return isDraining = true;
        });
    }

    /// Drains everything once more, also what is not complete, and stops draining. The future
    /// completes when it is stored too, or the output is silent.
    ///
    /// @param isLast whether what cannot be stored now is lost in any case
    public CompletableFuture<Void> stopDraining(boolean isLast) {
        return ask(
                        () -> {
                            drain.drain(own(), outbox, true);
                            isDraining = false;
                            supervisor.prefer(false);
                            return null;
                        })
                .thenCompose(_ -> sender.finish(isLast));
    }

    /// Ends the thread, without draining: what is not drained stays in the rings.
    public CompletableFuture<Void> end() {
        return ask(() -> isEnded = true).thenCompose(_ -> sender.end());
    }

    /// Runs `work` on the consumer thread, as [TaskQueue#ask] does.
    public <T> CompletableFuture<T> ask(Callable<T> work) {
        return tasks.ask(work);
    }

    /// What went wrong, empty for nothing. Any thread.
    public String problem() {
        String sending = sender.problem(); // once: it may end
        String first = sending.isEmpty() ? drain.problem() : sending;
        long lost = output.lostRecords();
        return lost == 0
                ? first
                : "%s (%d event records could not be stored)".formatted(first, lost);
    }

    /// Records of a channel that could not be stored. Any thread.
    public long lostRecords(boolean isKernel, String channel) {
        return output.lostRecords(isKernel, channel);
    }

    /// Of these, the ones of the kernel's state dump.
    public long lostOfStateDump(String channel) {
        return output.lostOfStateDump(channel);
    }

    @Override
    public void run() {
        long nextDrain = clock.nanos();
        while (!isEnded) {
            try {
                List<Ring> own = own();
                long wait = isDraining ? nextDrain - clock.nanos() : IDLE_PERIOD_NANOS;
                wait = isDraining && !own.isEmpty() ? Math.min(wait, lookNanos()) : wait;
                if (tasks.runNext(wait)) {
                    continue;
                }
                outbox.rest();
                if (!isDraining) {
                    rings.get().forEach(drain::discardFinished);
                } else if (nextDrain - clock.nanos() <= 0 || isPressing(own)) {
                    long ticks = clock.nanos();
                    drain.drain(own, outbox, false);
                    sender.roundEnded(
                            own.stream().mapToLong(Ring::floorTicks).reduce(ticks, Math::min));
                    nextDrain = clock.nanos() + periodNanos();
                }
            } catch (Throwable failure) {
                supervisor.failed(thread.getName(), failure);
            }
        }
        supervisor.prefer(false);
        tasks.end();
    }

    /// The rings that nobody else empties.
    private List<Ring> own() {
        return rings.get().stream().filter(ring -> !ring.isSpilled()).toList();
    }

    /// Where viewers follow, several times in the period at which they want to see something: what
    /// one round has found is sent when the next one is over.
    private long periodNanos() {
        long beat = output.beatNanos();
        return beat == 0
                ? drain.periodNanos()
                : Math.min(
                        drain.periodNanos(), Math.max(SHORTEST_LIVE_NANOS, beat / ROUNDS_A_BEAT));
    }

    private long lookNanos() {
        if (clock.nanos() - pressedAt < PRESSED_NANOS) {
            return PRESSED_LOOK_NANOS;
        }
        return outbox.quietNanos() < QUIET_NANOS ? LOOK_NANOS : QUIET_LOOK_NANOS;
    }

    /// Whether one of the rings whose turn it is fills faster than it would be drained.
    private boolean isPressing(List<Ring> all) throws IOException {
        boolean isPressing = false;
        for (int i = 0; i < Math.min(RINGS_A_LOOK, all.size()); i++) {
            nextLook = (nextLook + 1) % all.size();
            isPressing |= all.get(nextLook).fill() > PRESSING;
        }
        if (isPressing) {
            pressedAt = clock.nanos();
        }
        return isPressing;
    }
}
