// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.thread;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A log that says a thing once a minute however often it happens, and then how often it did: a
/// full disk must not fill another one. Any thread.
public final class RepeatedMessages {
    static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    /// Different messages that are remembered; beyond it the oldest is forgotten.
    static final int MAX_REMEMBERED = 64;

    private static final class Said {
        private long atNanos;
        private long repeats;
    }

    private final System.Logger log;
    private final LongSupplier nanoTime;
    private final Map<String, Said> said = new LinkedHashMap<>();

    public RepeatedMessages(System.Logger log) {
        this(log, System::nanoTime);
    }

    RepeatedMessages(System.Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    /// Warns, unless the same was said within the last minute.
    public void warn(String message, Throwable why) {
        long repeats = repeatsToSay(message);
        if (repeats >= 0) {
            log.log(
                    System.Logger.Level.WARNING,
                    repeats == 0 ? message : message + " (and " + repeats + " times before)",
                    why);
        }
    }

    /// How often it was not said since it was said; -1 when it is not to be said now.
    private synchronized long repeatsToSay(String message) {
        long now = nanoTime.getAsLong();
        Said before = said.get(message);
        if (before == null) {
            if (said.size() >= MAX_REMEMBERED) {
                said.remove(said.keySet().iterator().next());
            }
            before = new Said();
            said.put(message, before);
        } else if (now - before.atNanos < PERIOD_NANOS) {
            before.repeats++;
            return -1;
        }
        long repeats = before.repeats;
        before.atNanos = now;
        before.repeats = 0;
        return repeats;
    }
}
