// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import static dev.contrail.recorder.session.Replies.done;
import static dev.contrail.recorder.session.Replies.now;

import dev.contrail.ctf.Reason;
import dev.contrail.recorder.consumer.Sender;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.relay.RelayCheck;
import dev.contrail.recorder.session.Replies;
import dev.contrail.recorder.session.ServedDomain;
import dev.contrail.recorder.session.ServedDomain.Followed;
import dev.contrail.recorder.session.Session;
import dev.contrail.recorder.session.SessionReport;
import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.Warning;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import dev.contrail.wire.secure.KnownRelays;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What each request does. Owned by the control thread, which waits for nobody: what takes time is
/// the rest of a future.
final class SessionRequests {
    /// How long a session that is being destroyed waits for applications that do not answer.
    private static final long LONGEST_FAREWELL_SECONDS = 5;

    /// How long a view waits for a domain that takes up its channels: less than for its consumer.
    private static final long LONGEST_ADOPTION_MILLIS = 3000;

    private final Sessions sessions;
    private final ChannelRequests channels;
    private final SnapshotRequests snapshots;

    SessionRequests(Sessions sessions) {
        this.sessions = sessions;
        channels = new ChannelRequests(sessions);
        snapshots = new SnapshotRequests(sessions);
    }

    CompletableFuture<Reply> handle(Request request) throws RefusedException {
        return switch (request) {
            case Request.CreateSession create ->
                    sessions.create(create).thenApply(SessionRequests::created);
            case Request.DestroySession(String name) -> destroy(name);
            case Request.StartSession(String name) -> start(sessions.session(name));
            case Request.StopSession(String name, boolean isLast) ->
                    stop(sessions.session(name), isLast);
            case Request.EnableChannel enable -> channels.enableChannel(enable);
            case Request.DisableChannel disable -> channels.disableChannel(disable);
            case Request.EnableEvent enable -> channels.enableEvent(enable);
            case Request.AddContext add -> channels.addContext(add);
            case Request.DisableEvent disable -> channels.disableEvent(disable);
            case Request.FollowProcess(String name, long pid) ->
                    follow(sessions.session(name), pid);
            case Request.RegenerateStateDump(String name) ->
                    regenerateStateDump(sessions.session(name));
            case Request.ListSessions() -> {
                var views = new ArrayList<SessionView>();
                for (Session session : sessions.all()) {
                    views.add(SessionReport.listed(session));
                }
                yield now(new Reply.Sessions(views, sessions.problems()));
            }
            case Request.DescribeSession(String name) -> describe(sessions.session(name));
            case Request.ListPoints(var domain, var type, boolean asksPrograms) -> {
                ServedDomain served = sessions.domain(domain);
                CompletableFuture<List<InstrumentationPoint>> points =
                        asksPrograms
                                ? served.ask(() -> served.domain().askForPoints(domain, type))
                                        .thenCompose(asked -> asked)
                                : served.ask(() -> served.domain().points(domain, type));
                yield points.thenApply(Reply.Points::new);
            }
            case Request.RecordSnapshot record -> snapshots.record(record);
            case Request.AddOutput add -> snapshots.add(add);
            case Request.DeleteOutput delete -> snapshots.delete(delete);
            case Request.ListOutputs list -> snapshots.list(list);
            case Request.KeepRelayToken(String address, String token) ->
                    sessions.keepToken(address, token).thenCompose(_ -> done());
            case Request.CheckRelay(String relay) -> checkRelay(relay);
        };
    }

    /// In a thread of its own: it may take long, and nothing depends on it.
    private CompletableFuture<Reply> checkRelay(String relay) throws RefusedException {
        RelayEndpoints there = SnapshotRequests.relay(relay);
        var answer = new CompletableFuture<Reply>();
        Thread.ofVirtual()
                .name("contrail-relay-check")
                .start(() -> {
                    try {
                        RelayCheck.check(there, sessions.network());
                        answer.complete(new Reply.Done(List.of()));
                    } catch (IOException | RuntimeException e) {
                        answer.complete(
                                new Reply.Refused(LttngError.RELAYD_CONNECT_FAIL, Reason.of(e)));
                    }
                });
        return answer;
    }

    private static Reply created(Session session) {
        return new Reply.Created(session.name(), session.output());
    }

    private CompletableFuture<Reply> follow(Session session, long pid) {
        return session.unlessDestroyed(
                session.inOrder(() -> session.follow(pid)).thenCompose(_ -> done()));
    }

    private CompletableFuture<Reply> regenerateStateDump(Session session) {
        return session.unlessDestroyed(
                session.inOrder(session::regenerateStateDump).thenApply(Reply.Done::new));
    }

    /// Off the list at once: its name is free, nobody else can reach it, and who waits for it is
    /// told. Then everything in it ends in turn.
    private CompletableFuture<Reply> destroy(String name) throws RefusedException {
        Session session =
                sessions.remove(name)
                        .orElseThrow(() ->
                                new RefusedException(
                                        LttngError.SESS_NOT_FOUND,
                                        "Session name " + name + " not found"));
        boolean wasActive = session.isActive();
        CompletableFuture<List<Followed>> stopped =
                session.atTheEnd(() ->
                        session.isActive()
                                ? session.stop()
                                : CompletableFuture.completedFuture(List.of()));
        session.abandon("Session " + session.name() + " was destroyed");
        return stopped.thenCompose(Replies::problems)
                .completeOnTimeout(List.of(), LONGEST_FAREWELL_SECONDS, TimeUnit.SECONDS)
                .thenCompose(_ -> drained(session, true))
                .handle((_, _) -> wasActive ? session.obstacles() : List.<Warning>of())
                .thenCompose(
                        obstacles -> ended(session).thenApply(_ -> destroyed(session, obstacles)));
    }

    /// What waits for an output that is silent keeps its rings, its spills and its state until it
    /// is stored, or for a next daemon; nobody waits for that.
    private CompletableFuture<Void> ended(Session session) {
        return session.consumer()
                .end()
                .handle((_, _) -> session.isSilent())
                .thenCompose(isSilent -> {
                    if (!isSilent) {
                        return gone(session);
                    }
                    session.sent()
                            .thenCompose(_ -> gone(session))
                            .whenComplete((_, failure) -> {
                                if (failure != null) {
                                    sessions.supervisor()
                                            .failed(
                                                    "destroying " + session.name(),
                                                    Replies.cause(failure));
                                }
                            });
                    return CompletableFuture.allOf();
                });
    }

    private CompletableFuture<Void> gone(Session session) {
        return session.destroy().thenCompose(_ -> sessions.forget(session));
    }

    /// @param obstacles that no `stop` has told of
    private static Reply destroyed(Session session, List<Warning> obstacles) {
        var problems = new ArrayList<Warning>();
        String problem = session.consumer().problem();
        if (!problem.isEmpty()) {
            problems.add(new Warning.NotStored(problem));
        }
        problems.addAll(obstacles);
        return new Reply.Done(problems);
    }

    private static CompletableFuture<Void> drained(Session session, boolean isLast) {
        return session.mode() == SessionMode.SNAPSHOT || !session.state().wasStarted()
                ? CompletableFuture.allOf()
                : session.consumer().stopDraining(isLast);
    }

    private CompletableFuture<Reply> start(Session session) {
        return session.unlessDestroyed(
                session.inOrder(() ->
                                prepared(session)
                                        .thenComposeAsync(
                                                _ -> started(session), sessions.control().now()))
                        .thenCompose(Replies::problems)
                        .thenApply(warnings -> new Reply.Done(withRelay(session, warnings))));
    }

    /// Also that its relay is not there yet.
    private static List<Warning> withRelay(Session session, List<Warning> warnings) {
        boolean isThere = session.relayView().map(SessionView.RelayView::isConnected).orElse(true);
        if (isThere) {
            return warnings;
        }
        var all = new ArrayList<>(warnings);
        all.add(
                new Warning.NotStored(
                        "No relay daemon answers at %s yet: what is recorded waits for one"
                                .formatted(session.output())));
        return all;
    }

    /// Its output is there, and is its own.
    private CompletableFuture<Void> prepared(Session session) {
        if (session.mode() != SessionMode.DISK || !session.isSent()) {
            return sessions.outputs().prepare(session);
        }
        return session.consumer()
                .prepare()
                .orTimeout(Sender.LONGEST_SILENCE_NANOS, TimeUnit.NANOSECONDS)
                .exceptionallyCompose(failure -> {
                    Throwable cause = Replies.cause(failure);
                    if (session.liveMicros() > 0 && isRefusal(cause)) {
                        return CompletableFuture.allOf(); // what is recorded waits for it
                    }
                    String why =
                            cause instanceof TimeoutException
                                    ? "no answer from " + session.output()
                                    : Reason.of(cause);
                    return CompletableFuture.failedFuture(
                            new RefusedException(
                                    LttngError.RELAYD_CONNECT_FAIL,
                                    LttngError.RELAYD_CONNECT_FAIL.text()
                                            + ": "
                                            + KnownRelays.advised(why)));
                });
    }

    /// Whether nobody listens there: a relay daemon may be started later.
    private static boolean isRefusal(Throwable failure) {
        return failure instanceof ConnectException
                || failure.getCause() instanceof ConnectException;
    }

    private CompletableFuture<List<Followed>> started(Session session) {
        try {
            return sessions.saved(session, session.start());
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Reply> stop(Session session, boolean isLast) {
        return session.unlessDestroyed(
                session.inOrder(() -> sessions.saved(session, session.stop()))
                        .thenCompose(Replies::problems)
                        .thenCompose(problems -> stopped(session, problems, isLast)));
    }

    private CompletableFuture<Reply> stopped(
            Session session, List<Warning> problems, boolean isLast) {
        return drained(session, isLast)
                .thenComposeAsync(
                        _ -> SessionReport.of(session, sessions.clock()), sessions.control().now())
                .thenApply(view -> {
                    var warnings = new ArrayList<Warning>(problems);
                    warnings.addAll(view.problems());
                    warnings.addAll(session.obstacles());
                    long discarded =
                            view.channels().stream()
                                    .mapToLong(SessionView.ChannelView::discarded)
                                    .sum();
                    return new Reply.Stopped(discarded, view.notStored(), warnings);
                });
    }

    /// An account that an earlier daemon has left, and that is about to be there, is waited for.
    private CompletableFuture<Reply> describe(Session session) {
        CompletableFuture<SessionView> view =
                session.adopted()
                        .copy()
                        .completeOnTimeout(null, LONGEST_ADOPTION_MILLIS, TimeUnit.MILLISECONDS)
                        .thenComposeAsync(
                                _ -> SessionReport.of(session, sessions.clock()),
                                sessions.control().now());
        return SessionReport.orBusy(session, view)
                .thenApply(shown -> new Reply.Sessions(List.of(shown), List.of()));
    }
}
