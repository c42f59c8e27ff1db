// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.Notices;
import dev.contrail.analysis.convert.ViewOptions;
import dev.contrail.analysis.source.OpenSources;
import dev.contrail.analysis.top.TopState;
import dev.contrail.analysis.top.TopView;
import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Surroundings;
import dev.contrail.cli.console.Values;
import dev.contrail.ctf.Reason;
import dev.contrail.posix.SystemCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `top [SESSION | PATH… | URL…]`: what machines do.
public final class TopCommand implements Command {
    /// Between two tables, or two frames.
    static final long USUAL_DELAY = 1_000_000_000;

    /// What `--view` takes.
    public static List<String> views() {
        var words = new ArrayList<String>();
        for (TopView each : TopView.values()) {
            words.add(each.word());
        }
        words.add("all");
        return words;
    }

    @Override
    public CommandSpec spec() {
        return TopOptions.addTo(CommandSpec.create())
                .addOption(
                        Options.value(
                                "HOSTS",
                                "All live sessions of the relay daemons there, also those that"
                                        + " come later: names separated by commas, HOST:PORT for"
                                        + " another port than 5344, or net://HOST.",
                                "-r",
                                "--relay"))
                .addPositional(
                        PositionalParamSpec.builder()
                                .index("0..*")
                                .arity("0..*")
                                .type(String[].class)
                                .paramLabel("SESSION|PATH|URL")
                                .description(
                                        "What to look at: a session, folders of traces, live"
                                                + " sessions of relay daemons"
                                                + " (net://HOST[:PORT]/host/TARGET/SESSION).")
                                .build());
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        TopOptions options = TopOptions.of(line);
        var named = new ArrayList<>(List.of(line.matchedPositionalValue(0, new String[0])));
        if (line.hasMatchedOption("--relay")) {
            List<String> relays = addresses(line.matchedOptionValue("--relay", ""));
            if (relays.isEmpty()) {
                throw new Failure("--relay wants the name of a host, got none");
            }
            named.addAll(relays);
        }
        if (!options.isBatch()) {
            needTerminal(console.surroundings());
        }
        var ending = new EndSignals();
        try (TopSource source = TopSource.open(named, console)) {
            int status =
                    options.isBatch()
                            ? new BatchRun(options, source, console, ending).run()
                            : show(source, options, console, ending);
            return ending.status(status);
        }
    }

    private static List<String> addresses(String relays) {
        return Values.names(relays).stream()
                .map(each -> ViewOptions.isAddress(each) ? each : "net://" + each)
                .toList();
    }

    private static int show(
            TopSource source, TopOptions options, Console console, EndSignals ending)
            throws IOException {
        TopState state = source.state();
        var playback = new Playback(options.speed());
        long delay = options.delayNanos().orElse(USUAL_DELAY);
        Theme theme = Theme.of(console.surroundings().isColoured());
        try (Feed feed =
                source.isLive()
                        ? source.live(state)
                        : ReaderFeed.played(source.messages(), state, playback, delay)) {
            var terminal = new UserTerminal();
            ending.handle(); // which the terminal has set to what they do by default
            new Screen(source, state, feed, playback, options, theme, ending)
                    .run(new FullScreen(terminal, FullScreen::stopGroup));
            feed.failure().ifPresent(why -> console.error("%s", Notices.line(Reason.of(why))));
            if (feed.damaged() > 0) {
                console.error("%,d parts of what was recorded could not be read", feed.damaged());
            }
            boolean isWhole = feed.failure().isEmpty() && feed.damaged() == 0;
            return (isWhole ? ExitStatus.SUCCESS : ExitStatus.ERROR).number();
        }
    }

    /// What the launcher runs once to fill the start-up cache: a trace on a screen that nobody
    /// sees.
    public static void train(Path trace) throws IOException {
        TopOptions options;
        try {
            options =
                    TopOptions.of(
                            new CommandLine(TopOptions.addTo(CommandSpec.create())).parseArgs());
            OpenSources opened = OpenSources.of(List.of(trace), List.of(), List.of());
            try (TopSource source = TopSource.open("training", opened)) {
                var state = new TopState();
                var playback = new Playback(Playback.MOST_SPEED);
                try (Feed feed =
                        ReaderFeed.played(source.messages(), state, playback, USUAL_DELAY)) {
                    new Screen(
                                    source,
                                    state,
                                    feed,
                                    playback,
                                    options,
                                    Theme.of(true),
                                    new EndSignals(List.of()))
                            .run(new FullScreen(new BlankTerminal("t?\t\tq\tq"), () -> {}));
                }
            }
        } catch (UsageException | Failure e) {
            throw new IOException(e);
        }
    }

    private static void needTerminal(Surroundings around) throws Failure {
        boolean isTerminal = around.isOutTerminal() && SystemCalls.isatty(0);
        String term = around.variable("TERM");
        if (!isTerminal || term.isEmpty() || term.equals("dumb")) {
            throw new Failure(
                    "contrail top needs a terminal that can show a full screen%s: --batch prints"
                                    .formatted(isTerminal ? " (TERM is '" + term + "')" : "")
                            + " tables, --json objects");
        }
    }
}
