// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.cli.console.Signals;
import dev.contrail.ctf.Reason;
import dev.contrail.posix.SystemCalls;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The signals that ask a program to end, as `record` gets them: they are meant for its command.
///
/// One that was ignored from the start stays ignored, here as in the command. SIGQUIT is the JVM's.
final class PassedSignals {
    private static final List<String> NAMES = List.of("HUP", "INT", "TERM");

    /// A terminal gives Ctrl-C to the command too, and so may whoever sends SIGTERM: only a command
    /// that still runs then gets the signal from here.
    private static final long GRACE_MILLIS = 300;

    private volatile Optional<Process> command = Optional.empty();
    private volatile int early;

    private final Consumer<String> warning;

    private PassedSignals(Consumer<String> warning) {
        this.warning = warning;
    }

    /// From now on no signal of these ends this process.
    ///
    /// @param warning is told of one that cannot be passed on
    static PassedSignals watch(Consumer<String> warning) {
        var signals = new PassedSignals(warning);
        for (String name : NAMES) {
            Signals.handle(name, signals::arrived);
        }
        return signals;
    }

    /// The number of the signal that came before the command began; 0 for none.
    int early() {
        return early;
    }

    /// The command may begin and gets all signals that come, unless one has come already.
    synchronized boolean begin(Process started) {
        if (early == 0) {
            command = Optional.of(started);
        }
        return early == 0;
    }

    private void arrived(int signal) {
        synchronized (this) {
            if (command.isEmpty()) {
                early = signal;
                return;
            }
        }
        Process running = command.get();
        try {
            if (!running.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                SystemCalls.kill((int) running.pid(), signal);
            }
        } catch (IOException e) { // it is another user's now
            warning.accept("Signal " + signal + " is not passed on: " + Reason.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
