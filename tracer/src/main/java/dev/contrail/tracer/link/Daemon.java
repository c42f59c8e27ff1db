// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.context.Contexts;
import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.failure.Failures;
import dev.contrail.tracer.follow.Following;
import dev.contrail.tracer.link.FromApplication.Acknowledged;
import dev.contrail.tracer.link.FromApplication.Bound;
import dev.contrail.tracer.link.FromApplication.MethodState;
import dev.contrail.tracer.link.FromApplication.RingOpened;
import dev.contrail.tracer.link.FromDaemon.ClassDone;
import dev.contrail.tracer.link.FromDaemon.ClosePool;
import dev.contrail.tracer.link.FromDaemon.Disable;
import dev.contrail.tracer.link.FromDaemon.Enable;
import dev.contrail.tracer.link.FromDaemon.ListLoggers;
import dev.contrail.tracer.link.FromDaemon.Logging;
import dev.contrail.tracer.link.FromDaemon.Methods;
import dev.contrail.tracer.link.FromDaemon.OpenPool;
import dev.contrail.tracer.link.FromDaemon.Ready;
import dev.contrail.tracer.link.FromDaemon.StateDump;
import dev.contrail.tracer.link.FromDaemon.Welcome;
import dev.contrail.tracer.logging.LogBridge;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.logging.LoggerNames;
import dev.contrail.tracer.method.MethodTracing;
import dev.contrail.tracer.process.ErrorLine;
import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.ring.write.RingWriter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;

/// One session daemon as seen from the application: what it was told and what it has ordered. Owned
/// by the link thread; the waits of other threads look at what is synchronized.
final class Daemon {
    private final Endpoint endpoint;
    private final long silenceNanos;
    private final Orders orders = new Orders();
    private int toldClasses;
    private boolean isRingTold;

    private boolean isConnected;
    private boolean isHeard;
    private boolean isSilent;
    private long connectedAt;
    private boolean isReady;

    /// Since when the program has gone on without orders; 0 when it has not.
    private long hurriedAt;

    private final BitSet doneClasses = new BitSet();

    /// Event classes that were there when the connection was made: what the daemon wants of them is
    /// known only when all of them are done.
    private int firstClasses;

    private boolean isReconciled;

    /// Orders about log statements that are acknowledged when the loggers are as ordered.
    private final Queue<Logging> logging = new ArrayDeque<>();

    /// The same about methods.
    private final Queue<Methods> methods = new ArrayDeque<>();

    /// What was last said of each log system that there are orders about.
    private final Map<LogSystem, String> loggingProblems = new EnumMap<>(LogSystem.class);

    /// What was last said of failures that are not seen.
    private String failureTold = "";

    /// Orders that JFR takes its time for.
    private final JfrOrders jfr;

    private record Inquiry(long order, LoggerNames names) {}

    private final Queue<Inquiry> inquiries = new ArrayDeque<>();

    /// The daemon's initial orders have all come; [#isReady] follows when they are carried out.
    private boolean isComplete;

    /// @param silenceNanos for how long one that says nothing at all is waited for
    Daemon(Endpoint endpoint, long silenceNanos) {
        this.endpoint = endpoint;
        this.silenceNanos = silenceNanos;
        this.jfr = new JfrOrders(orders, this::acknowledge);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    void connect(long now, FromApplication.Hello hello) throws IOException {
        if (!endpoint.connect(now)) {
            return;
        }
        toldClasses = 0;
        isRingTold = false;
        orders.begin();
        firstClasses = EventClasses.count();
        isReconciled = false;
        isComplete = false;
        logging.clear();
        methods.clear();
        loggingProblems.clear();
        failureTold = "";
        inquiries.clear();
        jfr.clear();
        endpoint.send(hello);
        synchronized (this) {
            isConnected = true;
            isHeard = false;
            isSilent = false;
            connectedAt = System.nanoTime();
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

    /// It does not come back: what it has ordered is over.
    void forget() {
        disconnect();
        orders.begin();
        orders.endOfInitialOrders();
        Failures.follow();
    }

    /// Whether nobody needs to wait for this daemon's initial orders, those about event classes
    /// that there were before it among them, as the tracer's own are.
    synchronized boolean isSettled() {
        return !isConnected || isSilent || isReady && isDecided(firstClasses);
    }

    /// Whether nobody needs to wait for this daemon's orders about an event class.
    synchronized boolean isSettled(int classId) {
        return !isConnected || doneClasses.get(classId) || isSilent;
    }

    /// The program goes on without the orders that it has waited for.
    synchronized void goneOn(int classId) {
        boolean isMissing =
                classId < 0 ? !isReady || !isDecided(firstClasses) : !doneClasses.get(classId);
        if (isConnected && isMissing && hurriedAt == 0) {
            hurriedAt = System.nanoTime();
        }
    }

    /// What was not recorded because of that is nobody's loss but this daemon's to tell.
    private void tellHurry() throws IOException {
        long sinceNanos;
        synchronized (this) {
            if (hurriedAt == 0 || !isReady || !isDecided(firstClasses)) {
                return;
            }
            sinceNanos = System.nanoTime() - hurriedAt;
            hurriedAt = 0;
        }
        endpoint.send(
                new FromApplication.Failed(
                        "went on before the busy session daemon had told it what to record: "
                                + sinceNanos / 1_000_000
                                + " ms of it are missing"));
    }

    /// What the daemon cannot see by itself.
    private void tellFailure() throws IOException {
        String problem = Failures.problem();
        problem = problem.isEmpty() ? Following.problem() : problem;
        problem = problem.isEmpty() ? Contexts.problem() : problem;
        if (!problem.isEmpty() && !problem.equals(failureTold)) {
            endpoint.send(new FromApplication.Failed(problem));
            failureTold = problem;
        }
    }

    /// The link thread has looked, and nothing has come. Where that has not even been a greeting
    /// for too long, nobody waits for it any more. It is not enough that time has passed: on a busy
    /// machine the greeting may be there, and this thread had no processor to read it; or the
    /// daemon had none: it gets that time again for each that waits for a processor.
    ///
    /// @param askedAt before it looked
    synchronized void heardNothing(long askedAt) {
        long share = (askedAt - connectedAt) / (1 + ProcFacts.waiting());
        isSilent |= !isHeard && share > silenceNanos;
    }

    /// Tells what is new.
    void tell() throws IOException {
        if (!endpoint.isConnected()) {
            return;
        }
        for (EventPoint point : EventClasses.from(toldClasses)) {
            endpoint.send(
                    new Bound(
                            point.classId(),
                            point.name(),
                            point.logLevel(),
                            point.fields(),
                            point.origin()));
            toldClasses++;
        }
        tellRing();
        jfr.settle(this::isDecided, endpoint::send);
        settleOrders();
        tellHurry();
        tellFailure();
        answerInquiries();
        endpoint.flush();
    }

    /// Carries out what has come.
    void receive() throws IOException {
        if (!endpoint.receive()) {
            throw new LinkException("the daemon has gone");
        }
        FromDaemon message;
        while ((message = endpoint.next()) != null) {
            handle(message);
        }
    }

    private void handle(FromDaemon message) throws IOException {
        if (message instanceof OpenPool order) {
            acknowledge(order.order(), () -> orders.run(order));
        } else if (message instanceof ClosePool order) {
            acknowledge(order.order(), () -> orders.run(order));
        } else if (message instanceof Enable order) {
            acknowledge(order.order(), () -> orders.run(order));
        } else if (jfr.takes(message)) {
            return;
        } else if (message instanceof Disable order) {
            acknowledge(order.order(), () -> orders.run(order));
        } else if (message instanceof StateDump order) {
            acknowledge(order.order(), () -> orders.run(order));
        } else if (message instanceof Logging order) {
            acknowledgeLater(order.order(), () -> orders.run(order), () -> logging.add(order));
        } else if (message instanceof Methods order) {
            acknowledgeLater(order.order(), () -> orders.run(order), () -> methods.add(order));
        } else if (message instanceof ListLoggers order) {
            inquiries.add(new Inquiry(order.order(), LogBridge.askForLoggers(order.system())));
        } else if (message instanceof ClassDone done) {
            orders.decided(done.classId());
            settle(done.classId());
            reconcile();
        } else if (message instanceof Ready) {
            isComplete = true;
            settleOrders();
        } else if (message instanceof Welcome welcome) {
            welcomed(welcome);
        }
    }

    private synchronized void welcomed(Welcome welcome) throws LinkException {
        if (welcome.version() != FrameFormat.VERSION) {
            String problem =
                    "not traced: the session daemon speaks version %d of the link, this agent version %d"
                            .formatted(welcome.version(), FrameFormat.VERSION);
            ErrorLine.say(ErrorLine.About.LINK, problem);
            throw new LinkException(problem);
        }
        isHeard = true;
    }

    /// @param wait has [#settleOrders] acknowledge it when it is carried out
    private void acknowledgeLater(long order, Work work, Runnable wait) throws IOException {
        String problem = Work.attempt(work);
        if (problem.isEmpty()) {
            wait.run();
        } else {
            acknowledge(order, problem);
        }
        settleOrders();
    }

    /// When the methods are as ordered, says so.
    private void settleMethods() throws IOException {
        while (!methods.isEmpty()) {
            Methods done = methods.remove();
            String problem = orders.methodProblem(done.sessionId(), done.channelId());
            endpoint.send(new Acknowledged(done.order(), problem));
        }
        for (MethodState news : orders.methodNews()) {
            endpoint.send(news);
        }
    }

    /// When loggers and methods are as ordered, says so.
    private void settleOrders() throws IOException {
        if (MethodTracing.isSettled()) {
            settleMethods();
        }
        if (!LogBridge.isSettled()) {
            return;
        }
        while (!logging.isEmpty()) {
            Logging done = logging.remove();
            String problem = LogBridge.problem(done.system());
            loggingProblems.put(done.system(), problem);
            acknowledge(done.order(), problem);
        }
        tellLoggingProblem();
        if (!isComplete || isReady || !jfr.isSettled() || !MethodTracing.isSettled()) {
            return;
        }
        settleAll();
        reconcile();
    }

    /// What has shown since the order was acknowledged, or is so no more. That there is no agent is
    /// said to the daemon only: no fault of the program.
    private void tellLoggingProblem() throws IOException {
        for (Map.Entry<LogSystem, String> each : loggingProblems.entrySet()) {
            String problem = LogBridge.problem(each.getKey());
            String told = problem.isEmpty() ? LogBridge.absence(each.getKey()) : problem;
            if (told.equals(each.getValue())) {
                continue;
            }
            each.setValue(told);
            if (!problem.isEmpty()) {
                ErrorLine.say(ErrorLine.About.ORDER, problem);
            }
            endpoint.send(new FromApplication.LogState(each.getKey(), told));
        }
    }

    private void answerInquiries() throws IOException {
        while (!inquiries.isEmpty() && inquiries.peek().names.isDone()) {
            Inquiry answered = inquiries.remove();
            for (String name : answered.names.found()) {
                endpoint.send(new FromApplication.Logger(answered.names.system(), name));
            }
            endpoint.send(new Acknowledged(answered.order, ""));
        }
    }

    /// Whether the daemon has said all that it wants of the first `classes` event classes.
    private synchronized boolean isDecided(int classes) {
        return doneClasses.nextClearBit(0) >= classes;
    }

    private synchronized void settle(int classId) {
        if (classId >= 0 && classId < EventClasses.count()) {
            doneClasses.set(classId);
        }
    }

    private synchronized void settleAll() {
        endpoint.approve();
        isReady = true;
    }

    /// Ends what a daemon before this one had ordered and this one has not, once it has said all
    /// that it wants: until then recording goes on.
    private void reconcile() {
        synchronized (this) {
            if (isReconciled || !isReady || !isDecided(firstClasses)) {
                return;
            }
            isReconciled = true;
        }
        orders.endOfInitialOrders();
        Failures.follow();
    }

    private void acknowledge(long order, Work work) throws IOException {
        acknowledge(
                order,
                Work.attempt(() -> {
                    work.run();
                    Failures.follow();
                }));
    }

    private void acknowledge(long order, String problem) throws IOException {
        if (!problem.isEmpty()) {
            ErrorLine.say(ErrorLine.About.ORDER, problem);
        }
        tellRing();
        endpoint.send(new Acknowledged(order, problem));
    }

    private void tellRing() throws IOException {
        RingWriter ring = RingWriter.current();
        if (ring == null || isRingTold) {
            return;
        }
        endpoint.send(new RingOpened(ring.file().toString()));
        isRingTold = true;
    }
}
