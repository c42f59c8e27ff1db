// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.failure.Failures;
import dev.contrail.tracer.jfr.JfrEvents;
import dev.contrail.tracer.logging.LogBridge;
import dev.contrail.tracer.method.MethodTracing;
import dev.contrail.tracer.process.ErrorLine;
import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.process.TracerThread;
import dev.contrail.tracer.ring.ProgramName;
import dev.contrail.tracer.ring.write.RingDirectory;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.stack.StackEvents;
import dev.contrail.tracer.statedump.JvmStateDumps;
import java.io.File;
import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The work of the link thread once there is a socket to connect to: connects, reconnects, carries
/// out orders and shows the ring's heartbeat.
final class DaemonLinks {
    private static final long BEAT_NANOS = 1_000_000_000L;
    private static final long IDLE_MILLIS = 500;

    /// The beat that begins to use the processor's counter.
    private static final int COUNTER_BEAT = 2;

    private final Selector selector = Selector.open();
    private final long silenceNanos;

    /// Replaced by the link thread.
    private volatile Daemon[] daemons;

    /// How many of them are where daemons usually are.
    private final int usual;

    /// The sockets of the others.
    private List<File> adopted = List.of();

    private final FromApplication.Hello hello = hello();
    private volatile boolean isExiting;
    private long lastBeat;
    private int beats;
    private boolean isBrokenSaid;

    /// @param silenceNanos for how long a daemon that says nothing at all is waited for
    DaemonLinks(long silenceNanos) throws IOException {
        this.silenceNanos = silenceNanos;
        List<Daemon> found = new ArrayList<>();
        for (File socket : SocketPaths.all()) {
            found.add(daemon(socket));
        }
        usual = found.size();
        daemons = found.toArray(new Daemon[0]);
        LogBridge.whenSettled(new WakeUp());
        JfrEvents.whenDone(new WakeUp());
        try {
            Runtime.getRuntime().addShutdownHook(TracerThread.hook("contrail-exit", this::exit));
        } catch (IllegalStateException e) { // it exits already
            exit();
        }
    }

    private Daemon daemon(File socket) {
        return new Daemon(new Endpoint(socket.toPath(), selector), silenceNanos);
    }

    /// Other daemons are there, or no longer.
    void adopt(File[] sockets) {
        List<Daemon> next = new ArrayList<>(Arrays.asList(daemons).subList(0, usual));
        List<File> kept = new ArrayList<>();
        for (int i = usual; i < daemons.length; i++) {
            File socket = adopted.get(i - usual);
            if (daemons[i].endpoint().isConnected() || socket.exists()) {
                next.add(daemons[i]);
                kept.add(socket);
            } else {
                daemons[i].forget();
            }
        }
        for (File each : sockets) {
            if (!kept.contains(each) && each.exists()) {
                next.add(daemon(each));
                kept.add(each);
            }
        }
        if (!kept.equals(adopted)) {
            adopted = kept;
            daemons = next.toArray(new Daemon[0]);
        }
    }

    private final class WakeUp implements Runnable {
        @Override
        public void run() {
            selector.wakeup();
        }
    }

    /// Closes the blocks, and gets the link thread out of the kernel: a JVM that exits waits 300 ms
    /// for threads that are there. The sockets stay open until the process is gone.
    private void exit() {
        try {
            tellLate();
        } catch (Throwable e) { // for want of memory: what is recorded is closed all the same
            ErrorLine.say(ErrorLine.About.ORDER, "what came last is not recorded: " + e);
        }
        RingWriter ring = RingWriter.current();
        if (ring != null) {
            ring.closeBlocks();
        }
        isExiting = true;
        selector.wakeup();
    }

    boolean isExiting() {
        return isExiting;
    }

    /// There is something new to tell. Any thread.
    void wakeUp() {
        selector.wakeup();
    }

    /// Whether nobody needs to wait for initial orders. Any thread.
    boolean isSettled() {
        for (Daemon daemon : daemons) {
            if (!daemon.isSettled()) {
                return false;
            }
        }
        return true;
    }

    /// Whether nobody needs to wait for orders about an event class. Any thread.
    boolean isSettled(int classId) {
        for (Daemon daemon : daemons) {
            if (!daemon.isSettled(classId)) {
                return false;
            }
        }
        return true;
    }

    /// The program has waited long enough and goes on. Any thread.
    ///
    /// @param classId the event class whose orders it does without, or negative for all
    void goneOn(int classId) {
        for (Daemon daemon : daemons) {
            daemon.goneOn(classId);
        }
    }

    /// Connects where that is due, and tells what is new.
    void tell() {
        Failures.announce();
        JvmStateDumps.announce();
        StackEvents.announce();
        long now = System.nanoTime();
        if (now - lastBeat >= BEAT_NANOS || lastBeat == 0) {
            beat(now);
        }
        for (Daemon daemon : daemons) {
            try {
                daemon.connect(now, hello);
                daemon.tell();
            } catch (IOException | RuntimeException e) { // ends this connection
                daemon.disconnect();
            } catch (Error e) {
                abandon(daemon);
                throw e;
            }
        }
    }

    /// Waits for orders, but not for long, and carries them out.
    void obey() throws IOException {
        long askedAt = System.nanoTime();
        selector.select(IDLE_MILLIS);
        for (Daemon daemon : daemons) {
            try {
                if (daemon.endpoint().isReadable()) {
                    daemon.receive();
                } else {
                    daemon.heardNothing(askedAt);
                }
            } catch (IOException | RuntimeException e) {
                daemon.disconnect();
            } catch (Error e) {
                abandon(daemon);
                throw e;
            }
        }
        selector.selectedKeys().clear();
    }

    /// An order may have been taken and not carried out, for want of memory: with the next
    /// connection all orders come again.
    private static void abandon(Daemon daemon) {
        try {
            daemon.disconnect();
        } catch (Throwable noMemory) {
            // then at the next attempt to use it
        }
    }

    private void beat(long now) {
        lastBeat = now;
        followClock();
        tellLate();
        RingWriter ring = RingWriter.current();
        String broken = ring == null ? "" : ring.beat();
        if (!broken.isEmpty() && !isBrokenSaid) {
            isBrokenSaid = true;
            ErrorLine.say(ErrorLine.About.ORDER, broken);
        }
    }

    /// Where the counter is wanted, not before the program has begun: it takes the JDK a tenth of a
    /// second to make it callable.
    private void followClock() {
        if (++beats != COUNTER_BEAT) {
            sayOfClock(TracerClock.tune());
            return;
        }
        String set = System.getenv("CONTRAIL_CLOCK");
        if ("tsc".equals(System.getProperty("contrail.clock", set == null ? "" : set))) {
            sayOfClock(TracerClock.useCounter());
        }
    }

    private static void sayOfClock(String problem) {
        if (!problem.isEmpty()) {
            ErrorLine.say(
                    ErrorLine.About.CLOCK,
                    "contrail.clock=tsc is not followed, times come from the system: " + problem);
        }
    }

    /// Records and counts what has only been noted until now.
    private static void tellLate() {
        LogBridge.tellFailed();
        Failures.tellFailed();
        MethodTracing.beat();
        JvmStateDumps.tellThreads();
    }

    private static FromApplication.Hello hello() {
        return new FromApplication.Hello(
                FrameFormat.VERSION,
                ProcFacts.processId(),
                ProcFacts.processStart(),
                ringDirectory(),
                System.getProperty("java.runtime.version", ""),
                ProgramName.own(),
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
            return ProcFacts.userId();
        } catch (IOException e) {
            return -1;
        }
    }
}
