// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `completion (bash | zsh)`: prints a script for the shell, which asks the program for its words.
final class CompletionCommand implements Command {
    private static final String ZSH =
            """
            # contrail completion for zsh: eval "$(contrail completion zsh)"
            autoload -U +X compinit && compinit
            autoload -U +X bashcompinit && bashcompinit
            """
                    + CompletionScript.bash();

    @Override
    public CommandSpec spec() {
        return CommandSpec.create().addPositional(Options.argument("SHELL", "bash or zsh."));
    }

    @Override
    public int run(ParseResult line, Console console) throws Failure {
        String shell = line.matchedPositionalValue(0, "");
        switch (shell) {
            case "bash" -> console.out().print(CompletionScript.bash());
            case "zsh" -> console.out().print(ZSH);
            case "" -> throw new Failure("No shell given: contrail completion (bash | zsh)");
            default -> throw new Failure("Unknown shell " + shell + ": want bash or zsh");
        }
        return 0;
    }
}
