// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.log;

import dev.contrail.ctf.Reason;
import java.util.concurrent.TimeUnit;

/// What a relay says of itself, where no answer to a peer would tell the user. Whoever can connect
/// can make it say something: it says no more than so many lines a minute, and how many it left
/// out.
public final class RelayLog {
    /// Lines in a period.
    static final int MAX_LINES = 60;

    /// Nanoseconds of a period.
    static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final System.Logger LOG = System.getLogger("dev.contrail.relay");
    private static final RelayLog LINES = new RelayLog();

    private long began = System.nanoTime();
    private int lines;
    private long leftOut;

    private RelayLog() {}

    /// Something was lost, or refused.
    public static void warn(String what) {
        log(System.Logger.Level.WARNING, what);
    }

    private static void log(System.Logger.Level level, String what) {
        if (LINES.mayPrint()) {
            LOG.log(level, () -> printable(what));
        }
    }

    /// Something could not be done.
    public static void failed(String what, Throwable why) {
        log(System.Logger.Level.ERROR, what + ": " + Reason.of(why));
    }

    /// Something that only who looks for a fault wants to know.
    public static void debug(String what) {
        LOG.log(System.Logger.Level.DEBUG, () -> printable(what));
    }

    /// Names come from peers: none may command a terminal, or begin a line.
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private synchronized boolean mayPrint() {
        long now = System.nanoTime();
        if (now - began >= PERIOD_NANOS) {
            if (leftOut > 0) {
                long count = leftOut;
                LOG.log(System.Logger.Level.WARNING, () -> count + " more lines were left out");
            }
            began = now;
            lines = 0;
            leftOut = 0;
        }
        if (lines == MAX_LINES) {
            leftOut++;
            return false;
        }
        lines++;
        return true;
    }
}
