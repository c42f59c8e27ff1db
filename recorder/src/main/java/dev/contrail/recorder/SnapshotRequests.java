// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.ctf.Reason;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.session.Replies;
import dev.contrail.recorder.session.Session;
import dev.contrail.recorder.session.Snapshot;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Reply.SnapshotOutput;
import dev.contrail.wire.control.Request;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// What the requests about snapshots do. Owned by the control thread.
final class SnapshotRequests {
    private final Sessions sessions;

    SnapshotRequests(Sessions sessions) {
        this.sessions = sessions;
    }

    CompletableFuture<Reply> record(Request.RecordSnapshot request) throws RefusedException {
        Session session = snapshotSession(request.session());
        if (!session.state().wasStarted()) {
            throw new RefusedException(LttngError.START_SESSION_ONCE);
        }
        String base = request.directory();
        String name = request.name();
        long maxBytes = request.maxBytes();
        if (base.isEmpty()) {
            if (session.outputs().list().isEmpty()) {
                throw new RefusedException(
                        LttngError.SNAPSHOT_FAIL,
                        "No snapshot output: add one, or name a directory");
            }
            SnapshotOutput output = session.outputs().list().getFirst();
            base = output.directory();
            name = name.isEmpty() ? output.name() : name;
            maxBytes = maxBytes == 0 ? output.maxBytes() : maxBytes;
        }
        int number = session.outputs().takeNumber();
        String beginning =
                "%s-%s".formatted(name.isEmpty() ? "snapshot" : name, sessions.directoryTime());
        long limit = maxBytes;
        if (RelayEndpoints.isShown(base)) {
            RelayEndpoints relay = relay(base);
            return session.unlessDestroyed(
                    settled(session)
                            .thenComposeAsync(
                                    _ -> send(session, relay, beginning + "-" + number, limit),
                                    sessions.control().now()));
        }
        Path parent = Path.of(base);
        return session.unlessDestroyed(
                settled(session)
                        .thenCompose(_ -> sessions.outputs().snapshot(parent, beginning, number))
                        .thenComposeAsync(
                                directory -> write(session, directory, limit),
                                sessions.control().now()));
    }

    /// Done when all that has happened until now is in the rings.
    private CompletableFuture<Void> settled(Session session) {
        return CompletableFuture.allOf(sessions.save(session), session.adopted(), session.settle());
    }

    private CompletableFuture<Reply> send(
            Session session, RelayEndpoints relay, String name, long maxBytes) {
        Snapshot snapshot =
                Snapshot.to(relay, sessions.network(), name, session, maxBytes, sessions.clock());
        return session.consumer()
                .ask(snapshot)
                .thenApply(accounts ->
                        new Reply.Recorded(relay.toString(), snapshot.atRelay(), accounts));
    }

    private CompletableFuture<Reply> write(Session session, Path directory, long maxBytes) {
        return session.consumer()
                .ask(Snapshot.to(directory, session, maxBytes, sessions.clock()))
                .thenApply(accounts -> new Reply.Recorded(directory.toString(), "", accounts));
    }

    /// @throws RefusedException when it is none
    static RelayEndpoints relay(String shown) throws RefusedException {
        try {
            return RelayEndpoints.parseShown(shown);
        } catch (ParseException e) {
            throw new RefusedException(LttngError.INVALID, Reason.of(e));
        }
    }

    CompletableFuture<Reply> add(Request.AddOutput request) throws RefusedException {
        Session session = snapshotSession(request.session());
        if (RelayEndpoints.isShown(request.directory())) {
            relay(request.directory());
        }
        return kept(
                session,
                session.outputs().add(request.name(), request.directory(), request.maxBytes()));
    }

    CompletableFuture<Reply> delete(Request.DeleteOutput request) throws RefusedException {
        Session session = snapshotSession(request.session());
        return kept(session, session.outputs().delete(request.idOrName()));
    }

    CompletableFuture<Reply> list(Request.ListOutputs request) throws RefusedException {
        return Replies.now(new Reply.Outputs(snapshotSession(request.session()).outputs().list()));
    }

    private CompletableFuture<Reply> kept(Session session, SnapshotOutput changed) {
        return session.unlessDestroyed(
                sessions.save(session).thenApply(_ -> new Reply.Outputs(List.of(changed))));
    }

    private Session snapshotSession(String name) throws RefusedException {
        Session session = sessions.session(name);
        if (session.mode() != SessionMode.SNAPSHOT) {
            throw new RefusedException(LttngError.NOT_SNAPSHOT_SESSION);
        }
        return session;
    }
}
