// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.Notices;
import dev.contrail.analysis.convert.Sinks;
import dev.contrail.analysis.convert.ViewOptions;
import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Surroundings;
import dev.contrail.cli.read.SessionTraces.OfSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `view [SESSION | PATH …]` with babeltrace2's options; as `lttng`, `view [SESSION | -t DIR]`.
public final class ViewCommand implements Command {
    private static final String NO_PAGER = "--no-pager";

    @Override
    public CommandSpec spec() {
        return ReaderOptions.addTo(AroundOptions.addTo(EndingOptions.addTo(CommandSpec.create())))
                .addOption(
                        Options.flag(
                                "Do not show it, on a terminal, with what CONTRAIL_PAGER or PAGER"
                                        + " names (default: less, where it is installed).",
                                NO_PAGER))
                .addPositional(
                        Options.optionalArgument(
                                "SESSION|PATH",
                                "What to print; default: what was recorded last. "
                                        + ReaderOptions.PATHS
                                        + ReaderOptions.URLS));
    }

    @Override
    public boolean hasOwnGrammar() {
        return true;
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        List<String> arguments = line.originalArgs();
        boolean isLttng = console.entry() == EntryPoint.LTTNG;
        var words = new ArrayList<>(isLttng ? List.<String>of() : arguments);
        boolean isPaged = !words.remove(NO_PAGER) && !isLttng;
        EndingOptions ending = EndingOptions.parse(words);
        AroundOptions around = AroundOptions.parse(ending.rest());
        var traces = new ArrayList<Path>();
        var found = new ArrayList<FoundTrace>();
        arguments = isLttng ? asContrail(arguments, traces) : around.rest();
        ViewOptions options;
        try {
            options =
                    around.addTo(ending.addTo(PipeOutput.parse(arguments, console.surroundings())));
        } catch (UsageException e) {
            if (isLttng && !e.unknownOption().isEmpty()) {
                throw new Failure(ExitStatus.UNDEFINED, Options.unrecognized("view", ""));
            }
            throw ReaderOptions.wrong("view", e, spec());
        }
        if (!isLttng) {
            options = options.withExistingSessions();
        }
        if (isLttng && options.traces().size() > 1) {
            throw new Failure("Unknown argument: " + options.traces().get(1));
        }
        for (Path each : options.traces()) {
            Optional<FoundTrace> trace = SessionTraces.find(each, console);
            if (trace.isEmpty() && isLttng) {
                if (!SessionTraces.of(console).hasDaemon()) {
                    throw new Failure(
                            "Unable to list sessions. Session name " + each + " not found.",
                            "Is there a session daemon running?");
                }
                // On standard output, as lttng 2.13 has it.
                console.say("Session name %s not found", each);
                return ExitStatus.ERROR.number();
            }
            found.add(trace.orElseThrow(() -> SessionTraces.neither(each, console)));
        }
        if (found.isEmpty() && traces.isEmpty() && options.sources().isEmpty()) {
            found.add(isLttng ? ofCurrent(console) : LastRecorded.find(console));
        }
        for (FoundTrace each : found) {
            switch (each) {
                case FoundTrace.Here(Path path) -> traces.add(path);
                case FoundTrace.AtRelay(String url) -> options = options.withLive(url);
            }
        }
        ViewOptions wanted = options.withTraces(traces);
        return show(
                isLttng ? wanted : Sinks.lasting(wanted),
                isPaged,
                !isLttng,
                console.surroundings());
    }

    /// @param isOurs whether the words are, and not those of a program that says nothing of nothing
    private static int show(
            ViewOptions options, boolean isPaged, boolean isOurs, Surroundings around)
            throws IOException, Failure {
        boolean isWatched = isOurs && around.isErrTerminal();
        boolean isText = options.output().isEmpty() && !Sinks.isQuiet(options.sink());
        // A pager shows what fills its page, not what happens.
        boolean isShownWhole = isPaged && isText && !options.isLive();
        Optional<Pager> pager = isShownWhole ? Pager.of(around) : Optional.empty();
        if (pager.isEmpty()) {
            return PipeOutput.view(options, around, Notices.CONTRAIL, isWatched);
        }
        try (Pager paged = pager.get()) {
            return paged.end(
                    PipeOutput.view(options, paged.surroundings(), Notices.CONTRAIL, isWatched));
        }
    }

    /// Takes `-t DIR` and `-e 'READER ARGUMENTS'` of `lttng view`.
    ///
    /// @param traces takes the folders
    /// @return the words for the reader
    private static List<String> asContrail(List<String> given, List<Path> traces) throws Failure {
        var arguments = new ArrayList<String>();
        for (int i = 0; i < given.size(); i++) {
            String word = given.get(i);
            boolean isTrace = word.equals("-t") || word.equals("--trace-path");
            boolean isReader = word.equals("-e") || word.equals("--viewer");
            if ((isTrace || isReader) && i + 1 == given.size()) {
                throw new Failure(ExitStatus.UNDEFINED, Options.unrecognized("view", ""));
            }
            if (isTrace) {
                traces.add(Path.of(given.get(++i)));
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

    /// The current session's, as `lttng view`.
    private static FoundTrace ofCurrent(Console console) throws IOException, Failure {
        String name = console.session(List.of());
        SessionTraces sessions = SessionTraces.of(console);
        Optional<OfSession> session = sessions.named(name);
        if (session.isEmpty()) {
            throw sessions.notFound(name, console);
        }
        sessions.warn(console, session.get());
        return session.get().newest();
    }
}
