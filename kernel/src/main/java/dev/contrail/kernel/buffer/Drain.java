// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import dev.contrail.posix.Readiness;
import dev.contrail.posix.SystemCalls;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Takes what a channel's rings hold out of the kernel before they are full, on a thread of its own
/// that does nothing else: neither a conversion nor a slow disk keeps it. The kernel wakes it when
/// a ring is filled as its `buffer_percent` says.
public final class Drain implements Runnable {
    /// The kernel forgets to wake now and then; asked again, it says that the ring is filled.
    private static final int WAIT_MILLIS = 5;

    /// So often rings are looked into that are not filled.
    private static final int LOOK_MILLIS = 100;

    /// How long after a sub-buffer more are expected.
    private static final long BUSY_NANOS = 1_000_000_000;

    private static final int FAILED_MILLIS = 100;
    private static final System.Logger LOG = System.getLogger(Drain.class.getName());

    private final Readiness readiness;
    private final Thread thread;
    private volatile List<SpilledBuffer> buffers = List.of();
    private volatile boolean isOver;
    private long lookedAt = System.nanoTime();
    private long takenAt = lookedAt;

    public Drain(String channel) throws IOException {
        readiness = new Readiness();
        thread = new Thread(this, "contrail-drain-" + channel);
        thread.setDaemon(true);
        thread.start();
    }

    /// Whose rings it looks after from now on.
    public void watch(List<SpilledBuffer> all) {
        buffers = List.copyOf(all);
        readiness.wake();
    }

    /// Ends the thread; the files it waits for may be closed after that.
    public void close() {
        isOver = true;
        readiness.wake();
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                isInterrupted = true;
            }
        }
        readiness.close();
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        // A ring of a few MiB is full in milliseconds.
        boolean _ = SystemCalls.preferThisThread(true);
        List<SpilledBuffer> watched = List.of();
        while (!isOver) {
            try {
                List<SpilledBuffer> now = buffers;
                if (now != watched) {
                    watched = now;
                    readiness.watch(now.stream().map(SpilledBuffer::file).toList());
                }
                boolean isBusy = System.nanoTime() - takenAt < BUSY_NANOS;
                boolean isReady = readiness.await(isBusy ? WAIT_MILLIS : LOOK_MILLIS);
                boolean isDue = System.nanoTime() - lookedAt > (LOOK_MILLIS - 1) * 1_000_000L;
                if ((isReady || isDue) && !take(watched)) {
                    Thread.sleep(WAIT_MILLIS);
                }
            } catch (Throwable failure) { // the final drain meets it as well, and tells
                LOG.log(System.Logger.Level.DEBUG, "draining", failure);
                pause();
            }
        }
        boolean _ = SystemCalls.preferThisThread(false);
    }

    /// @return whether there was something
    private boolean take(List<SpilledBuffer> all) throws IOException {
        boolean isAny = false;
        lookedAt = System.nanoTime();
        Optional<IOException> first = Optional.empty();
        for (SpilledBuffer buffer : all) {
            try {
                isAny |= buffer.take(lookedAt);
            } catch (IOException failed) { // the other CPUs go on
                first = first.or(() -> Optional.of(failed));
            }
        }
        if (first.isPresent()) {
            throw first.get();
        }
        if (isAny) {
            takenAt = lookedAt;
        }
        return isAny;
    }

    private static void pause() {
        try {
            Thread.sleep(FAILED_MILLIS);
        } catch (InterruptedException nobodyMeansUs) { // nobody has a reason to
            LOG.log(System.Logger.Level.DEBUG, "interrupted", nobodyMeansUs);
        }
    }
}
