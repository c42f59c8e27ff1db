// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.analysis.ViewArguments;
import dev.contrail.analysis.ViewOptions;
import dev.contrail.ctf.Reason;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Reply.SnapshotOutput;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `view [SESSION | PATH …]` with babeltrace2's options; as `lttng`, `view [SESSION | -t DIR]`.
final class ViewCommand implements Command {
    @Override
    public CommandSpec spec() {
        return ReaderOptions.addTo(CommandSpec.create())
                .addPositional(
                        Usage.optionalArgument(
                                "SESSION|PATH", "What to print; default: the current session."));
    }

    @Override
    public boolean hasOwnGrammar() {
        return true;
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        List<String> arguments = line.originalArgs();
        if (console.entry() == Console.Entry.LTTNG) {
            arguments = asContrail(arguments);
        }
        ViewOptions options;
        try {
            options = PipeOutput.parse(arguments);
        } catch (ViewArguments.UsageException e) {
            throw new Failure(Reason.of(e));
        }
        var traces = new ArrayList<Path>();
        for (Path each : options.traces()) {
            traces.add(resolve(each, console));
        }
        if (traces.isEmpty() && options.sources().isEmpty()) {
            String session = console.session(List.of());
            traces.add(
                    newest(session, console)
                            .orElseThrow(() -> new Failure("Session '" + session + "' not found")));
        }
        return PipeOutput.view(options.withTraces(traces), console.err());
    }

    /// `-t DIR` and `-e 'READER ARGUMENTS'` of `lttng view`.
    private static List<String> asContrail(List<String> given) throws Failure {
        var arguments = new ArrayList<String>();
        for (int i = 0; i < given.size(); i++) {
            String word = given.get(i);
            boolean isTrace = word.equals("-t") || word.equals("--trace-path");
            boolean isReader = word.equals("-e") || word.equals("--viewer");
            if ((isTrace || isReader) && i + 1 == given.size()) {
                throw new Failure(ExitStatus.UNDEFINED, "Option " + word + " needs a value");
            }
            if (isTrace) {
                arguments.add(given.get(++i));
            } else if (isReader) {
                String[] words = given.get(++i).split("\\s+");
                // The first word is the reader; we are the reader.
                arguments.addAll(List.of(words).subList(1, words.length));
            } else {
                arguments.add(word);
            }
        }
        return arguments;
    }

    /// A bare word is a session first and a path next.
    private static Path resolve(Path given, Console console) throws IOException, Failure {
        String word = given.toString();
        if (!word.contains("/")) {
            Optional<Path> session = newest(word, console);
            if (session.isPresent()) {
                return session.get();
            }
        }
        return given;
    }

    /// What that session has recorded: its output, or its newest snapshot. Empty when there is no
    /// such session.
    private static Optional<Path> newest(String name, Console console) throws IOException, Failure {
        Optional<DaemonConnection> connection = DaemonConnection.tryOpen(console.places());
        if (connection.isEmpty()) {
            return Optional.empty();
        }
        try (DaemonConnection daemon = connection.get()) {
            var sessions = (Reply.Sessions) daemon.ask(new Request.ListSessions(), console::note);
            for (SessionView session : sessions.sessions()) {
                if (session.name().equals(name)) {
                    if (session.mode() != Request.Mode.SNAPSHOT) {
                        return Optional.of(Path.of(session.output()));
                    }
                    var outputs =
                            (Reply.Outputs)
                                    daemon.ask(new Request.ListOutputs(name), console::note);
                    return Optional.of(newestSnapshot(name, session, outputs.outputs()));
                }
            }
        }
        return Optional.empty();
    }

    private static Path newestSnapshot(
            String name, SessionView session, List<SnapshotOutput> outputs)
            throws IOException, Failure {
        Path base = Path.of(outputs.isEmpty() ? session.output() : outputs.getFirst().directory());
        if (Files.isDirectory(base)) {
            try (var below = Files.list(base)) {
                Optional<Path> newest =
                        below.filter(Files::isDirectory)
                                .max(Comparator.comparing(path -> number(path.toString())));
                if (newest.isPresent()) {
                    return newest.get();
                }
            }
        }
        throw new Failure(
                "Session " + name + " has no snapshot yet: contrail snapshot record -s " + name);
    }

    /// The count at the end of a snapshot directory's name.
    private static long number(String path) {
        String digits = path.substring(path.lastIndexOf('-') + 1);
        return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : -1;
    }
}
