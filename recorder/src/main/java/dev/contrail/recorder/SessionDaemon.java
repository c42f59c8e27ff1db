// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.ctf.Clock;
import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.LocalTimeZone;
import dev.contrail.ctf.Reason;
import dev.contrail.recorder.ServedDomain.Followed;
import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.LttngError;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.Warning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Owns the recording sessions: answers requests, keeps each session's state in a file that a
/// daemon after this one goes on from.
///
/// Sessions belong to the control thread. [#answer] may be called by any thread.
public final class SessionDaemon implements AutoCloseable, Executor {
    /// Work that waits for the control thread: clients and applications are told to wait beyond it.
    private static final int MAX_WAITING = 100_000;

    /// Sessions: each has a thread.
    private static final int MAX_SESSIONS = 512;

    /// How long sessions and domains may take to let go when the daemon ends.
    private static final long LONGEST_END_SECONDS = 10;

    private static final DateTimeFormatter DIRECTORY_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final DateTimeFormatter CREATED =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssxx");

    private final Path runDirectory;
    private final int uid;
    private final Clock clock;
    private final Map<DomainName, ServedDomain> domains = new EnumMap<>(DomainName.class);
    private final Map<DomainName, RefusedException> missing = new EnumMap<>(DomainName.class);
    private final SequencedMap<String, Session> sessions = new LinkedHashMap<>();
    private final Set<String> promised = new HashSet<>(); // names of sessions that are being made
    private final SecureRandom random = new SecureRandom();
    private final SpillBudget packetBudget = SpillBudget.ofThisMachine();
    private final Supervisor supervisor;
    private final Worker control;
    private final Worker state;
    private final OutputDirectories outputs;
    private final Connections connections = new Connections();
    private final SessionRequests requests = new SessionRequests(this);
    private volatile List<Warning> problems = List.of();

    /// @param runDirectory where sessions are kept, in `sessions/`
    /// @param uid the user whom the daemon runs as
    /// @param supervisor of all the daemon's threads
    public SessionDaemon(Path runDirectory, int uid, Clock clock, Supervisor supervisor) {
        this.runDirectory = runDirectory;
        this.uid = uid;
        this.clock = clock;
        this.supervisor = supervisor;
        this.outputs = new OutputDirectories(runDirectory);
        this.control = new Worker("contrail-control", MAX_WAITING, supervisor);
        this.state = new Worker("contrail-state", MAX_WAITING, supervisor);
    }

    /// Serves a domain. Before [#start].
    public void add(Domain domain) {
        ServedDomain served = ServedDomain.of(domain, control, supervisor);
        domain.names().forEach(name -> domains.put(name, served));
    }

    /// Says why a domain is not served. Before [#start].
    public void refuse(DomainName domain, RefusedException why) {
        missing.put(domain, why);
    }

    /// Takes up the sessions that an earlier daemon has left, then begins to answer.
    public void start() throws IOException {
        var saved = new SavedSessions(sessionsDirectory(), uid, clock);
        List<SavedSessions.Saved> found = saved.find();
        problems = saved.problems();
        try {
            control.ask(
                            () -> {
                                found.forEach(this::load);
                                return true;
                            })
                    .get();
        } catch (ExecutionException e) {
            throw new IOException(
                    "Cannot take up the sessions: " + Reason.of(Replies.cause(e)), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Runs work on the control thread, in order.
    @Override
    public void execute(Runnable command) {
        control.execute(command);
    }

    /// Runs work on the thread of that domain, after what it was asked before. Domains that are not
    /// served do nothing.
    public void execute(DomainName domain, Runnable command) {
        ServedDomain served = domains.get(domain);
        if (served != null) {
            served.ask(
                            () -> {
                                command.run();
                                return true;
                            })
                    .whenComplete((_, failure) -> {
                        if (failure != null) {
                            supervisor.failed(domain.title(), failure);
                        }
                    });
        }
    }

    /// Does what a client asks. The future always completes, with a refusal where anything fails;
    /// it takes as long as the command does.
    public CompletableFuture<Reply> ask(Request request) {
        return control.ask(() -> requests.handle(request))
                .thenCompose(reply -> reply)
                .exceptionally(failure -> {
                    Throwable why = Replies.cause(failure);
                    if (!(why instanceof RefusedException)) {
                        supervisor.failed("cannot answer " + request, why);
                    }
                    return Replies.refused(why);
                });
    }

    /// As [#ask], for a thread of the client's own.
    public Reply answer(Request request) {
        try {
            return ask(request).get();
        } catch (ExecutionException e) {
            return Replies.refused(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply.Refused(LttngError.UNK, "The session daemon is ending");
        }
    }

    /// How long the control thread has been doing one thing: it should be a moment.
    public long busyNanos() {
        return control.busyNanos();
    }

    /// Ends the daemon. Sessions stay as they are: rings go on recording, a next daemon takes over.
    @Override
    public void close() {
        CompletableFuture<Void> ended =
                control.ask(() ->
                                CompletableFuture.allOf(
                                        sessions.values().stream()
                                                .map(Session::leave)
                                                .toArray(CompletableFuture[]::new)))
                        .thenCompose(left -> left)
                        .handle((_, _) ->
                                CompletableFuture.allOf(
                                        domains.values().stream()
                                                .distinct()
                                                .map(ServedDomain::close)
                                                .toArray(CompletableFuture[]::new)))
                        .thenCompose(closed -> closed);
        try {
            ended.get(LONGEST_END_SECONDS, TimeUnit.SECONDS);
            state.end();
            state.awaitEnd(TimeUnit.SECONDS.toMillis(LONGEST_END_SECONDS));
        } catch (ExecutionException e) {
            supervisor.failed("closing the sessions", Replies.cause(e));
        } catch (TimeoutException e) {
            supervisor.failed("closing the sessions", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        control.end();
        state.end();
    }

    Worker control() {
        return control;
    }

    OutputDirectories outputs() {
        return outputs;
    }

    /// What the user should know of the daemon as a whole.
    List<Warning> problems() {
        return problems;
    }

    Connections connections() {
        return connections;
    }

    Supervisor supervisor() {
        return supervisor;
    }

    Clock clock() {
        return clock;
    }

    SequencedMap<String, Session> sessions() {
        return sessions;
    }

    /// A session, or LTTng's answer of most commands where there is none.
    Session session(String name) throws RefusedException {
        Session session = sessions.get(name);
        if (session == null) {
            throw new RefusedException(LttngError.SESS_NOT_FOUND);
        }
        return session;
    }

    ServedDomain domain(DomainName name) throws RefusedException {
        ServedDomain domain = domains.get(name);
        if (domain == null) {
            RefusedException why = missing.get(name);
            throw why == null
                    ? new RefusedException(LttngError.KERN_NA)
                    : new RefusedException(why.error(), why.getMessage());
        }
        return domain;
    }

    /// Makes a session, its state directory, and its output where the daemon names it.
    CompletableFuture<Session> create(
            String givenName, Request.Mode mode, String givenOutput, String home)
            throws RefusedException {
        OffsetDateTime now = now(clock);
        String time = DIRECTORY_TIME.format(now);
        String name = givenName.isEmpty() ? unusedName("auto-" + time) : givenName;
        if (isTaken(name)) {
            throw new RefusedException(LttngError.EXIST_SESS);
        }
        if (sessions.size() + promised.size() >= MAX_SESSIONS) {
            throw new RefusedException("There are " + MAX_SESSIONS + " sessions: destroy some");
        }
        if (name.contains("/")
                || name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > 255) {
            throw new RefusedException(LttngError.SESSION_INVALID_CHAR);
        }
        String directory = givenName.isEmpty() ? name : name + "-" + time;
        long id = random.nextLong() & Long.MAX_VALUE;
        promised.add(name);
        return output(mode, givenOutput, Path.of(home, "lttng-traces", directory), id, name)
                .thenComposeAsync(
                        output ->
                                create(id, name, mode, output, CREATED.format(now))
                                        .exceptionallyCompose(failure ->
                                                unmade(
                                                        id,
                                                        mode == Request.Mode.DISK
                                                                        || givenOutput.isEmpty()
                                                                ? output
                                                                : "",
                                                        failure)),
                        control.now())
                .whenCompleteAsync((_, _) -> promised.remove(name), control.now());
    }

    private CompletableFuture<String> output(
            Request.Mode mode, String given, Path usual, long id, String name) {
        if (mode == Request.Mode.NO_OUTPUT) {
            return CompletableFuture.completedFuture("");
        }
        if (mode == Request.Mode.SNAPSHOT && !given.isEmpty()) {
            return CompletableFuture.completedFuture(given);
        }
        CompletableFuture<Path> directory =
                given.isEmpty()
                        ? outputs.create(usual)
                        : CompletableFuture.completedFuture(Path.of(given));
        return (mode == Request.Mode.SNAPSHOT
                        ? directory
                        : directory.thenCompose(path -> outputs.claim(path, id, name)))
                .thenApply(Path::toString);
    }

    private CompletableFuture<Session> create(
            long id, String name, Request.Mode mode, String output, String created) {
        return state.ask(
                        () -> {
                            var facts =
                                    new SessionFacts(
                                            id,
                                            name,
                                            mode != Request.Mode.DISK,
                                            created,
                                            hostName(),
                                            uid,
                                            ClockClass.monotonic(
                                                    StateLog.currentBoot(), clock.offsetNanos()),
                                            PrivateFiles.directory(stateDirectory(id)));
                            return new Session(
                                    facts,
                                    mode,
                                    output,
                                    UUID.randomUUID(),
                                    SavedSessions.begin(facts.stateDirectory()),
                                    1,
                                    "",
                                    control,
                                    packetBudget,
                                    supervisor);
                        })
                .thenComposeAsync(
                        session -> {
                            if (mode == Request.Mode.SNAPSHOT) {
                                addOutput(session, output);
                            }
                            sessions.put(name, session);
                            return save(session)
                                    .thenApply(_ -> session)
                                    .whenCompleteAsync(
                                            (_, failure) -> {
                                                if (failure != null) {
                                                    sessions.remove(name);
                                                    session.leave();
                                                }
                                            },
                                            control.now());
                        },
                        control.now());
    }

    /// A session could not be made: what was made of it goes again.
    ///
    /// @param output that was claimed or made for it; empty for none
    private CompletableFuture<Session> unmade(long id, String output, Throwable failure) {
        return state.<Void>ask(
                        () -> {
                            if (!output.isEmpty()) {
                                OutputDirectories.releaseNow(Path.of(output), id, false);
                            }
                            PrivateFiles.deleteTree(stateDirectory(id));
                            return null;
                        })
                .handle((_, left) -> {
                    if (left != null) {
                        supervisor.failed("taking back a session", Replies.cause(left));
                    }
                    return CompletableFuture.<Session>failedFuture(failure);
                })
                .thenCompose(failed -> failed);
    }

    private static void addOutput(Session session, String output) {
        try {
            session.outputs().add("", output, 0);
        } catch (RefusedException e) {
            throw new IllegalStateException("a new session has no output", e);
        }
    }

    private boolean isTaken(String name) {
        return sessions.containsKey(name) || promised.contains(name);
    }

    private String unusedName(String wanted) {
        String name = wanted;
        for (int i = 2; isTaken(name); i++) {
            name = wanted + "-" + i;
        }
        return name;
    }

    /// Keeps what a next daemon must know. Before the reply.
    CompletableFuture<Void> save(Session session) {
        SessionFile now = session.toFile();
        return state.ask(() -> {
            session.log().keep(now);
            return null;
        });
    }

    /// The orders, once they are taken and the session's new state kept. What was taken is in
    /// force: where its state cannot be kept, on a full disk, that is a problem to be told of
    /// beside it.
    CompletableFuture<List<Followed>> saved(
            Session session, CompletableFuture<List<Followed>> orders) {
        return orders.thenComposeAsync(
                taken ->
                        save(session)
                                .handle((_, failure) -> {
                                    if (failure == null) {
                                        return taken;
                                    }
                                    var all = new ArrayList<>(taken);
                                    all.add(notKept(failure));
                                    return List.copyOf(all);
                                }),
                control.now());
    }

    private static Followed notKept(Throwable failure) {
        return new Followed(
                CompletableFuture.completedFuture(
                        List.of(new Warning.StateNotKept(Reason.of(Replies.cause(failure))))));
    }

    /// The session was destroyed: nothing of it is kept.
    CompletableFuture<Void> forget(Session session) {
        return state.ask(
                        () -> {
                            PrivateFiles.deleteTree(stateDirectory(session.facts().id()));
                            return null;
                        })
                .thenCompose(_ -> outputs.release(session))
                .completeOnTimeout( // its disk does not answer: it is released when it does
                        null, Sender.LONGEST_SILENCE_NANOS, TimeUnit.NANOSECONDS);
    }

    static String directoryTime(Clock clock) {
        return DIRECTORY_TIME.format(now(clock));
    }

    private static OffsetDateTime now(Clock clock) {
        return LocalTimeZone.at(Instant.ofEpochSecond(0, clock.realtimeNanos()));
    }

    private void load(SavedSessions.Saved found) {
        SessionFile saved = found.state();
        var session =
                new Session(
                        found.facts(),
                        saved.mode(),
                        saved.output(),
                        saved.seed(),
                        found.log(),
                        saved.boots(),
                        saved.notice(),
                        control,
                        packetBudget,
                        supervisor);
        session.restore(saved.state(), saved.nextChannelId());
        session.outputs().restore(saved.outputs(), saved.nextOutputId(), saved.nextSnapshot());
        for (ChannelPlan plan : saved.channels()) {
            var channel = new Channel(plan.id(), plan.name(), plan.domain(), plan.attributes());
            channel.enable(plan.isEnabled());
            channel.replaceRules(plan.rules());
            try {
                session.adopt(channel, domain(plan.domain()));
            } catch (RefusedException e) {
                session.keepUnserved(channel, e.getMessage());
            }
        }
        if (session.mode() == Request.Mode.DISK) {
            if (session.isActive()) {
                session.consumer().startDraining();
            } else if (session.state().wasStarted()) { // the earlier daemon may have died in a stop
                session.inOrder(() -> session.consumer().stopDraining());
            }
        }
        sessions.put(session.name(), session);
    }

    private Path sessionsDirectory() {
        return runDirectory.resolve("sessions");
    }

    private Path stateDirectory(long id) {
        return sessionsDirectory().resolve(Long.toHexString(id));
    }

    static String hostName() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }
}
