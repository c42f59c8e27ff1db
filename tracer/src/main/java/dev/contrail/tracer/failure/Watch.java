// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.process.TracerThread;

/// A thread of ours that looks at something again and again as long as it is wanted. Costs a
/// hundredth of a processor at most: where a look takes long there are fewer.
final class Watch {
    /// How many times longer than it has taken to look it rests.
    private static final long REST = 100;

    /// What is done each time.
    interface Look {
        void look(long now);
    }

    /// Makes it, in the thread, each time that it is wanted anew.
    interface Beginning {
        Look begin() throws Exception;
    }

    private final String thread;
    private final long firstNanos;
    private final long periodNanos;
    private final Beginning beginning;

    private boolean isWanted;
    private boolean isRunning;
    private boolean hasBegun;
    private String problem = "";

    /// @param firstNanos how long it must have been wanted before it begins
    Watch(String thread, long firstNanos, long periodNanos, Beginning beginning) {
        this.thread = thread;
        this.firstNanos = firstNanos;
        this.periodNanos = periodNanos;
        this.beginning = beginning;
    }

    /// Returns at once. What cannot begin does not try again.
    synchronized void want(boolean wanted) {
        isWanted = wanted && problem.isEmpty();
        notifyAll();
        if (isWanted && !isRunning) {
            TracerThread.named(thread, this::work).start();
            isRunning = true;
        }
    }

    /// Whether it is wanted and does not look yet.
    synchronized boolean isBeginning() {
        return isWanted && !hasBegun;
    }

    /// Why it does not look; empty when it does.
    synchronized String problem() {
        return problem;
    }

    private void work() {
        try {
            if (isWantedAfter(firstNanos)) {
                watch();
            }
        } catch (Throwable e) { // also for want of memory
            fail(e);
        }
    }

    private synchronized void fail(Throwable e) {
        problem = e.toString();
        isWanted = false;
        isRunning = false;
    }

    private void watch() throws Exception {
        Look look = beginning.begin();
        begun();
        long took = 0;
        while (isWantedAfter(Math.max(periodNanos, REST * took))) {
            long begin = System.nanoTime();
            look.look(begin);
            took = System.nanoTime() - begin;
        }
    }

    private synchronized void begun() {
        hasBegun = true;
    }

    private synchronized boolean isWantedAfter(long nanos) {
        long begin = System.nanoTime();
        while (isWanted) {
            long left = nanos - (System.nanoTime() - begin);
            if (left <= 0) {
                return true;
            }
            try {
                wait(left / 1_000_000 + 1);
            } catch (InterruptedException e) {
                // not by us, and not for us
            }
        }
        isRunning = false;
        hasBegun = false;
        return false;
    }
}
