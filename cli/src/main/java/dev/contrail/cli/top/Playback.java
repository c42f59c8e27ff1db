// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

/// How fast a stored trace is played: interval by interval, at a speed, paused or stepped.
///
/// One thread plays, and waits here after each interval; any other steers.
final class Playback {
    static final double LEAST_SPEED = 1.0 / 1024;
    static final double MOST_SPEED = 1024 * 1024;

    private double speed;
    private boolean isPaused;
    private boolean isEnded;
    private int steps;

    Playback(double speed) {
        this.speed = speed;
    }

    /// Waits until the next interval may be played.
    ///
    /// @param nanos how long the last one was
    /// @param began when it was begun to be played ([System#nanoTime])
    /// @return whether there is to be a next one
    synchronized boolean await(long nanos, long began) throws InterruptedException {
        while (!isEnded) {
            if (steps > 0) {
                steps--;
                return true;
            }
            if (isPaused) {
                wait();
                continue;
            }
            long left = (long) (nanos / speed) - (System.nanoTime() - began);
            if (left <= 0) {
                return true;
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        return false;
    }

    synchronized void end() {
        isEnded = true;
        notifyAll();
    }

    synchronized boolean isPaused() {
        return isPaused;
    }

    synchronized void pause(boolean wanted) {
        isPaused = wanted;
        steps = 0;
        notifyAll();
    }

    /// Plays one interval more, and is paused then.
    synchronized void step() {
        isPaused = true;
        steps++;
        notifyAll();
    }

    synchronized double speed() {
        return speed;
    }

    synchronized void changeSpeed(double factor) {
        speed = Math.clamp(speed * factor, LEAST_SPEED, MOST_SPEED);
        notifyAll();
    }
}
