// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.method.MethodTracing;
import dev.contrail.tracer.process.ErrorLine;
import dev.contrail.tracer.process.TracerThread;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The application's end of the links to its session daemons: one thread, `contrail-link`. If it
/// dies, tracing goes on as it was ordered.
///
/// As long as there is no daemon it only looks for a socket, and what runs until then is kept to
/// little code and few classes: no lambda, no stream, no path, no selector. Those cost an
/// application that nobody traces more than all the rest.
public final class ApplicationLink {
    /// How often the thread looks for a socket, and how long it rests after a failure.
    private static final long IDLE_MILLIS = 500;

    private static final long MAX_WAIT_MILLIS = 100;
    private static final String WAIT = System.getenv("LTTNG_UST_REGISTER_TIMEOUT");
    private static final long DEFAULT_WAIT_MILLIS = 3000;

    /// How long a daemon that has taken the connection, but has not even greeted, holds up the
    /// application: one that works greets within 50 ms. Where the wait is configured, that holds.
    private static final long SILENCE_NANOS = 500_000_000;

    private static final int NO_CLASS = -1;

    static final String THREAD = "contrail-link";

    private static @Nullable ApplicationLink link;

    private final List<File> sockets = SocketPaths.candidates();

    /// Those that agents have told of. In an array that never changes.
    private volatile File[] added = {};

    /// Null while there is none to be had.
    private @Nullable Thread thread;

    /// What is left of the time that the application may be held up, in all.
    private long waitNanos = configuredWait();

    /// Event classes that have been waited for; a race only waits twice.
    private volatile int announced;

    private final long silenceNanos = WAIT == null ? SILENCE_NANOS : Long.MAX_VALUE;

    /// Whether the thread has looked for daemons once, and told those that are there.
    private boolean wasTried;

    /// Null as long as there was no socket.
    private volatile @Nullable DaemonLinks connections;

    private ApplicationLink() {
        ErrorLine.prepare();
    }

    private final class Work implements Runnable {
        @Override
        public void run() {
            work();
        }
    }

    /// The link of this process, running, unless there is no thread to be had: then the next call
    /// tries again, and nothing is traced until then.
    ///
    /// @param answer what the thread says to other copies of this jar
    public static synchronized ApplicationLink started(Supplier<Object> answer) {
        if (link == null) {
            link = new ApplicationLink();
        }
        if (link.thread == null) {
            link.start(answer);
        }
        return link;
    }

    /// Another session daemon listens there, as long as that socket is there.
    ///
    /// @param path empty for none
    synchronized void add(String path) {
        if (path.isEmpty()) {
            return;
        }
        List<File> known = new ArrayList<>();
        for (File each : added) {
            if (each.exists() && !each.getPath().equals(path)) {
                known.add(each);
            }
        }
        known.add(new File(path));
        added = known.toArray(new File[0]);
        wakeUp();
    }

    private void start(Supplier<Object> answer) {
        try {
            Thread made = TracerThread.named(THREAD, new Work(), answer);
            made.start();
            thread = made;
        } catch (Throwable e) {
            ErrorLine.say(ErrorLine.About.THREADS, "not traced, no thread to be had: " + e);
        }
    }

    private static long configuredWait() {
        long millis = DEFAULT_WAIT_MILLIS;
        try {
            if (WAIT != null) {
                millis = Long.parseLong(WAIT.trim());
            }
        } catch (RuntimeException e) {
            // as if it were not set
        }
        return millis < 0 ? Long.MAX_VALUE : millis * 1_000_000;
    }

    /// Waits until every daemon that answers has sent its initial orders, but not for ever.
    public void awaitReady() {
        await(NO_CLASS);
    }

    /// Tells the daemons of new event classes and waits for their orders about them, but not for
    /// ever.
    void announceAll() {
        wakeUp();
        int last = EventClasses.count();
        int first = announced;
        for (int classId = first; classId < last; classId++) {
            await(classId);
        }
        announced = Math.max(announced, last);
    }

    private void wakeUp() {
        DaemonLinks present = connections;
        if (present != null) {
            present.wakeUp();
        }
    }

    private boolean isSettled(int classId) {
        if (!wasTried) {
            return false;
        }
        DaemonLinks present = connections;
        if (present == null) {
            return true;
        }
        return classId == NO_CLASS ? present.isSettled() : present.isSettled(classId);
    }

    private void await(int classId) {
        if (Thread.currentThread() == thread) {
            return;
        }
        boolean wasInterrupted = false;
        synchronized (this) {
            long from = System.nanoTime();
            while (thread != null && thread.isAlive() && !isSettled(classId)) {
                long left = waitNanos - (System.nanoTime() - from);
                if (left <= 0) {
                    break;
                }
                try {
                    wait(Math.min(left / 1_000_000 + 1, MAX_WAIT_MILLIS));
                    wakeUp(); // it looks whether a daemon is silent
                } catch (InterruptedException e) {
                    wasInterrupted = true;
                    break;
                }
            }
            if (connections != null) {
                connections.goneOn(classId);
            }
            if (waitNanos != Long.MAX_VALUE) {
                waitNanos = Math.max(0, waitNanos - (System.nanoTime() - from));
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void markTried() {
        wasTried = true;
        notifyAll();
    }

    private void work() {
        while (true) {
            try {
                if (isExiting()) {
                    return;
                }
                if (connections != null || isSocketThere()) {
                    pass();
                } else {
                    markTried();
                    Thread.sleep(IDLE_MILLIS);
                }
            } catch (InterruptedException e) {
                // not by us, and not for us
            } catch (Throwable e) {
                goOnAfter(e);
            }
        }
    }

    /// Says it and rests. Where there is no memory even for that, the next pass may find some: this
    /// thread does not end.
    private void goOnAfter(Throwable failure) {
        try {
            String what = "the link to the session daemon: ";
            if (failure instanceof LinkageError && !(failure instanceof UnsatisfiedLinkError)) {
                what = "not traced, the tracer's jar was changed under this program: ";
            }
            ErrorLine.say(ErrorLine.About.LINK, what + failure);
        } catch (Throwable e) {
            // nobody to tell
        }
        try {
            markTried();
            rest();
        } catch (Throwable e) {
            // at once, then
        }
    }

    private boolean isExiting() {
        return connections != null && connections.isExiting();
    }

    private boolean isSocketThere() {
        for (int i = 0; i < sockets.size(); i++) {
            if (sockets.get(i).exists()) {
                return true;
            }
        }
        return added.length > 0;
    }

    private void pass() throws Exception {
        if (connections == null) {
            connections = new DaemonLinks(silenceNanos);
            MethodTracing.connect(this::announceAll, this::wakeUp);
        }
        if (added.length > 0) {
            connections.adopt(added);
        }
        connections.tell();
        markTried();
        connections.obey();
    }

    private static void rest() {
        try {
            Thread.sleep(IDLE_MILLIS);
        } catch (InterruptedException e) {
            // so it was a shorter rest
        }
    }
}
