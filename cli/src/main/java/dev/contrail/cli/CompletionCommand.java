// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.analysis.Sinks;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `completion (bash | zsh)`: prints a script for the shell, which asks the program for its words.
final class CompletionCommand implements Command {
    private static final String BASH =
            """
            # contrail completion for bash: eval "$(contrail completion bash)"
            _contrail() {
                local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= i
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case ${COMP_WORDS[i]} in
                        -*) ;;
                        *) command=${COMP_WORDS[i]}; break ;;
                    esac
                done
                local program=${COMP_WORDS[0]} words values=
                case $command:$before in
                    view:-o | view:--output-format | convert:-o | convert:--output-format)
                        values='FORMATS' ;;
                    view:-c | view:--component | convert:-c | convert:--component)
                        values='SINKS' ;;
                esac
                if [[ -z $command ]]; then
                    if [[ $word == -* ]]; then
                        words=$($program --list-options 2>/dev/null)
                    else
                        words=$($program --list-commands 2>/dev/null)
                    fi
                elif [[ -n $values ]]; then
                    words=$values
                elif [[ $word == -* ]]; then
                    words=$($program "$command" --list-options 2>/dev/null)
                elif [[ $command == snapshot && $((COMP_CWORD - i)) == 1 ]]; then
                    words=$($program snapshot --list-commands 2>/dev/null)
                elif [[ $command == help ]]; then
                    words=$($program --list-commands 2>/dev/null)
                else
                    case $command in
                        start | stop | destroy | set-session | view | list)
                            words=$($program list 2>/dev/null |
                                sed -n 's/^  [0-9]*) \\([^ ]*\\) .*/\\1/p') ;;
                    esac
                    COMPREPLY=($(compgen -f -W "$words" -- "$word"))
                    return
                fi
                COMPREPLY=($(compgen -W "$words" -- "$word"))
            }
            complete -o default -F _contrail contrail
            """
                    .replace("FORMATS", String.join(" ", Sinks.formats()))
                    .replace("SINKS", String.join(" ", Sinks.classNames()));

    private static final String ZSH =
            """
            # contrail completion for zsh: eval "$(contrail completion zsh)"
            autoload -U +X compinit && compinit
            autoload -U +X bashcompinit && bashcompinit
            """
                    + BASH;

    @Override
    public CommandSpec spec() {
        return CommandSpec.create().addPositional(Usage.argument("SHELL", "bash or zsh."));
    }

    @Override
    public int run(ParseResult line, Console console) throws Failure {
        String shell = line.matchedPositionalValue(0, "");
        switch (shell) {
            case "bash" -> console.out().print(BASH);
            case "zsh" -> console.out().print(ZSH);
            default -> throw new Failure("Unknown shell " + shell + ": want bash or zsh");
        }
        return 0;
    }
}
