// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import dev.contrail.tracer.ring.read.Pool;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The thread that looks after the rings of processes that have ended, and gives the word when what
/// was refused may be tried again. Any thread may ask it for something.
public final class Housekeeping {
    private static final int RETRY_SECONDS = 2;

    /// When nothing has happened.
    private static final int QUIET_SECONDS = 60;

    /// After an application has gone: until its process has.
    private static final int BUSY_SECONDS = 5;

    private final DeadRings rings;
    private final Runnable retry;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(work -> {
                var made = new Thread(work, "contrail-rings");
                made.setDaemon(true);
                return made;
            });
    private final System.Logger log = System.getLogger("dev.contrail.recorder");
    private volatile boolean isStarted;
    private volatile int busySeconds;
    private long seconds;

    /// @param giveUp makes our sessions end their claims on a ring
    /// @param retry makes them tell applications again what those have refused
    public Housekeeping(RingDirectories directories, Consumer<Path> giveUp, Runnable retry) {
        this.rings = new DeadRings(directories, giveUp);
        this.retry = retry;
    }

    /// Begins to delete. Before, only what is asked for is done.
    public void start() {
        isStarted = true;
        soon();
        thread.scheduleWithFixedDelay(this::second, 0, 1, TimeUnit.SECONDS);
    }

    /// Rings may have become dead.
    public void soon() {
        busySeconds = BUSY_SECONDS;
    }

    /// A snapshot session holds what is in its rings: those that nobody else wants are cut down to
    /// it.
    public void keeper(long sessionId) {
        rings.keeper(sessionId);
    }

    /// That session is no more.
    public void noKeeper(long sessionId) {
        rings.noKeeper(sessionId);
    }

    /// Whether that ring was deleted here: its process had ended, and no pool was in it. Any
    /// thread.
    public boolean hasTidied(Path ring) {
        return rings.hasDeleted(ring);
    }

    /// A channel of a session has had what a ring held for it, or wants it no more; the session's
    /// other channels may be still at it.
    public void release(Path ring, int owner, long sessionId, int channelId) {
        release(
                ring,
                owner,
                pool -> pool.sessionId() == sessionId && pool.channelId() == channelId);
    }

    /// The same for all channels of a session that is destroyed.
    public void releaseAll(Path ring, int owner, long sessionId) {
        release(ring, owner, pool -> pool.sessionId() == sessionId);
    }

    private void release(Path ring, int owner, Predicate<Pool> claims) {
        soon();
        try {
            thread.execute(() -> guarded(() -> rings.release(ring, owner, claims)));
        } catch (RejectedExecutionException e) {
            log.log(System.Logger.Level.DEBUG, "The daemon ends: " + ring + " stays", e);
        }
    }

    /// Ends the thread, once it has done what it was asked, and has looked once more: what a
    /// session that was destroyed has left is known to this daemon only. Waits 5 s at most.
    public void close() {
        if (isStarted) {
            thread.execute(() -> guarded(rings::tidy));
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(BUSY_SECONDS, TimeUnit.SECONDS)) {
                log.log(System.Logger.Level.WARNING, "Rings are left for the next daemon");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void second() {
        if (busySeconds > 0 || seconds % QUIET_SECONDS == 0) {
            busySeconds--;
            guarded(rings::tidy);
        }
        if (seconds % RETRY_SECONDS == 0) {
            guarded(retry);
        }
        seconds++;
    }

    /// What fails once is tried again: the thread goes on.
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            log.log(System.Logger.Level.WARNING, "looking after rings", e);
        }
    }
}
