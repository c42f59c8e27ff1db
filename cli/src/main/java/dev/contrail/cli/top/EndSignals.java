// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.cli.console.Signals;
import java.util.List;

/// Signals that end what is shown, so that the terminal and the private session are as before then.
final class EndSignals {
    private static final int STATUS = 128;
    private static final int SIGINT = 2;

    private final List<String> signals;
    private int signal;

    /// Waits for SIGINT, SIGTERM and SIGHUP from now on.
    EndSignals() {
        this(List.of("INT", "TERM", "HUP"));
    }

    /// Waits for these from now on.
    EndSignals(List<String> signals) {
        this.signals = signals;
        handle();
    }

    /// Waits for them again, after somebody else may have handled them.
    final void handle() {
        signals.forEach(each -> Signals.handle(each, this::come));
    }

    /// As if one had come.
    void end() {
        come(SIGINT);
    }

    private synchronized void come(int number) {
        signal = number;
        notifyAll();
    }

    synchronized boolean isWanted() {
        return signal != 0;
    }

    /// Waits for one, so long.
    ///
    /// @return whether one has come
    synchronized boolean await(long nanos) {
        long until = System.nanoTime() + nanos;
        try {
            while (signal == 0) {
                long left = (until - System.nanoTime() + 999_999) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /// The exit status: Ctrl-C is how one leaves, others say that somebody else has ended it.
    synchronized int status(int otherwise) {
        return signal == 0 || signal == SIGINT ? otherwise : STATUS + signal;
    }
}
