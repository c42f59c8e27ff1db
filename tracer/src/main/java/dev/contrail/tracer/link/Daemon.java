// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.link.FromApplication.Acknowledged;
import dev.contrail.tracer.link.FromApplication.Bound;
import dev.contrail.tracer.link.FromApplication.RingOpened;
import dev.contrail.tracer.link.FromDaemon.ClassDone;
import dev.contrail.tracer.link.FromDaemon.ClosePool;
import dev.contrail.tracer.link.FromDaemon.Disable;
import dev.contrail.tracer.link.FromDaemon.Enable;
import dev.contrail.tracer.link.FromDaemon.Logging;
import dev.contrail.tracer.link.FromDaemon.OpenPool;
import dev.contrail.tracer.link.FromDaemon.Ready;
import dev.contrail.tracer.link.FromDaemon.Welcome;
import dev.contrail.tracer.ring.RefusedException;
import dev.contrail.tracer.ring.RingWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One session daemon as seen from the application: what it was told and what it has ordered. Owned
/// by the link thread; the waits of other threads look at what is synchronized.
final class Daemon {
    private final Endpoint endpoint;
    private final Orders orders = new Orders();
    private final Set<String> toldLoggers = new HashSet<>();
    private int toldClasses;
    private boolean isRingTold;

    private boolean isConnected;
    private boolean isReady;
    private final BitSet doneClasses = new BitSet();

    /// Event classes that were there when the connection was made: what the daemon wants of them is
    /// known only when all of them are done.
    private int firstClasses;

    private boolean isReconciled;

    Daemon(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    void connect(long now, FromApplication.Hello hello) throws IOException {
        if (!endpoint.connect(now)) return;
        toldClasses = 0;
        toldLoggers.clear();
        isRingTold = false;
        orders.begin();
        firstClasses = EventClasses.count();
        isReconciled = false;
        endpoint.send(hello);
        synchronized (this) {
            isConnected = true;
            isReady = false;
            doneClasses.clear();
        }
    }

    void disconnect() {
        endpoint.disconnect();
        synchronized (this) {
            isConnected = false;
        }
    }

    /// Whether nobody needs to wait for this daemon's initial orders.
    synchronized boolean isSettled() {
        return !isConnected || isReady;
    }

    /// Whether nobody needs to wait for this daemon's orders about an event class.
    synchronized boolean isSettled(int classId) {
        return !isConnected || doneClasses.get(classId);
    }

    /// Tells what is new.
    void tell(List<String> loggers) throws IOException {
        if (!endpoint.isConnected()) return;
        for (EventPoint point : EventClasses.from(toldClasses)) {
            endpoint.send(
                    new Bound(point.classId(), point.name(), point.logLevel(), point.fields()));
            toldClasses++;
        }
        for (String name : loggers)
            if (toldLoggers.add(name)) endpoint.send(new FromApplication.Logger(name));
        RingWriter ring = RingWriter.current();
        if (ring != null && !isRingTold) {
            endpoint.send(new RingOpened(ring.file().toString()));
            isRingTold = true;
        }
        endpoint.flush();
    }

    /// Carries out what has come.
    void receive() throws IOException {
        if (!endpoint.receive()) throw new LinkException("the daemon has gone");
        FromDaemon message;
        while ((message = endpoint.next()) != null) handle(message);
    }

    private void handle(FromDaemon message) throws IOException {
        if (message instanceof OpenPool order) acknowledge(order.order(), () -> orders.run(order));
        else if (message instanceof ClosePool order)
            acknowledge(order.order(), () -> orders.run(order));
        else if (message instanceof Enable order)
            acknowledge(order.order(), () -> orders.run(order));
        else if (message instanceof Disable order)
            acknowledge(order.order(), () -> orders.run(order));
        else if (message instanceof Logging order)
            acknowledge(order.order(), () -> orders.run(order));
        else if (message instanceof ClassDone done) {
            settle(done.classId());
            reconcile();
        } else if (message instanceof Ready) {
            settleAll();
            reconcile();
        } else if (message instanceof Welcome welcome && welcome.version() != Frames.VERSION)
            throw new LinkException("the daemon speaks version " + welcome.version());
    }

    private synchronized void settle(int classId) {
        if (classId >= 0 && classId < EventClasses.count()) doneClasses.set(classId);
    }

    private synchronized void settleAll() {
        endpoint.approve();
        isReady = true;
    }

    /// Ends what a daemon before this one had ordered and this one has not, once it has said all
    /// that it wants: until then recording goes on.
    private void reconcile() {
        synchronized (this) {
            if (isReconciled || !isReady || doneClasses.nextClearBit(0) < firstClasses) return;
            isReconciled = true;
        }
        orders.endOfInitialOrders();
    }

    private interface Work {
        void run() throws IOException, RefusedException;
    }

    private void acknowledge(long order, Work work) throws IOException {
        String problem = "";
        try {
            work.run();
        } catch (RefusedException | IOException e) {
            problem = e.getMessage() == null ? e.toString() : e.getMessage();
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            problem = e.toString();
        }
        if (!problem.isEmpty()) ErrorLine.say(problem);
        Path ring = RingWriter.current() == null ? null : RingWriter.current().file();
        if (ring != null && !isRingTold) {
            endpoint.send(new RingOpened(ring.toString()));
            isRingTold = true;
        }
        endpoint.send(new Acknowledged(order, problem));
    }
}
