// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.session;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.file.StoredFiles;
import dev.contrail.relay.journal.LeftSessions;
import dev.contrail.relay.label.LabelFile;
import dev.contrail.relay.label.LeftLabels;
import dev.contrail.relay.label.SessionLabel;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.request.RecordingSession;
import dev.contrail.relay.request.Refusal;
import dev.contrail.relay.stream.EndedStreams;
import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import dev.contrail.wire.relay.RelayRequest.CreateTraceChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Sessions that relays before this one have left, each with its label: what viewers could read of
/// them can be read again. One whose producer may come back to it is awaited for a while.
///
/// Who calls it, once producers can connect, keeps them from going on with a session meanwhile.
final class EarlierSessions {
    private final SharedState shared;
    private final RelaySession.Registry registry;
    private final EndedSessions ended;

    /// Labels, by the numbers that their sessions are to have.
    private final Map<Long, Path> awaited = new ConcurrentHashMap<>();

    /// Opens a session as if its producer were there.
    interface Opening {
        /// @param directory below the output directory
        RelaySession open(long id, CreateSession request, Path directory)
                throws Refusal, IOException;
    }

    /// @param ended where those that are shown are kept
    EarlierSessions(SharedState shared, RelaySession.Registry registry, EndedSessions ended) {
        this.shared = shared;
        this.registry = registry;
        this.ended = ended;
    }

    /// Shows those that have ended, and awaits the others.
    ///
    /// @param labels files
    void takeUp(List<Path> labels) {
        var directories = new HashMap<List<Object>, Path>();
        for (LeftLabels.Left each : LeftLabels.read(labels, EndedSessions.MAX_ENDED)) {
            CreateSession its = each.label().request();
            Path directory = StoredFiles.parent(each.file());
            Path other =
                    directories.putIfAbsent(
                            List.of(RecordingSession.of(its), its.createdSeconds()), directory);
            if (other != null && !other.equals(directory)) {
                RelayLog.warn(
                        "viewers are not shown %s: it is a copy of %s".formatted(directory, other));
                continue;
            }
            long id = shared.newSessionId();
            if (LeftSessions.mayGoOn(each.file())) {
                awaited.put(id, each.file());
            } else {
                show(id, each.file(), each.label());
            }
        }
    }

    /// Whether there are some whose producers may come back. Any thread.
    boolean awaitsProducers() {
        return !awaited.isEmpty();
    }

    /// Those that are awaited now. Any thread.
    List<Long> awaited() {
        return List.copyOf(awaited.keySet());
    }

    /// A producer has come back to the session in that place.
    void goesOn(Path place) {
        awaited.values().removeIf(each -> StoredFiles.parent(each).equals(place));
    }

    /// Shows one that is still awaited.
    ///
    /// @param opening for one that a relay was killed in
    void showAwaited(long id, Opening opening) {
        Path file = awaited.remove(id);
        if (file == null) {
            return;
        }
        try {
            SessionLabel label = LabelFile.read(file);
            if (label.isOfBeginning()) {
                complete(opening.open(id, label.request(), directory(file)), label);
            } else {
                show(id, file, label);
            }
        } catch (NoSuchFileException e) {
            RelayLog.debug("it is gone: " + file);
        } catch (IOException | Refusal e) {
            RelayLog.failed("viewers cannot read a session whose producer is gone", e);
        }
    }

    /// Ends a session that a relay was killed in: the journal says how far it had come.
    private static void complete(RelaySession left, SessionLabel label)
            throws Refusal, IOException {
        try {
            left.keepJournal();
            left.createChunk(
                    new CreateTraceChunk(0, label.request().createdSeconds(), CString.EMPTY));
        } finally {
            left.end();
        }
    }

    private void show(long id, Path file, SessionLabel label) {
        Path directory = directory(file);
        try {
            var published =
                    EndedStreams.of(
                            label, shared.layout(), StoredFiles.parent(file), shared::newGroupId);
            ended.keep(
                    RelaySession.ended(
                            shared, registry, id, label.request(), directory, published));
        } catch (NoSuchFileException e) {
            RelayLog.debug("the trace is gone: " + Reason.of(e));
            discard(file);
        }
    }

    /// Of a session, below the output directory.
    private Path directory(Path label) {
        return shared.layout().root().relativize(StoredFiles.parent(label));
    }

    private static void discard(Path label) {
        try {
            Files.deleteIfExists(label);
        } catch (IOException e) {
            RelayLog.failed("the label of a trace that is gone", e);
        }
    }
}
