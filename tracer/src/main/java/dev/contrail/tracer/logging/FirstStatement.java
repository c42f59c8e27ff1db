// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.text.MessageFormat;
import java.util.List;

/// Reads a log statement that nobody has made, so that no application's thread is the first to use
/// what the JDK has for it: see `link.Rehearsal`.
final class FirstStatement {
    private FirstStatement() {}

    static void rehearse() {
        for (LevelSelection each : LevelSelection.values()) {
            new LogRule("*", each, 0).wants(LogSystem.JUL, "", 0);
        }
        MessageFormat.format("{0} {1}", "text", 1000);
        List.of("").forEach(each -> write()); // a frame of the JDK's
        Caller.rehearse();
        LoggingThread.nameIf(LoggingThread.id(Thread.currentThread()));
    }

    private static void write() {
        Throwable thrown = new IllegalStateException("", new IllegalStateException());
        thrown.addSuppressed(new IllegalStateException());
        ThrownText.of(thrown);
        ThrownText.ofType(thrown);
    }
}
