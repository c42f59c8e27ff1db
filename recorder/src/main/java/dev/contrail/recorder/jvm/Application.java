// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.contrail.tracer.link.Frames;
import dev.contrail.tracer.link.FromApplication.Bound;
import dev.contrail.tracer.link.FromApplication.Hello;
import dev.contrail.tracer.link.FromApplication.JfrEvent;
import dev.contrail.tracer.link.FromDaemon;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.ProgramName;
import dev.contrail.tracer.statedump.JvmStateDumps;
import dev.contrail.wire.Warning;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A registered application: one connection, what it has told, and the orders under way.
///
/// Owned by the control thread; a thread of its own writes the orders, so that an application that
/// does not read stops nobody. What it may make us keep is bounded.
final class Application {
    private static final int MAX_ORDERS_WAITING = 65_536;

    /// Event classes: more than the largest programs have. Those beyond are not recorded.
    private static final int MAX_CLASSES = 16_384;

    /// Loggers: those beyond are recorded all the same, but not listed.
    private static final int MAX_LOGGERS = 65_536;

    /// Events of JFR: those beyond are recorded all the same, but not listed.
    private static final int MAX_JFR_EVENTS = 4_096;

    /// Bytes of all names of either kind.
    private static final int MAX_NAME_BYTES = 4 << 20;

    private final SocketChannel connection;
    private final Frames frames;
    private final Hello hello;
    private Processes.Peer peer;
    private final Map<Integer, Bound> classes = new LinkedHashMap<>();
    private final Map<LogSystem, SortedSet<String>> loggers = new EnumMap<>(LogSystem.class);
    private final Map<Long, CompletableFuture<String>> orders = new HashMap<>();
    private final BlockingQueue<FromDaemon> outgoing =
            new LinkedBlockingQueue<>(MAX_ORDERS_WAITING);
    private final Map<LogSystem, CompletableFuture<String>> inquiries =
            new EnumMap<>(LogSystem.class);
    private final Map<String, JfrEvent> jfrEvents = new TreeMap<>();
    private CompletableFuture<String> jfrInquiry = CompletableFuture.completedFuture("");
    private String jfrProblem = "";
    private Optional<Path> ring = Optional.empty();
    private Optional<String> obstacle = Optional.empty();
    private final Map<LogSystem, String> logProblems = new EnumMap<>(LogSystem.class);
    private long nextOrder = 1;
    private long classBytes;
    private long loggerBytes;

    /// @param peer who it is, as the system says
    Application(SocketChannel connection, Frames frames, Hello hello, Processes.Peer peer) {
        this.connection = connection;
        this.frames = frames;
        this.hello = hello;
        this.peer = peer;
        Thread.ofVirtual().name("contrail-orders-" + hello.pid()).start(this::writeOrders);
    }

    /// As we count, where the process can be seen from here.
    long pid() {
        return peer.pid() == 0 ? hello.pid() : peer.pid();
    }

    Processes.Peer peer() {
        return peer;
    }

    Hello hello() {
        return hello;
    }

    int uid() {
        return peer.uid();
    }

    /// The main class's simple name, or the jar's name.
    String name() {
        return ProgramName.simple(hello.name());
    }

    /// `NAME (PID)`, for messages.
    String who() {
        return name() + " (" + pid() + ")";
    }

    Map<Integer, Bound> classes() {
        return classes;
    }

    /// Takes an event class up.
    ///
    /// @return whether there was room for it
    boolean bound(Bound bound) {
        long bytes = bound.name().getBytes(UTF_8).length;
        for (EventField field : bound.fields()) {
            bytes += field.name().getBytes(UTF_8).length;
        }
        if (classes.size() >= MAX_CLASSES || classBytes + bytes > MAX_NAME_BYTES) {
            obstacle = Optional.of("event classes beyond " + classes.size() + " are not recorded");
            return false;
        }
        classBytes += bytes;
        classes.put(bound.classId(), bound);
        return true;
    }

    /// Whether all of its event classes of state dumps are taken up.
    boolean hasStateDumps() {
        return classes.values().stream().anyMatch(each -> each.name().equals(JvmStateDumps.LAST));
    }

    SortedSet<String> loggers(LogSystem system) {
        return loggers.computeIfAbsent(system, _ -> new TreeSet<>());
    }

    void logger(LogSystem system, String name) {
        SortedSet<String> known = loggers(system);
        long bytes = name.getBytes(UTF_8).length;
        if (known.size() < MAX_LOGGERS
                && loggerBytes + bytes <= MAX_NAME_BYTES
                && known.add(name)) {
            loggerBytes += bytes;
        }
    }

    /// Has the application tell its loggers anew; completes when it has.
    CompletableFuture<String> askForLoggers(LogSystem system) {
        CompletableFuture<String> asked = inquiries.get(system);
        if (asked == null || asked.isDone()) {
            for (String name : loggers(system)) {
                loggerBytes -= name.getBytes(UTF_8).length;
            }
            loggers(system).clear();
            asked = new CompletableFuture<>();
            inquiries.put(system, asked);
            send(new FromDaemon.ListLoggers(order(asked), system));
        }
        return asked.copy();
    }

    /// Has the application tell the events of JFR anew; completes when it has.
    CompletableFuture<String> askForJfr() {
        if (jfrInquiry.isDone()) {
            jfrEvents.clear();
            var asked = new CompletableFuture<String>();
            send(new FromDaemon.ListJfr(order(asked)));
            jfrInquiry =
                    asked.thenApply(problem -> {
                        jfrProblem = problem;
                        return problem;
                    });
        }
        return jfrInquiry.copy();
    }

    void jfrEvent(JfrEvent event) {
        if (jfrEvents.size() < MAX_JFR_EVENTS) {
            jfrEvents.put(event.name(), event);
        }
    }

    /// As it has told them last.
    Collection<JfrEvent> jfrEvents() {
        return jfrEvents.values();
    }

    /// Why it has none; empty when it has.
    String jfrProblem() {
        return jfrProblem;
    }

    /// Completes when the rings have all of JFR's events that have happened.
    CompletableFuture<List<Warning>> flushJfr() {
        var flushed = new CompletableFuture<String>();
        send(new FromDaemon.FlushJfr(order(flushed)));
        return flushed.thenApply(_ -> List.of());
    }

    Optional<Path> ring() {
        return ring;
    }

    /// @param writer who it is, as its ring says
    void ringOpened(Path path, Processes.Peer writer) {
        ring = Optional.of(path);
        peer = writer;
    }

    /// Why not all that it does can be recorded.
    Optional<String> obstacle() {
        return obstacle;
    }

    void obstacle(String why) {
        obstacle = Optional.of(why);
    }

    /// Why there are no records of that log system, though it does what was ordered; empty when
    /// there are.
    String logProblem(LogSystem system) {
        return logProblems.getOrDefault(system, "");
    }

    void logProblem(LogSystem system, String problem) {
        logProblems.put(system, problem);
    }

    /// The number for the next order; its answer completes the future.
    long order(CompletableFuture<String> answer) {
        long order = nextOrder++;
        orders.put(order, answer);
        return order;
    }

    void send(FromDaemon message) {
        if (!outgoing.offer(message)) {
            close(); // It has not read 65,536 orders: it is stuck, and will register anew.
        }
    }

    void acknowledged(long order, String problem) {
        CompletableFuture<String> answer = orders.remove(order);
        if (answer != null) {
            answer.complete(problem);
        }
    }

    /// The connection has ended: whoever waits for this application waits no more.
    void gone() {
        List.copyOf(orders.values()).forEach(answer -> answer.complete(""));
        orders.clear();
        close();
    }

    private void close() {
        try {
            connection.close();
        } catch (IOException e) {
            System.getLogger("dev.contrail.recorder")
                    .log(System.Logger.Level.DEBUG, "closing the connection of " + who(), e);
        }
    }

    private void writeOrders() {
        try {
            while (connection.isOpen()) {
                FromDaemon next = outgoing.poll(1, TimeUnit.SECONDS);
                if (next != null) {
                    frames.write(next);
                }
            }
        } catch (IOException e) {
            close(); // The reading side sees the end and says so.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
