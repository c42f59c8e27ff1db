// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.ctf.Clock;
import dev.contrail.ctf.ClockClass;
import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/// Owns the recording sessions: answers requests, keeps each session's state in a file that a
/// daemon after this one goes on from.
///
/// Sessions belong to the control thread. [#answer] may be called by any thread.
public final class SessionDaemon implements AutoCloseable, Executor {
    /// Work that waits for the control thread: clients and applications are told to wait beyond it.
    private static final int MAX_WAITING = 100_000;

    private static final DateTimeFormatter DIRECTORY_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final DateTimeFormatter CREATED =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssxx");

    private final Path runDirectory;
    private final int uid;
    private final Clock clock;
    private final Map<DomainName, Domain> domains = new EnumMap<>(DomainName.class);
    private final Map<DomainName, String> missing = new EnumMap<>(DomainName.class);
    private final SequencedMap<String, Session> sessions = new LinkedHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Thread control = new Thread(this::control, "contrail-control");
    private final System.Logger log = System.getLogger("dev.contrail.recorder");
    private final SessionRequests requests = new SessionRequests(this);
    private volatile boolean isClosing;

    /// @param runDirectory where sessions are kept, in `sessions/`
    /// @param uid the user whom the daemon runs as
    public SessionDaemon(Path runDirectory, int uid, Clock clock) {
        this.runDirectory = runDirectory;
        this.uid = uid;
        this.clock = clock;
    }

    /// Serves a domain. Before [#start].
    public void add(Domain domain) {
        domain.names().forEach(name -> domains.put(name, domain));
    }

    /// Says why a domain is not served. Before [#start].
    public void refuse(DomainName domain, String why) {
        missing.put(domain, why);
    }

    /// Takes up the sessions that an earlier daemon has left, then begins to answer.
    public void start() throws IOException {
        Path directory = PrivateFiles.directory(sessionsDirectory());
        try (var saved = Files.list(directory)) {
            for (Path each : saved.sorted().toList()) {
                load(each);
            }
        }
        control.start();
    }

    /// Runs work on the control thread, in order.
    @Override
    public void execute(Runnable command) {
        if (!work.offer(command)) {
            throw new java.util.concurrent.RejectedExecutionException(
                    MAX_WAITING + " pieces of work wait for the control thread");
        }
    }

    /// Does what a client asks. Waits as long as it takes: for a thread of the client's own.
    public Reply answer(Request request) {
        var ordered = new CompletableFuture<SessionRequests.Later>();
        execute(() -> {
            try {
                ordered.complete(requests.handle(request));
            } catch (RefusedException e) {
                ordered.completeExceptionally(e);
            } catch (IOException | RuntimeException e) {
                log.log(System.Logger.Level.WARNING, "cannot answer " + request, e);
                ordered.completeExceptionally(e);
            }
        });
        try {
            return ordered.get().await();
        } catch (ExecutionException e) {
            return refused(e.getCause() == null ? e : e.getCause());
        } catch (RefusedException e) {
            return refused(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply.Refused(ErrorCode.ERROR, "The session daemon is ending");
        }
    }

    /// Ends the daemon. Sessions stay as they are: rings go on recording, a next daemon takes over.
    @Override
    public void close() {
        isClosing = true;
        execute(() -> {}); // Wakes the control thread, which then sees that it shall end.
        try {
            control.join();
            for (Session session : sessions.values()) {
                session.consumer().end().get();
            }
        } catch (ExecutionException e) {
            log.log(System.Logger.Level.WARNING, "closing the sessions", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        domains.values().stream().distinct().forEach(Domain::close);
    }

    Clock clock() {
        return clock;
    }

    SequencedMap<String, Session> sessions() {
        return sessions;
    }

    Session session(String name) throws RefusedException {
        Session session = sessions.get(name);
        if (session == null) {
            throw new RefusedException(
                    ErrorCode.SESSION_NOT_FOUND, "Session name " + name + " not found");
        }
        return session;
    }

    Domain domain(DomainName name) throws RefusedException {
        Domain domain = domains.get(name);
        if (domain == null) {
            throw new RefusedException(
                    ErrorCode.KERNEL_UNAVAILABLE,
                    missing.getOrDefault(name, "Kernel tracer not available"));
        }
        return domain;
    }

    /// Makes a session and its state directory.
    Session create(String givenName, Request.Mode mode, String givenOutput, String home)
            throws IOException, RefusedException {
        ZonedDateTime now = now(clock);
        String time = DIRECTORY_TIME.format(now);
        String name = givenName.isEmpty() ? unusedName("auto-" + time) : givenName;
        if (sessions.containsKey(name)) {
            throw new RefusedException("Session name already exists");
        }
        if (name.contains("/")
                || name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > 255) {
            throw new RefusedException("Invalid character found in session name");
        }
        String directory = givenName.isEmpty() ? name : name + "-" + time;
        String output =
                mode == Request.Mode.NO_OUTPUT
                        ? ""
                        : givenOutput.isEmpty()
                                ? unused(Path.of(home, "lttng-traces", directory)).toString()
                                : givenOutput;
        long id = random.nextLong() & Long.MAX_VALUE;
        var facts =
                new SessionFacts(
                        id,
                        name,
                        mode != Request.Mode.DISK,
                        CREATED.format(now),
                        hostName(),
                        uid,
                        ClockClass.monotonic(bootId(), clock.offsetNanos()),
                        PrivateFiles.directory(stateDirectory(id)));
        var session = new Session(facts, mode, output, UUID.randomUUID());
        if (mode == Request.Mode.SNAPSHOT) {
            session.outputs().add("", output, 0);
        }
        sessions.put(name, session);
        save(session);
        return session;
    }

    private String unusedName(String wanted) {
        String name = wanted;
        for (int i = 2; sessions.containsKey(name); i++) {
            name = wanted + "-" + i;
        }
        return name;
    }

    /// The path, or with a number behind it where that is taken: by a session of the same second,
    /// or from before the clock was set back.
    private Path unused(Path wanted) {
        Path path = wanted;
        for (int i = 2; Files.exists(path) || isOutput(path); i++) {
            path = wanted.resolveSibling(wanted.getFileName() + "-" + i);
        }
        return path;
    }

    private boolean isOutput(Path path) {
        return sessions.values().stream().anyMatch(each -> each.output().equals(path.toString()));
    }

    /// Keeps what a next daemon must know. Before the reply.
    void save(Session session) throws IOException {
        session.toFile().write(stateDirectory(session.facts().id()).resolve("session"));
    }

    void forget(Session session) throws IOException {
        sessions.remove(session.name());
        PrivateFiles.deleteTree(stateDirectory(session.facts().id()));
    }

    static String directoryTime(Clock clock) {
        return DIRECTORY_TIME.format(now(clock));
    }

    private static ZonedDateTime now(Clock clock) {
        return Instant.ofEpochSecond(0, clock.realtimeNanos()).atZone(ZoneId.systemDefault());
    }

    private void control() {
        while (!isClosing) {
            try {
                work.take().run();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.log(System.Logger.Level.ERROR, "on the control thread", e);
            }
        }
    }

    private void load(Path directory) {
        try {
            SessionFile saved = SessionFile.read(directory.resolve("session"));
            var facts =
                    new SessionFacts(
                            saved.id(),
                            saved.name(),
                            saved.mode() != Request.Mode.DISK,
                            saved.created(),
                            hostName(),
                            uid,
                            saved.clock(),
                            directory);
            var session = new Session(facts, saved.mode(), saved.output(), saved.seed());
            session.restore(saved.state(), saved.nextChannelId());
            session.outputs().restore(saved.outputs(), saved.nextOutputId(), saved.nextSnapshot());
            for (ChannelPlan plan : saved.channels()) {
                var channel = new Channel(plan.id(), plan.name(), plan.domain(), plan.attributes());
                channel.enable(plan.isEnabled());
                channel.replaceRules(plan.rules());
                try {
                    session.addChannel(channel, domain(plan.domain()));
                } catch (RefusedException e) {
                    session.keepUnserved(channel, e.getMessage());
                }
            }
            if (session.isActive() && session.mode() == Request.Mode.DISK) {
                session.consumer().startDraining();
            }
            sessions.put(session.name(), session);
        } catch (IOException e) {
            log.log(
                    System.Logger.Level.WARNING,
                    "Cannot take up the session in " + directory + ": " + e.getMessage(),
                    e);
        }
    }

    private Path sessionsDirectory() {
        return runDirectory.resolve("sessions");
    }

    private Path stateDirectory(long id) {
        return sessionsDirectory().resolve(Long.toHexString(id));
    }

    private static Reply refused(Throwable why) {
        int code = why instanceof RefusedException refused ? refused.code() : ErrorCode.ERROR;
        String reason = why.getMessage();
        return new Reply.Refused(code, reason == null ? why.toString() : reason);
    }

    private static String hostName() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }

    private static String bootId() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }
}
