// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.ctf.Clock;
import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.LocalTimeZone;
import dev.contrail.ctf.Reason;
import dev.contrail.ctf.UtcOffset;
import dev.contrail.recorder.consumer.Sender;
import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.recorder.file.PrivateFiles;
import dev.contrail.recorder.file.SpillBudget;
import dev.contrail.recorder.file.StateLog;
import dev.contrail.recorder.session.Channel;
import dev.contrail.recorder.session.OutputDirectories;
import dev.contrail.recorder.session.Replies;
import dev.contrail.recorder.session.SavedSessions;
import dev.contrail.recorder.session.ServedDomain;
import dev.contrail.recorder.session.ServedDomain.Followed;
import dev.contrail.recorder.session.Session;
import dev.contrail.recorder.session.SessionFile;
import dev.contrail.recorder.thread.Supervisor;
import dev.contrail.recorder.thread.Worker;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.RelayToken;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.Warning;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.secure.KnownRelays;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The recording sessions: makes them, keeps each one's state in a file that a daemon after this
/// one goes on from, and forgets them.
///
/// Owned by the control thread, which waits for nobody: the state thread writes the files.
final class Sessions {
    /// Sessions: each has a thread.
    private static final int MAX_SESSIONS = 512;

    /// The protocol of relays has 32 bits for it.
    private static final long MAX_LIVE_MICROS = 0xFFFF_FFFFL;

    /// A file has no longer name, and LTTng no longer session.
    private static final int MAX_NAME_BYTES = 255;

    private static final DateTimeFormatter DIRECTORY_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final DateTimeFormatter CREATED =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss");

    private final Path directory;
    private final int uid;
    private final Clock clock;
    private final ServedDomains domains;
    private final Worker control;
    private final Worker state;
    private final Supervisor supervisor;
    private final OutputDirectories outputs;
    private final SequencedMap<String, Session> sessions = new LinkedHashMap<>();
    private final Set<String> promised = new HashSet<>(); // names of sessions that are being made
    private final SecureRandom random = new SecureRandom();
    private final KnownRelays relays;
    private final SpillBudget packetBudget = SpillBudget.ofThisMachine();
    private volatile List<Warning> problems = List.of();

    /// @param runDirectory where sessions are kept, in `sessions/`
    /// @param uid the user whom the daemon runs as
    /// @param control the control thread
    /// @param state the thread that writes their states
    Sessions(
            Path runDirectory,
            int uid,
            Clock clock,
            ServedDomains domains,
            Worker control,
            Worker state,
            Supervisor supervisor,
            Network network) {
        this.directory = runDirectory.resolve("sessions");
        this.relays = new KnownRelays(runDirectory.resolve("relay-tokens"), network);
        this.uid = uid;
        this.clock = clock;
        this.domains = domains;
        this.control = control;
        this.state = state;
        this.supervisor = supervisor;
        this.outputs = new OutputDirectories(runDirectory, Sender.LONGEST_SILENCE_NANOS);
    }

    /// Those that an earlier daemon has left, to be loaded. Any thread, once.
    List<SavedSessions.Saved> find() throws IOException {
        var saved = new SavedSessions(directory, uid, hostName(), clock);
        List<SavedSessions.Saved> found = saved.find();
        problems = saved.problems();
        return found;
    }

    /// What the user should know of the sessions as a whole. Any thread.
    List<Warning> problems() {
        return problems;
    }

    Worker control() {
        return control;
    }

    /// How relays are reached.
    Network network() {
        return relays.network();
    }

    /// Keeps what a relay has given to be known by.
    CompletableFuture<Void> keepToken(String address, String untrusted) throws RefusedException {
        RelayToken token;
        try {
            token = RelayToken.parse(untrusted);
        } catch (ParseException e) {
            throw new RefusedException(LttngError.INVALID, Reason.of(e));
        }
        return state.ask(() -> {
            relays.keep(address, token);
            return null;
        });
    }

    OutputDirectories outputs() {
        return outputs;
    }

    Supervisor supervisor() {
        return supervisor;
    }

    Clock clock() {
        return clock;
    }

    ServedDomain domain(DomainName name) throws RefusedException {
        return domains.domain(name);
    }

    /// The newest first.
    List<Session> all() {
        return List.copyOf(sessions.sequencedValues().reversed());
    }

    /// A session, or LTTng's answer of most commands where there is none.
    Session session(String name) throws RefusedException {
        Session session = sessions.get(name);
        if (session == null) {
            throw new RefusedException(LttngError.SESS_NOT_FOUND);
        }
        return session;
    }

    /// Takes a session off the list.
    ///
    /// @return the session, if there was one of that name
    Optional<Session> remove(String name) {
        return Optional.ofNullable(sessions.remove(name));
    }

    /// The daemon ends: they stay as they are, for a next one.
    CompletableFuture<Void> leave() {
        return CompletableFuture.allOf(
                sessions.values().stream().map(Session::leave).toArray(CompletableFuture[]::new));
    }

    /// Makes a session, its state directory, and its output where the daemon names it.
    CompletableFuture<Session> create(Request.CreateSession request) throws RefusedException {
        String givenName = request.name();
        SessionMode mode = request.mode();
        String givenOutput = request.output();
        checkOutput(request);
        Instant moment = moment();
        UtcOffset zone = LocalTimeZone.offset();
        LocalDateTime now = zone.at(moment);
        String created = CREATED.format(now) + zone.text(moment);
        String time = DIRECTORY_TIME.format(now);
        String name = givenName.isEmpty() ? unusedName("auto-" + time) : givenName;
        if (isTaken(name)) {
            throw new RefusedException(LttngError.EXIST_SESS);
        }
        if (sessions.size() + promised.size() >= MAX_SESSIONS) {
            throw new RefusedException("There are " + MAX_SESSIONS + " sessions: destroy some");
        }
        if (name.contains("/")) {
            throw new RefusedException(LttngError.SESSION_INVALID_CHAR);
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new RefusedException(
                    "Session name too long. Length must be lower or equal to " + MAX_NAME_BYTES);
        }
        String leaf = givenName.isEmpty() ? name : name + "-" + time;
        long id = random.nextLong() & Long.MAX_VALUE;
        promised.add(name);
        return output(mode, givenOutput, Path.of(request.home(), "lttng-traces", leaf), id, name)
                .thenComposeAsync(
                        output ->
                                create(id, name, request, output, created)
                                        .exceptionallyCompose(failure ->
                                                unmade(
                                                        id,
                                                        !RelayEndpoints.isShown(output)
                                                                        && (mode == SessionMode.DISK
                                                                                || givenOutput
                                                                                        .isEmpty())
                                                                ? output
                                                                : "",
                                                        failure)),
                        control.now())
                .whenCompleteAsync((_, _) -> promised.remove(name), control.now());
    }

    private static void checkOutput(Request.CreateSession request) throws RefusedException {
        String output = request.output();
        if (RelayEndpoints.isShown(output)) {
            try {
                RelayEndpoints.parseShown(output);
            } catch (ParseException e) {
                throw new RefusedException(LttngError.INVALID, Reason.of(e));
            }
        } else if (request.liveMicros() != 0) {
            throw new RefusedException(
                    LttngError.INVALID,
                    "Unsupported output type specified for live session: it goes to a relay daemon"
                            + " (-U net://HOST)");
        }
        if (request.liveMicros() < 0
                || request.liveMicros() > MAX_LIVE_MICROS
                || request.liveMicros() > 0 && request.mode() != SessionMode.DISK) {
            throw new RefusedException(LttngError.INVALID);
        }
    }

    private CompletableFuture<String> output(
            SessionMode mode, String given, Path usual, long id, String name) {
        if (RelayEndpoints.isShown(given)) {
            return CompletableFuture.completedFuture(given);
        }
        if (mode == SessionMode.NO_OUTPUT) {
            return CompletableFuture.completedFuture("");
        }
        if (mode == SessionMode.SNAPSHOT && !given.isEmpty()) {
            return CompletableFuture.completedFuture(given);
        }
        CompletableFuture<Path> made =
                given.isEmpty()
                        ? outputs.create(usual)
                        : CompletableFuture.completedFuture(Path.of(given));
        return (mode == SessionMode.SNAPSHOT
                        ? made
                        : made.thenCompose(path -> outputs.claim(path, id, name)))
                .thenApply(Path::toString);
    }

    private CompletableFuture<Session> create(
            long id, String name, Request.CreateSession request, String output, String created) {
        SessionMode mode = request.mode();
        return state.ask(
                        () -> {
                            var facts =
                                    new SessionFacts(
                                            id,
                                            name,
                                            mode != SessionMode.DISK,
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
                                    request.liveMicros(),
                                    request.isSynced(),
                                    UUID.randomUUID(),
                                    SavedSessions.begin(facts.stateDirectory()),
                                    1,
                                    "",
                                    control,
                                    packetBudget,
                                    relays.network(),
                                    supervisor);
                        })
                .thenComposeAsync(
                        session -> {
                            if (mode == SessionMode.SNAPSHOT) {
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
                            PrivateFiles.deleteTree(stateDirectory(id));
                            return null;
                        })
                .thenCompose(_ ->
                        output.isEmpty()
                                ? CompletableFuture.allOf()
                                : outputs.releaseUnmade(Path.of(output), id)
                                        .completeOnTimeout( // as in [#forget]
                                                null,
                                                Sender.LONGEST_SILENCE_NANOS,
                                                TimeUnit.NANOSECONDS))
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

    /// The time in the names of directories that are made now.
    String directoryTime() {
        return DIRECTORY_TIME.format(LocalTimeZone.at(moment()));
    }

    private Instant moment() {
        return Instant.ofEpochSecond(0, clock.realtimeNanos());
    }

    /// Takes up a session that an earlier daemon has left.
    void load(SavedSessions.Saved found) {
        SessionFile saved = found.state();
        // One that was destroyed while its output was silent may have lost its name meanwhile.
        SessionFacts facts = found.facts().named(unusedName(found.facts().name()));
        var session =
                new Session(
                        facts,
                        saved.mode(),
                        saved.output(),
                        saved.liveMicros(),
                        saved.isSynced(),
                        saved.seed(),
                        found.log(),
                        saved.boots(),
                        saved.notice(),
                        control,
                        packetBudget,
                        relays.network(),
                        supervisor);
        session.restore(saved.state(), saved.nextChannelId());
        session.outputs().restore(saved.outputs(), saved.nextOutputId(), saved.nextSnapshot());
        for (ChannelPlan plan : saved.channels()) {
            var channel = new Channel(plan.id(), plan.name(), plan.domain(), plan.attributes());
            channel.replaceContexts(plan.contexts());
            channel.enable(plan.isEnabled());
            channel.replaceRules(plan.rules());
            try {
                session.adopt(channel, domain(plan.domain()));
            } catch (RefusedException e) {
                session.keepUnserved(channel, e.getMessage());
            }
        }
        if (session.mode() == SessionMode.DISK) {
            if (session.isActive()) {
                session.consumer().startDraining();
            } else if (session.state().wasStarted()) { // the earlier daemon may have died in a stop
                session.inOrder(() -> session.consumer().stopDraining(false));
            }
        }
        sessions.put(session.name(), session);
    }

    private Path stateDirectory(long id) {
        return directory.resolve(Long.toHexString(id));
    }

    private static String hostName() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }
}
