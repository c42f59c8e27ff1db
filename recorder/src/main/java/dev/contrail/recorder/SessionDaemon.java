// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.ctf.Clock;
import dev.contrail.ctf.Reason;
import dev.contrail.recorder.domain.Domain;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.session.Replies;
import dev.contrail.recorder.session.SavedSessions;
import dev.contrail.recorder.session.ServedDomain;
import dev.contrail.recorder.thread.Supervisor;
import dev.contrail.recorder.thread.Worker;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.Tcp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Owns the recording sessions and answers requests; a daemon after this one goes on with its
/// sessions.
///
/// Sessions belong to the control thread. [#answer] may be called by any thread.
public final class SessionDaemon implements AutoCloseable, Executor {
    /// Work that waits for the control thread: clients and applications are told to wait beyond it.
    private static final int MAX_WAITING = 100_000;

    /// How long sessions and domains may take to let go when the daemon ends.
    private static final long LONGEST_END_SECONDS = 10;

    private final Supervisor supervisor;
    private final Worker control;
    private final Worker state;
    private final ServedDomains domains = new ServedDomains();
    private final Sessions sessions;
    private final SessionRequests requests;
    private final Connections connections = new Connections();

    /// @param runDirectory where sessions are kept, in `sessions/`
    /// @param uid the user whom the daemon runs as
    /// @param supervisor of all the daemon's threads
    public SessionDaemon(Path runDirectory, int uid, Clock clock, Supervisor supervisor) {
        this(runDirectory, uid, clock, supervisor, new Tcp());
    }

    /// As before.
    ///
    /// @param network where relays are
    public SessionDaemon(
            Path runDirectory, int uid, Clock clock, Supervisor supervisor, Network network) {
        this.supervisor = supervisor;
        this.control = new Worker("contrail-control", MAX_WAITING, supervisor);
        this.state = new Worker("contrail-state", MAX_WAITING, supervisor);
        this.sessions =
                new Sessions(
                        runDirectory, uid, clock, domains, control, state, supervisor, network);
        this.requests = new SessionRequests(sessions);
    }

    /// Serves a domain. Before [#start].
    public void add(Domain domain) {
        domains.add(ServedDomain.of(domain, control, supervisor));
    }

    /// Says why a domain is not served. Before [#start].
    public void refuse(DomainName domain, RefusedException why) {
        domains.refuse(domain, why);
    }

    /// Takes up the sessions that an earlier daemon has left, then begins to answer.
    public void start() throws IOException {
        List<SavedSessions.Saved> found = sessions.find();
        try {
            control.ask(
                            () -> {
                                found.forEach(sessions::load);
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
        domains.find(domain)
                .ifPresent(served ->
                        served.ask(
                                        () -> {
                                            command.run();
                                            return true;
                                        })
                                .whenComplete((_, failure) -> {
                                    if (failure != null) {
                                        supervisor.failed(domain.title(), failure);
                                    }
                                }));
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
                control.ask(sessions::leave)
                        .thenCompose(left -> left)
                        .handle((_, _) -> domains.close())
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

    Sessions sessions() {
        return sessions;
    }

    Connections connections() {
        return connections;
    }

    Supervisor supervisor() {
        return supervisor;
    }
}
