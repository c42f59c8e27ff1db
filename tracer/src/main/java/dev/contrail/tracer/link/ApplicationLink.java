// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.event.EventPoint;
import java.io.File;
import java.util.List;

/// The application's end of the links to its session daemons: one daemon thread, `contrail-link`.
/// If it dies, tracing goes on as it was ordered.
///
/// As long as there is no daemon it only looks for a socket, and what runs until then is kept to
/// little code and few classes: no lambda, no stream, no path, no selector. Those cost an
/// application that nobody traces more than all the rest.
public final class ApplicationLink {
    /// How often the thread looks for a socket, and how long it rests after a failure.
    private static final long IDLE_MILLIS = 500;

    private static final long MAX_WAIT_MILLIS = 1000;
    private static final long DEFAULT_WAIT_MILLIS = 3000;
    private static final int NO_CLASS = -1;
    private static ApplicationLink link;

    private final List<File> sockets = SocketPaths.candidates();
    private final Thread thread = new LinkThread();

    /// What is left of the time that the application may be held up, in all.
    private long waitNanos = configuredWait();

    /// Whether the thread has looked for daemons once, and told those that are there.
    private boolean wasTried;

    /// Null as long as there was no socket.
    private volatile Connections connections;

    private ApplicationLink() {}

    private final class LinkThread extends Thread {
        LinkThread() {
            super("contrail-link");
            setDaemon(true);
        }

        @Override
        public void run() {
            work();
        }
    }

    /// The link of this process, running.
    public static synchronized ApplicationLink started() {
        if (link == null) {
            link = new ApplicationLink();
            link.thread.start();
        }
        return link;
    }

    private static long configuredWait() {
        String text = System.getenv("LTTNG_UST_REGISTER_TIMEOUT");
        long millis = DEFAULT_WAIT_MILLIS;
        try {
            if (text != null) millis = Long.parseLong(text.trim());
        } catch (RuntimeException e) {
            // as if it were not set
        }
        return millis < 0 ? Long.MAX_VALUE : millis * 1_000_000;
    }

    /// Waits until every daemon that answers has sent its initial orders, but not for ever.
    public void awaitReady() {
        await(NO_CLASS);
    }

    /// Tells the daemons of a new event class and waits for their orders about it, but not for
    /// ever.
    public void announce(EventPoint point) {
        Connections present = connections;
        if (present != null) present.wakeUp();
        await(point.classId());
    }

    private boolean isSettled(int classId) {
        if (!wasTried) return false;
        Connections present = connections;
        if (present == null) return true;
        return classId == NO_CLASS ? present.isSettled() : present.isSettled(classId);
    }

    private void await(int classId) {
        if (Thread.currentThread() == thread) return;
        boolean wasInterrupted = false;
        synchronized (this) {
            long from = System.nanoTime();
            while (thread.isAlive() && !isSettled(classId)) {
                long left = waitNanos - (System.nanoTime() - from);
                if (left <= 0) break;
                try {
                    wait(Math.min(left / 1_000_000 + 1, MAX_WAIT_MILLIS));
                } catch (InterruptedException e) {
                    wasInterrupted = true;
                    break;
                }
            }
            if (waitNanos != Long.MAX_VALUE)
                waitNanos = Math.max(0, waitNanos - (System.nanoTime() - from));
        }
        if (wasInterrupted) Thread.currentThread().interrupt();
    }

    private synchronized void markTried() {
        wasTried = true;
        notifyAll();
    }

    private void work() {
        while (true) {
            try {
                if (isExiting()) return;
                if (connections != null || isSocketThere()) {
                    pass();
                } else {
                    markTried();
                    Thread.sleep(IDLE_MILLIS);
                }
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) {
                ErrorLine.say("the link to the session daemon: " + e);
                markTried();
                if (!rest()) return;
            }
        }
    }

    private boolean isExiting() {
        return connections != null && connections.isExiting();
    }

    private boolean isSocketThere() {
        for (int i = 0; i < sockets.size(); i++) if (sockets.get(i).exists()) return true;
        return false;
    }

    private void pass() throws Exception {
        if (connections == null) connections = new Connections();
        connections.tell();
        markTried();
        connections.obey();
    }

    private static boolean rest() {
        try {
            Thread.sleep(IDLE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
