// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.logging.LogBridge;
import dev.contrail.tracer.ring.ProcFiles;
import dev.contrail.tracer.ring.RingDirectory;
import dev.contrail.tracer.ring.RingWriter;
import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The application's end of the links to its session daemons: one daemon thread, `contrail-link`,
/// which connects, reconnects, carries out orders and shows the ring's heartbeat. If it dies,
/// tracing goes on as it was ordered.
///
/// What runs here when nobody traces uses no lambda and no stream: the first ones of a JVM cost
/// more than all the rest.
public final class ApplicationLink {
    private static final long BEAT_NANOS = 1_000_000_000L;
    private static final long IDLE_MILLIS = 500;

    /// How long log statements may be missed after the application has reset its logging.
    private static final long LOGGING_MILLIS = 250;

    private static final long DEFAULT_WAIT_MILLIS = 3000;
    private static final int NO_CLASS = -1;
    private static ApplicationLink link;

    private final List<Daemon> daemons = new ArrayList<>();
    private final Selector selector;
    private final Thread thread;

    /// What is left of the time that the application may be held up, in all.
    private long waitNanos;

    private boolean wasTried;
    private volatile boolean isExiting;
    private long lastBeat;
    private List<String> loggers = List.of();

    private ApplicationLink(Selector selector) {
        this.selector = selector;
        this.waitNanos = configuredWait();
        this.thread = selector == null ? null : new LinkThread();
    }

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

    private final class ExitThread extends Thread {
        ExitThread() {
            super("contrail-exit");
        }

        @Override
        public void run() {
            exit();
        }
    }

    /// The link of this process, running. Without Unix-domain sockets it does nothing.
    public static synchronized ApplicationLink started() {
        if (link == null) {
            link = new ApplicationLink(openSelector());
            link.start();
        }
        return link;
    }

    private static Selector openSelector() {
        try {
            return Selector.open();
        } catch (IOException e) {
            ErrorLine.say("tracing is off: " + e);
            return null;
        }
    }

    private void start() {
        if (thread == null) return;
        for (Path path : SocketPaths.all()) daemons.add(new Daemon(new Endpoint(path, selector)));
        thread.start();
        Runtime.getRuntime().addShutdownHook(new ExitThread());
    }

    /// Closes the blocks, and gets the link thread out of the kernel: a JVM that exits waits 300 ms
    /// for threads that are there. The sockets stay open until the process is gone.
    private void exit() {
        RingWriter ring = RingWriter.current();
        if (ring != null) ring.closeBlocks();
        isExiting = true;
        selector.wakeup();
    }

    private static long configuredWait() {
        String text = System.getenv("LTTNG_UST_REGISTER_TIMEOUT");
        long millis = DEFAULT_WAIT_MILLIS;
        try {
            if (text != null) millis = Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
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
        if (thread == null) return;
        selector.wakeup();
        await(point.classId());
    }

    private boolean isSettled(int classId) {
        if (!wasTried) return false;
        for (Daemon daemon : daemons) {
            boolean isDone = classId == NO_CLASS ? daemon.isSettled() : daemon.isSettled(classId);
            if (!isDone) return false;
        }
        return true;
    }

    private void await(int classId) {
        if (thread == null || Thread.currentThread() == thread) return;
        boolean wasInterrupted = false;
        synchronized (this) {
            long from = System.nanoTime();
            while (thread.isAlive() && !isSettled(classId)) {
                long left = waitNanos - (System.nanoTime() - from);
                if (left <= 0) break;
                try {
                    wait(Math.min(left / 1_000_000 + 1, BEAT_NANOS / 1_000_000));
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

    private void work() {
        FromApplication.Hello hello = hello();
        while (!isExiting) {
            try {
                pass(hello);
            } catch (Throwable e) {
                ErrorLine.say("the link to the session daemon: " + e);
                if (!rest()) return;
            }
        }
    }

    private static boolean rest() {
        try {
            Thread.sleep(IDLE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void pass(FromApplication.Hello hello) throws IOException {
        long now = System.nanoTime();
        if (now - lastBeat >= BEAT_NANOS || lastBeat == 0) beat(now);
        for (Daemon daemon : daemons) {
            try {
                daemon.connect(now, hello);
                daemon.tell(loggers);
            } catch (IOException | RuntimeException e) { // ends this connection
                daemon.disconnect();
            }
        }
        synchronized (this) {
            wasTried = true;
            notifyAll();
        }
        if (LogBridge.isOn()) LogBridge.poll();
        selector.select(LogBridge.isOn() ? LOGGING_MILLIS : IDLE_MILLIS);
        for (Daemon daemon : daemons) {
            try {
                if (daemon.endpoint().isReadable()) daemon.receive();
            } catch (IOException | RuntimeException e) {
                daemon.disconnect();
            }
        }
        selector.selectedKeys().clear();
    }

    private void beat(long now) {
        lastBeat = now;
        RingWriter ring = RingWriter.current();
        if (ring != null) ring.beat();
        boolean isLinked = false;
        for (Daemon daemon : daemons) isLinked |= daemon.endpoint().isConnected();
        if (isLinked) loggers = LogBridge.poll();
    }

    private static FromApplication.Hello hello() {
        return new FromApplication.Hello(
                Frames.VERSION,
                ProcessHandle.current().pid(),
                ProcFiles.processStart(),
                ringDirectory(),
                Runtime.version().toString(),
                System.getProperty("sun.java.command", "").split(" ", 2)[0],
                userId());
    }

    private static String ringDirectory() {
        try {
            return RingDirectory.path().toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static int userId() {
        try {
            return ProcFiles.userId();
        } catch (IOException e) {
            return -1;
        }
    }
}
