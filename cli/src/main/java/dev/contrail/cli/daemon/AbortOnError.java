// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.posix.SystemCalls;
import java.io.IOException;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Ends a daemon at the first error that it logs, where `LTTNG_ABORT_ON_ERROR` is 1: for who wants
/// to see it in the state in which that has happened.
final class AbortOnError extends Handler {
    static final String VARIABLE = "LTTNG_ABORT_ON_ERROR";

    private final Runnable abort;

    private AbortOnError(Runnable abort) {
        this.abort = abort;
        setLevel(Level.WARNING);
    }

    /// Watches what is logged from now on, if that is wanted.
    ///
    /// @param log where errors are logged, which the caller keeps in reach
    static void watch(Logger log, Map<String, String> environment) {
        watch(log, environment, AbortOnError::abort);
    }

    static void watch(Logger log, Map<String, String> environment, Runnable abort) {
        if ("1".equals(environment.get(VARIABLE))) {
            log.addHandler(new AbortOnError(abort));
        }
    }

    /// The other handlers come after this one: it says itself what has happened.
    @Override
    public void publish(LogRecord record) {
        boolean isError =
                record.getLevel().intValue() >= Level.SEVERE.intValue()
                        || record.getThrown() != null;
        if (isLoggable(record) && isError) {
            System.err.println("Aborted, as " + VARIABLE + " wants it: " + record.getMessage());
            System.err.flush();
            abort.run();
        }
    }

    private static void abort() {
        try {
            SystemCalls.kill((int) ProcessHandle.current().pid(), SystemCalls.SIGABRT);
        } catch (IOException e) {
            Runtime.getRuntime().halt(128 + SystemCalls.SIGABRT);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
