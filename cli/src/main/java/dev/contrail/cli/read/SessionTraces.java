// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.analysis.Suggestion;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.DaemonConnection;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Outputs.Output;
import dev.contrail.cli.console.TerminalText;
import dev.contrail.recorder.LeftSession;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Reply.SnapshotOutput;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import dev.contrail.wire.control.SessionView.RelayView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The sessions that there are, with their traces: the daemon's; where none runs, what the last one
/// has left.
///
/// @param hasDaemon whether a daemon runs
public record SessionTraces(List<OfSession> all, boolean hasDaemon) {
    /// One session's trace, or the directory of its snapshots.
    ///
    /// @param output empty when the session writes none
    /// @param isLive whether viewers of a relay may follow it
    /// @param atRelay its directory below a relay's output directory; empty where it has none, or
    ///   that is not known
    public record OfSession(
            String name, SessionMode mode, String output, boolean isLive, String atRelay) {
        /// What it has stored, if it stores anything.
        Optional<Output> stored() {
            return output.isEmpty() || isSent()
                    ? Optional.empty()
                    : Optional.of(new Output(Path.of(output), mode == SessionMode.SNAPSHOT));
        }

        private boolean isSent() {
            return RelayEndpoints.isShown(output);
        }

        /// @throws Failure when there is none yet
        FoundTrace newest() throws IOException, Failure {
            if (output.isEmpty()) {
                throw new Failure("Session " + name + " stores nothing: it has no output");
            }
            if (isSent()) {
                return new FoundTrace.AtRelay(
                        new RelayedSession(name, output, isLive, atRelay).url());
            }
            return new FoundTrace.Here(
                    SessionTraces.newest(stored().orElseThrow())
                            .orElseThrow(this::withoutSnapshot));
        }

        private Failure withoutSnapshot() {
            return new Failure(
                    "Session "
                            + name
                            + " has no snapshot yet: contrail snapshot record -s "
                            + TerminalText.word(name));
        }
    }

    static SessionTraces of(Console console) throws IOException, Failure {
        var all = new ArrayList<OfSession>();
        Optional<DaemonConnection> connection = DaemonConnection.tryOpen(console.places());
        if (connection.isEmpty()) {
            for (LeftSession left : LeftSession.in(console.places().runDirectory())) {
                if (!left.output().isEmpty()) {
                    all.add(new OfSession(left.name(), left.mode(), left.output(), true, ""));
                }
            }
            return new SessionTraces(all, false);
        }
        try (DaemonConnection daemon = connection.get()) {
            var sessions = (Reply.Sessions) daemon.ask(new Request.ListSessions(), console::note);
            for (SessionView session : sessions.sessions()) {
                String output = session.output();
                if (session.mode() == SessionMode.SNAPSHOT) {
                    var outputs =
                            (Reply.Outputs)
                                    daemon.ask(
                                            new Request.ListOutputs(session.name()), console::note);
                    output =
                            outputs.outputs().stream()
                                    .findFirst()
                                    .map(SnapshotOutput::directory)
                                    .orElse(output);
                }
                all.add(
                        new OfSession(
                                session.name(),
                                session.mode(),
                                output,
                                session.liveMicros() > 0,
                                session.relay().map(RelayView::directory).orElse("")));
            }
        }
        return new SessionTraces(all, true);
    }

    /// Those of all sessions that there are.
    List<String> names() {
        return all.stream().map(OfSession::name).toList();
    }

    /// What a user names: a bare word is a session first and a path next.
    ///
    /// @return empty for a bare word that is neither
    public static Optional<FoundTrace> find(Path given, Console console)
            throws IOException, Failure {
        String word = given.toString();
        if (word.contains("/") || word.isEmpty()) {
            return Optional.of(new FoundTrace.Here(given));
        }
        SessionTraces sessions = of(console);
        Optional<OfSession> session = sessions.named(word);
        if (session.isPresent()) {
            sessions.warn(console, session.get());
            return Optional.of(session.get().newest());
        }
        return Files.exists(given) ? Optional.of(new FoundTrace.Here(given)) : Optional.empty();
    }

    /// Why [#find] has found nothing.
    public static Failure neither(Path given, Console console) {
        String meant;
        try {
            meant = Suggestion.words(given.toString(), of(console).names());
        } catch (IOException | Failure e) {
            meant = ""; // There is no daemon to ask.
        }
        return new Failure(given + ": no such session, file or folder" + meant);
    }

    Optional<OfSession> named(String name) {
        return all.stream().filter(session -> session.name().equals(name)).findFirst();
    }

    /// Why that session has no trace.
    Failure notFound(String session, Console console) {
        String text = "Session '" + session + "' not found";
        if (hasDaemon) {
            return console.entry() == EntryPoint.LTTNG
                    ? new Failure(text, "Session name " + session + " not found")
                    : new Failure(console.noSession(session, names()));
        }
        return new Failure(
                text
                        + ": no session daemon runs, and none has left that session in "
                        + console.places().runDirectory()
                        + "; name its trace: contrail view PATH");
    }

    /// Says, where no daemon runs, that this session may go on.
    void warn(Console console, OfSession session) {
        if (!hasDaemon) {
            console.warn(
                    "No session daemon runs: this is what the last one has stored of session"
                            + " %s; contrail sessiond --background goes on with it",
                    session.name());
        }
    }

    /// The trace of a recording: of one with snapshots, the newest of them, if there is one.
    static Optional<Path> newest(Output output) throws IOException {
        Path directory = output.directory();
        if (!output.hasSnapshots()) {
            return Optional.of(directory);
        }
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (var below = Files.list(directory)) {
            return below.filter(Files::isDirectory)
                    .max(Comparator.comparing(path -> number(path.toString())));
        }
    }

    /// The count at the end of a snapshot directory's name.
    private static long number(String path) {
        String digits = path.substring(path.lastIndexOf('-') + 1);
        return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : -1;
    }
}
