// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import dev.contrail.analysis.Suggestion;
import dev.contrail.analysis.convert.Notices;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.Warning;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a command works with: standard streams, places, the way to the daemon.
public final class Console {
    /// Nobody has asked for the daemon as such: it stays as long as there is something to record.
    private static final String SPAWNED_IDLE_SECONDS = "600";

    private static final String PLAIN = "\033[0m";

    private final EntryPoint entry;
    private final Surroundings surroundings;
    private final PrintStream out;
    private final PrintStream err;
    private final GeneralOptions options;
    private final Places places;

    /// @param surroundings standard output is for results, standard error for errors, warnings and
    ///   notes
    public Console(
            EntryPoint entry, Surroundings surroundings, GeneralOptions options, Places places) {
        this.entry = entry;
        this.surroundings = surroundings;
        out = surroundings.out();
        err = surroundings.err();
        this.options = options;
        this.places = places;
    }

    /// The entry point that the user typed.
    public EntryPoint entry() {
        return entry;
    }

    /// The program's name, as the user typed it.
    public String program() {
        return entry.program();
    }

    /// The options before the command.
    public GeneralOptions options() {
        return options;
    }

    /// What it is run in.
    public Surroundings surroundings() {
        return surroundings;
    }

    /// Where things are.
    public Places places() {
        return places;
    }

    /// Standard output, whether or not `--quiet`.
    public PrintStream out() {
        return out;
    }

    /// Standard error, whether or not `--quiet`.
    public PrintStream err() {
        return err;
    }

    /// A result, unless `--quiet`.
    public void say(String format, Object... arguments) {
        if (!options.isQuiet()) {
            out.println(TerminalText.plain(format.formatted(arguments)));
        }
    }

    /// A line of which a part stands out where colors are wanted.
    ///
    /// @param style what switches it on, such as `ESC [ 1 m`
    public void sayStyled(String before, String style, String text) {
        if (!options.isQuiet()) {
            boolean isColoured = surroundings.isColoured();
            out.println(
                    TerminalText.plain(before)
                            + (isColoured ? style : "")
                            + TerminalText.plain(text)
                            + (isColoured ? PLAIN : ""));
        }
    }

    /// Something that the user should know, to standard error at once, unless `--quiet`.
    public void warn(String format, Object... arguments) {
        if (!options.isQuiet()) {
            out.flush();
            err.println(
                    TerminalText.plain(Notices.CONTRAIL.warning() + format.formatted(arguments)));
            err.flush();
        }
    }

    /// Something for the user's patience: to standard error, unless `--quiet`.
    public void note(String text) {
        if (!options.isQuiet()) {
            out.flush();
            err.println(TerminalText.plain(text));
            err.flush();
        }
    }

    /// What went wrong, to standard error, unless `--quiet`.
    public void error(String format, Object... arguments) {
        if (!options.isQuiet()) {
            out.flush();
            err.println(TerminalText.plain(Notices.CONTRAIL.error() + format.formatted(arguments)));
            err.flush();
        }
    }

    /// A failure that the command ends with, or goes on after, with its hints and its explanation.
    public void error(Failure failure) {
        error(failure, "%s", failure.getMessage());
    }

    /// The same in the command's own form.
    public void error(Failure failure, String format, Object... arguments) {
        failure.hints().forEach(hint -> say("%s", hint));
        error(format, arguments);
        if (!failure.explanation().isEmpty()) {
            note(failure.explanation());
        }
    }

    /// What is wrong in LTTng's words, which `contrail` follows with what to write instead.
    ///
    /// @param advice a clause, or nothing
    public Failure wrong(String text, String advice) {
        return new Failure(
                entry == EntryPoint.LTTNG || advice.isEmpty()
                        ? text
                        : text.replaceFirst("\\.$", "") + ": " + advice);
    }

    /// Asks the daemon.
    ///
    /// @return the answer, when it was not refused
    /// @throws Failure with the daemon's reason and code when it was
    public Reply ask(Request request) throws IOException, Failure {
        try (DaemonConnection daemon = connect()) {
            Reply reply = daemon.ask(request, this::note);
            if (reply instanceof Reply.Refused refused) {
                throw refused(request, refused, daemon);
            }
            return reply;
        }
    }

    /// A connection to the session daemon. Where one has died and left sessions, another with the
    /// same options takes them over, unless that is not wanted; `lttng` does not know of that. One
    /// that was told to end stays ended.
    ///
    /// @throws Failure when there is none
    public DaemonConnection connect() throws IOException, Failure {
        Optional<DaemonConnection> running = DaemonConnection.tryOpen(places);
        if (running.isPresent()) {
            return running.get();
        }
        if (entry == EntryPoint.LTTNG
                || options.mayNotSpawn()
                || !Files.exists(places.pidFile())
                || !DaemonConnection.hasSessions(places)) {
            throw noDaemon();
        }
        note("The session daemon has died: another one takes over its sessions");
        spawnDaemon();
        return DaemonConnection.open(places);
    }

    /// LTTng's words; our own program says what to do, where no sessions were left that the reason
    /// tells how to go on with.
    private Failure noDaemon() {
        Failure failure = DaemonConnection.noDaemon(places);
        return entry == EntryPoint.CONTRAIL && failure.hints().isEmpty()
                ? failure.withMessage(
                        failure.getMessage()
                                + ": contrail create starts one with a session, contrail sessiond"
                                + " --background one without")
                : failure;
    }

    /// Starts a session daemon in the background and waits until it answers: as the one was started
    /// that has died, if one has.
    public void spawnDaemon() throws IOException, Failure {
        String program = options.sessiondPath();
        if (program.isEmpty()) {
            program = surroundings.variable("LTTNG_SESSIOND_PATH");
        }
        if (Files.isReadable(places.optionsFile())) {
            DaemonConnection.spawn(places, program, Files.readAllLines(places.optionsFile()));
            return;
        }
        var arguments = new ArrayList<>(List.of("--group", options.group()));
        if (program.isEmpty()) {
            arguments.addAll(List.of("--idle-timeout", SPAWNED_IDLE_SECONDS));
        }
        DaemonConnection.spawn(places, program, arguments);
    }

    private Failure refused(Request request, Reply.Refused refused, DaemonConnection daemon)
            throws IOException {
        if (entry == EntryPoint.LTTNG) {
            return LttngWords.of(request, refused);
        }
        if (refused.error() == LttngError.SESS_NOT_FOUND
                && request instanceof Request.OfSession of
                && daemon.ask(new Request.ListSessions(), this::note)
                        instanceof Reply.Sessions all) {
            return new Failure(refused.error(), noSession(of.session(), all));
        }
        return Advice.after(refused, request, asked -> daemon.ask(asked, this::note));
    }

    /// That there is no session of that name, and which was probably meant.
    public String noSession(String name, Reply.Sessions all) {
        return noSession(name, all.sessions().stream().map(SessionView::name).toList());
    }

    /// The same for the names of all that there are.
    public String noSession(String name, List<String> names) {
        String text = "Session '" + name + "' not found";
        if (entry == EntryPoint.LTTNG) {
            return text;
        }
        if (names.isEmpty()) {
            return text + ": there is none, contrail create makes one";
        }
        return text
                + Suggestion.of(name, names)
                        .map(each -> ": did you mean " + each + "?")
                        .orElse(" (contrail list shows those that there are)");
    }

    /// Asks for something whose answer is no more than that it was done.
    public void done(Request request) throws IOException, Failure {
        warn(((Reply.Done) ask(request)).warnings());
    }

    /// Shows warnings of the daemon's, a line each.
    public void warn(List<Warning> warnings) {
        warnings.forEach(warning -> warn("%s", warning.text()));
    }

    /// The session that `-s`, an argument or the current one names.
    public String session(List<String> given) throws IOException, Failure {
        return given.isEmpty() || given.getFirst() == null
                ? new CurrentSession(places, entry).name()
                : given.getFirst();
    }
}
