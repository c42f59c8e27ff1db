// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `help [COMMAND]`.
final class HelpCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addPositional(Usage.optionalArgument("COMMAND", "The command to explain."));
    }

    @Override
    public int run(ParseResult line, Console console) throws Failure {
        String word = line.matchedPositionalValue(0, "");
        if (word.isEmpty()) {
            console.out().print(Usage.general(console.program()));
            return 0;
        }
        Command command =
                Commands.find(word)
                        .orElseThrow(() -> new Failure("Unknown command \"" + word + "\""));
        CommandSpec spec = command.spec();
        Usage.addHelp(spec);
        console.out().print(Usage.of(console.program(), word, new CommandLine(spec)));
        return 0;
    }
}
