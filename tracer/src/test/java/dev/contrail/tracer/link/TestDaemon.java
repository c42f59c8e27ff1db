// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.link.FromApplication.Acknowledged;
import dev.contrail.tracer.link.FromApplication.Bound;
import dev.contrail.tracer.link.FromApplication.RingOpened;
import dev.contrail.tracer.logging.LogRule;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.statedump.JvmStateDumps;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A session daemon with one session of one channel, that enables every event class and the log
/// rules it was given.
final class TestDaemon implements AutoCloseable {
    static final long SESSION = 77;
    static final int LOG_EVENT_ID = 500;
    private static final long WAIT_SECONDS = 300;

    private final Path socket;
    private final ServerSocketChannel server;
    private final PoolMode mode;
    private final int blockCount;
    private final LogSystem system;
    private final List<LogRule> rules;
    private final BlockingQueue<FromApplication> received = new LinkedBlockingQueue<>();
    private volatile SocketChannel connection;
    private int nextEventId = 10;
    private volatile Frames frames;

    /// @param rules of `java.util.logging`
    TestDaemon(Path directory, PoolMode mode, int blockCount, List<LogRule> rules)
            throws IOException {
        this(directory, mode, blockCount, LogSystem.JUL, rules);
    }

    TestDaemon(Path directory, PoolMode mode, int blockCount, LogSystem system, List<LogRule> rules)
            throws IOException {
        this.system = system;
        this.socket = directory.resolve("apps.sock");
        this.mode = mode;
        this.blockCount = blockCount;
        this.rules = rules;
        Files.deleteIfExists(socket);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread thread = new Thread(this::serve, "test-daemon");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        try {
            while (true) {
                connection = server.accept();
                frames = new Frames(connection);
                try {
                    FromApplication message;
                    while ((message = frames.readFromApplication()) != null) {
                        answer(message);
                    }
                } catch (IOException e) {
                    // the application has gone
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void answer(FromApplication message) throws IOException {
        received.add(message);
        if (message instanceof FromApplication.Hello) {
            send(new FromDaemon.Welcome(FrameFormat.VERSION));
            send(new FromDaemon.OpenPool(1, SESSION, 0, mode, 32768, blockCount, List.of()));
            if (!rules.isEmpty()) {
                send(new FromDaemon.Logging(2, SESSION, 0, LOG_EVENT_ID, system, rules));
            }
            send(new FromDaemon.Ready());
        }
        if (message instanceof Bound bound) {
            int id = bound.classId();
            if (isOfProgram(bound.name())) {
                int order = 90 + nextEventId;
                send(new FromDaemon.Enable(order, SESSION, 0, id, nextEventId++, List.of()));
            }
            send(new FromDaemon.ClassDone(id));
        }
    }

    void send(FromDaemon message) throws IOException {
        synchronized (server) {
            frames.write(message);
        }
    }

    /// The next message of that type; what comes before it is dropped.
    <T extends FromApplication> T await(Class<T> type) throws InterruptedException {
        while (true) {
            FromApplication message = received.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no " + type.getSimpleName());
            }
            if (type.isInstance(message)) {
                return type.cast(message);
            }
        }
    }

    Acknowledged awaitAcknowledged(long order) throws InterruptedException {
        while (true) {
            Acknowledged done = await(Acknowledged.class);
            if (done.order() == order) {
                return done;
            }
        }
    }

    String awaitLogState() throws InterruptedException {
        return await(FromApplication.LogState.class).problem();
    }

    Path awaitRing() throws InterruptedException {
        return Path.of(await(RingOpened.class).path());
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (connection != null) {
            connection.close();
        }
        Files.deleteIfExists(socket);
    }

    private static boolean isOfProgram(String event) {
        return !event.startsWith("jvm:")
                && !event.startsWith("jvm_vthread:")
                && !JvmStateDumps.isOne(event);
    }
}
