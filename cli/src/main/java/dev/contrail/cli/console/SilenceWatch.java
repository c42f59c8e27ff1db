// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/// Closes a connection on which nothing has come for too long, so that no command waits for ever.
///
/// Reading a socket has no bound of its own. Used by one thread; a daemon thread watches.
final class SilenceWatch {
    /// The daemon gives a sign of life every second while it works.
    static final long LONGEST_SECONDS = 20;

    private static final long PERIOD_MILLIS = 100;

    private final SocketChannel socket;
    private final long longestSeconds;
    private volatile long deadlineNanos;
    private volatile boolean isWaiting;
    private volatile boolean hasStruck;
    private boolean isStarted;

    /// @param longestSeconds how long silence may last
    SilenceWatch(SocketChannel socket, long longestSeconds) {
        this.socket = socket;
        this.longestSeconds = longestSeconds;
    }

    /// Something is waited for from now on.
    void begin() {
        deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(longestSeconds);
        isWaiting = true;
        if (!isStarted) {
            isStarted = true;
            Thread.ofPlatform().daemon().name("contrail-silence").start(this::watch);
        }
    }

    /// It has come.
    void end() {
        isWaiting = false;
    }

    long longestSeconds() {
        return longestSeconds;
    }

    /// Whether the connection was closed for silence.
    boolean hasStruck() {
        return hasStruck;
    }

    private void watch() {
        try {
            while (socket.isOpen()) {
                if (isWaiting && System.nanoTime() - deadlineNanos > 0) {
                    hasStruck = true;
                    socket.close();
                }
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            }
        } catch (IOException e) {
            hasStruck = true; // It is closed all the same.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
