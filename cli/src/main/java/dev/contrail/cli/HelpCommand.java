// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.analysis.Suggestion;
import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `help [COMMAND]`.
final class HelpCommand implements Command {
    private final Function<String, Optional<Command>> commands;

    /// @param commands finds a command by its word
    HelpCommand(Function<String, Optional<Command>> commands) {
        this.commands = commands;
    }

    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addPositional(
                        Options.optionalArgument(
                                "COMMAND", "The command to explain, or filter for --filter."));
    }

    @Override
    public int run(ParseResult line, Console console) throws Failure {
        String word = line.matchedPositionalValue(0, "");
        if (word.isEmpty()) {
            console.out().print(Help.general(console.program()));
            return 0;
        }
        boolean isLttng = console.entry() == EntryPoint.LTTNG;
        if (word.equals(FilterPage.WORD) && !isLttng) {
            console.out().print(FilterPage.text(console.program()));
            return 0;
        }
        Optional<Command> command = commands.apply(word);
        if (command.isEmpty()) {
            String unknown = "Unknown command \"" + word + "\"";
            throw new Failure(isLttng ? unknown : unknown + meant(word));
        }
        CommandSpec spec = command.get().spec();
        Options.addHelp(spec);
        console.out().print(Help.of(console.program(), word, new CommandLine(spec)));
        return 0;
    }

    /// Of all that there is help for.
    private static String meant(String word) {
        List<String> topics =
                Stream.concat(Page.all().keySet().stream(), Stream.of(FilterPage.WORD)).toList();
        return Suggestion.of(word, topics)
                .map(each -> ": did you mean " + each + "?")
                .orElse(". See 'contrail --help'.");
    }
}
