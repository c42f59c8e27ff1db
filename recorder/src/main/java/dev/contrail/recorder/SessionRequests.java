// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import static dev.contrail.recorder.Replies.done;
import static dev.contrail.recorder.Replies.now;

import dev.contrail.recorder.ServedDomain.Followed;
import dev.contrail.wire.control.LttngError;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import dev.contrail.wire.control.Warning;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// What each request does. Owned by the control thread, which waits for nobody: what takes time is
/// the rest of a future.
final class SessionRequests {
    /// How long a session that is being destroyed waits for applications that do not answer.
    private static final long LONGEST_FAREWELL_SECONDS = 5;

    private final SessionDaemon daemon;
    private final ChannelRequests channels;
    private final SnapshotRequests snapshots;

    SessionRequests(SessionDaemon daemon) {
        this.daemon = daemon;
        channels = new ChannelRequests(daemon);
        snapshots = new SnapshotRequests(daemon);
    }

    CompletableFuture<Reply> handle(Request request) throws RefusedException {
        return switch (request) {
            case Request.CreateSession(
                            String name,
                            Request.Mode mode,
                            String output,
                            String home) ->
                    daemon.create(name, mode, output, home).thenApply(SessionRequests::created);
            case Request.DestroySession(String name) -> destroy(name);
            case Request.StartSession(String name) -> start(daemon.session(name));
            case Request.StopSession(String name) -> stop(daemon.session(name));
            case Request.EnableChannel enable -> channels.enableChannel(enable);
            case Request.DisableChannel disable -> channels.disableChannel(disable);
            case Request.EnableEvent enable -> channels.enableEvent(enable);
            case Request.DisableEvent disable -> channels.disableEvent(disable);
            case Request.FollowProcess(String name, long pid) -> follow(daemon.session(name), pid);
            case Request.ListSessions() -> {
                var views = new ArrayList<SessionView>();
                for (Session session : daemon.sessions().sequencedValues().reversed()) {
                    views.add(SessionReport.listed(session));
                }
                yield now(new Reply.Sessions(views, daemon.problems()));
            }
            case Request.DescribeSession(String name) -> describe(daemon.session(name));
            case Request.ListPoints(var domain, var type) -> {
                ServedDomain served = daemon.domain(domain);
                yield served.ask(() -> served.domain().askForPoints(domain, type))
                        .thenCompose(points -> points)
                        .thenApply(Reply.Points::new);
            }
            case Request.RecordSnapshot record -> snapshots.record(record);
            case Request.AddOutput add -> snapshots.add(add);
            case Request.DeleteOutput delete -> snapshots.delete(delete);
            case Request.ListOutputs list -> snapshots.list(list);
        };
    }

    private static Reply created(Session session) {
        return new Reply.Created(session.name(), session.output());
    }

    private CompletableFuture<Reply> follow(Session session, long pid) {
        return session.unlessDestroyed(
                session.inOrder(() -> session.follow(pid)).thenCompose(_ -> done()));
    }

    /// Off the list at once: its name is free, nobody else can reach it, and who waits for it is
    /// told. Then everything in it ends in turn.
    private CompletableFuture<Reply> destroy(String name) throws RefusedException {
        Session session = daemon.sessions().remove(name);
        if (session == null) {
            throw new RefusedException(
                    LttngError.SESS_NOT_FOUND, "Session name " + name + " not found");
        }
        boolean wasActive = session.isActive();
        CompletableFuture<List<Followed>> stopped =
                session.atTheEnd(() ->
                        session.isActive()
                                ? session.stop()
                                : CompletableFuture.completedFuture(List.of()));
        session.abandon("Session " + session.name() + " was destroyed");
        return stopped.thenCompose(Replies::problems)
                .completeOnTimeout(List.of(), LONGEST_FAREWELL_SECONDS, TimeUnit.SECONDS)
                .thenCompose(_ -> drained(session))
                .handle((_, _) -> wasActive ? session.obstacles() : List.<Warning>of())
                .thenCompose(
                        obstacles -> ended(session).thenApply(_ -> destroyed(session, obstacles)));
    }

    private CompletableFuture<Void> ended(Session session) {
        return session.consumer()
                .end()
                .handle((_, _) -> session.destroy())
                .thenCompose(destroyed -> destroyed)
                .thenCompose(_ -> daemon.forget(session));
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

    private static CompletableFuture<Void> drained(Session session) {
        return session.mode() == Request.Mode.SNAPSHOT || !session.state().wasStarted()
                ? CompletableFuture.allOf()
                : session.consumer().stopDraining();
    }

    private CompletableFuture<Reply> start(Session session) {
        return session.unlessDestroyed(
                session.inOrder(() ->
                                daemon.outputs()
                                        .prepare(session)
                                        .thenComposeAsync(
                                                _ -> started(session), daemon.control().now()))
                        .thenCompose(Replies::problems)
                        .thenApply(Reply.Done::new));
    }

    private CompletableFuture<List<Followed>> started(Session session) {
        try {
            return daemon.saved(session, session.start());
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Reply> stop(Session session) {
        return session.unlessDestroyed(
                session.inOrder(() -> daemon.saved(session, session.stop()))
                        .thenCompose(Replies::problems)
                        .thenCompose(problems -> stopped(session, problems)));
    }

    private CompletableFuture<Reply> stopped(Session session, List<Warning> problems) {
        return drained(session)
                .thenComposeAsync(
                        _ -> SessionReport.of(session, daemon.clock()), daemon.control().now())
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

    private CompletableFuture<Reply> describe(Session session) {
        return SessionReport.orBusy(session, SessionReport.of(session, daemon.clock()))
                .thenApply(view -> new Reply.Sessions(List.of(view), List.of()));
    }
}
