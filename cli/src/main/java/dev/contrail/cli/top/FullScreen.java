// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.cli.console.Signals;
import dev.contrail.posix.SystemCalls;
import dev.tamboui.terminal.Backend;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/// The user's terminal as long as the whole of it is ours, and given back while we are stopped.
/// Used by the screen's thread.
final class FullScreen {
    /// Stops this process until somebody lets it go on.
    @FunctionalInterface
    interface Stop {
        void stop() throws IOException;
    }

    private static final int OWN_GROUP = 0;
    private static final int SIGTSTP = 20;

    private final Backend backend;
    private final Stop stop;
    private final AtomicBoolean isContinued = new AtomicBoolean();

    FullScreen(Backend backend, Stop stop) {
        this.backend = backend;
        this.stop = stop;
    }

    /// As the terminal does on Ctrl-Z where it is not ours: with what started us.
    ///
    /// This process is stopped when this thread is, and not when one of its others takes the
    /// group's signal, before which this one could take the terminal again.
    static void stopGroup() throws IOException {
        Signals.Before before = Signals.ignore("TSTP");
        try {
            SystemCalls.kill(OWN_GROUP, SIGTSTP);
        } finally {
            before.restore();
        }
        SystemCalls.raise(SIGTSTP);
    }

    Backend backend() {
        return backend;
    }

    /// Takes the terminal.
    void enter() throws IOException {
        Signals.handle("CONT", _ -> isContinued.set(true));
        take();
    }

    private void take() throws IOException {
        backend.enableRawMode();
        backend.enterAlternateScreen();
        backend.hideCursor();
        backend.enableMouseCapture();
    }

    private void give() throws IOException {
        backend.disableMouseCapture();
        backend.showCursor();
        backend.leaveAlternateScreen();
        backend.disableRawMode();
        backend.flush();
    }

    /// Gives the terminal back, stops, and takes it again.
    void suspend() throws IOException {
        give();
        stop.stop();
        isContinued.set(true);
    }

    /// Takes the terminal again where we were stopped, by whomever.
    ///
    /// @return whether all is to be drawn anew
    boolean retake() throws IOException {
        if (!isContinued.getAndSet(false)) {
            return false;
        }
        take();
        return true;
    }
}
