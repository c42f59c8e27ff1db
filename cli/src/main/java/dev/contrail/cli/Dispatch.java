// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.analysis.Suggestion;
import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.GeneralOptions;
import dev.contrail.cli.console.Launcher;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.TerminalText;
import dev.contrail.cli.console.Version;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// From words to a command: finds it, parses its options, runs it.
final class Dispatch {
    /// Commands that take several names in one argument.
    private static final Set<String> LISTING =
            Set.of("enable-event", "disable-event", "enable-channel", "disable-channel");

    /// Commands that, as `lttng`, pass over words that they have no use for.
    private static final Set<String> CARELESS =
            Set.of("help", "relayd", "sessiond", "set-session", "snapshot", "version");

    private static final Set<String> DAEMONS = Set.of("sessiond", "relayd");

    /// The command that has no arguments at all, which `lttng` says in words of its own.
    private static final String WITHOUT_ARGUMENTS = "status";

    private Dispatch() {}

    /// Runs one command.
    ///
    /// @return its exit status
    static int run(Console console) throws IOException, Failure {
        GeneralOptions options = console.options();
        if (options.wantsVersion()) {
            console.out().println(isLttng(console) ? Version.lttngLine() : Version.line());
            return 0;
        }
        if (options.wantsCommandList()) {
            Commands.names().forEach(console.out()::println);
            return 0;
        }
        if (options.wantsOptionList()) {
            Help.GENERAL_OPTIONS.forEach(console.out()::println);
            return 0;
        }
        if (options.wantsHelp() || options.rest().isEmpty()) {
            console.out().print(Help.general(console.program()));
            return (options.wantsHelp() ? ExitStatus.SUCCESS : ExitStatus.ERROR).number();
        }
        String word = options.rest().getFirst();
        List<String> rest = options.rest().subList(1, options.rest().size());
        Optional<Command> command = Commands.find(word);
        if (command.isEmpty()) {
            if (Commands.isForeseen(word)) {
                throw new Failure(word + " is not implemented yet");
            }
            if (console.entry() == EntryPoint.CONTRAIL && Babeltrace.hasCommand(word)) {
                console.say(
                        "contrail: %s is a command of babeltrace2: %s %s",
                        word, Launcher.program(EntryPoint.BABELTRACE), word);
                return ExitStatus.UNDEFINED.number();
            }
            String program = console.program();
            console.say(
                    "%s: %s is not %s %s command%s See '%s --help'.",
                    program,
                    word.isEmpty() && !isLttng(console) ? "''" : word,
                    program.startsWith("l") ? "an" : "a",
                    program,
                    isLttng(console) ? "." : ended(Suggestion.words(word, Commands.names())),
                    program);
            return ExitStatus.UNDEFINED.number();
        }
        return run(word, command.get(), rest, console);
    }

    private static int run(String word, Command command, List<String> rest, Console console)
            throws IOException, Failure {
        CommandSpec spec = command.spec();
        Options.addHelp(spec);
        boolean isCareless = isLttng(console) && CARELESS.contains(word);
        if (command.hasOwnGrammar() || isCareless) {
            spec.parser().unmatchedArgumentsAllowed(true);
        }
        spec.parser().abbreviatedOptionsAllowed(DAEMONS.contains(word)); // as by getopt_long
        spec.parser().overwrittenOptionsAllowed(true); // the last one counts, as with popt
        var line = new CommandLine(spec);
        ParseResult parsed;
        try {
            parsed = line.parseArgs(rest.toArray(String[]::new));
        } catch (ParameterException e) {
            UnsupportedOptions.refuse(word, rest);
            throw isLttng(console)
                    ? asLttngFailure(word, rest, e)
                    : asContrailFailure(word, rest, e, spec);
        }
        if (isCareless) {
            passOver(word, parsed, console);
        }
        if (parsed.hasMatchedOption("--help")) {
            console.out().print(Help.of(console.program(), word, line));
            return 0;
        }
        if (parsed.hasMatchedOption("--list-options")) {
            Options.names(spec).forEach(console.out()::println);
            return 0;
        }
        return command.run(parsed, console);
    }

    private static boolean isLttng(Console console) {
        return console.entry() == EntryPoint.LTTNG;
    }

    private static String ended(String sentence) {
        return sentence.isEmpty() ? "." : sentence;
    }

    /// Says which words are passed over.
    private static void passOver(String word, ParseResult parsed, Console console) throws Failure {
        for (String each : parsed.unmatched()) {
            if (isOption(each, parsed.originalArgs())) {
                throw new Failure(ExitStatus.UNDEFINED, Options.unrecognized(word, ""));
            }
            console.warn("Unknown argument, which is passed over: %s", each);
        }
    }

    /// In LTTng's words: an argument too many is an error of the command, anything else of the
    /// line.
    private static Failure asLttngFailure(String word, List<String> rest, ParameterException why) {
        if (why instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().getFirst();
            if (!isOption(first, rest)) {
                return word.equals(WITHOUT_ARGUMENTS)
                        ? new Failure(
                                ExitStatus.UNDEFINED,
                                "This command does not accept positional arguments.")
                        : new Failure("Unknown argument: " + first);
            }
        }
        return new Failure(ExitStatus.UNDEFINED, Options.unrecognized(word, ""));
    }

    /// The same with what is wrong, and what to write instead.
    private static Failure asContrailFailure(
            String word, List<String> rest, ParameterException why, CommandSpec spec) {
        if (why instanceof MissingParameterException missing
                && missing.getMissing().getFirst() instanceof OptionSpec option) {
            String name = option.longestName();
            String label = option.paramLabel();
            return new Failure(
                    ExitStatus.UNDEFINED,
                    "%s needs %s: contrail %s %s %s".formatted(name, label, word, name, label));
        }
        if (why instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().getFirst();
            if (isOption(first, rest)) {
                String meant = Suggestion.words(first, Options.names(spec));
                return new Failure(
                        ExitStatus.UNDEFINED,
                        Options.unrecognized(word, first) + (meant.isEmpty() ? see(word) : meant));
            }
            if (word.equals(WITHOUT_ARGUMENTS)) {
                return new Failure(
                        ExitStatus.UNDEFINED,
                        "status takes no argument, but %s: contrail list %s shows a session"
                                .formatted(first, TerminalText.word(first)));
            }
            return new Failure(
                    "Unknown argument: "
                            + first
                            + (LISTING.contains(word)
                                    ? " (separate names by commas: NAME,NAME)"
                                    : see(word)));
        }
        return why.getArgSpec() instanceof OptionSpec option
                ? new Failure(
                        ExitStatus.UNDEFINED,
                        "%s takes no value: contrail %s %s"
                                .formatted(option.longestName(), word, option.longestName()))
                : new Failure(
                        ExitStatus.UNDEFINED,
                        "%s (%s)".formatted(Options.unrecognized(word, ""), why.getMessage()));
    }

    private static String see(String word) {
        return " (contrail help %s shows what there is)".formatted(word);
    }

    /// Whether an unknown word was meant as an option, and does not stand behind `--`.
    private static boolean isOption(String unknown, List<String> words) {
        int end = words.indexOf("--");
        return unknown.length() > 1
                && unknown.startsWith("-")
                && (end < 0 || words.indexOf(unknown) < end);
    }
}
