// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.analysis.convert.ComponentClasses;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.read.OptionValues;
import dev.contrail.cli.read.ReaderOptions;
import dev.contrail.cli.rule.LogLevels;
import dev.contrail.cli.top.TopCommand;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/// The completion script for bash, and for zsh, which runs the same. It is for all entry points.
/// Sessions, commands and their options it asks the program for; what babeltrace2's commands and
/// the reader's options take stands in it.
final class CompletionScript {
    private static final String TEXT =
            """
            # contrail completion for bash: eval "$(contrail completion bash)"

            # The words of $1 that begin with the last one. bash takes that apart at : and =, and
            # wants only what comes after them; what is before a comma stays.
            _contrail_offer() {
                local list= begin=$word
                if [[ $word == *,* ]]; then
                    list=${word%,*},
                    begin=${word##*,}
                    stem=
                fi
                COMPREPLY=($(compgen -W "$1" -P "$list" -- "$stem$begin"))
                COMPREPLY=("${COMPREPLY[@]#"$stem"}")
            }

            # Names of parameters, each with its equals sign.
            _contrail_parameters() {
                local class=source.ctf.fs j
                for ((j = 1; j < COMP_CWORD; j++)); do
                    case ${COMP_WORDS[j]} in
                        source.* | sink.* | filter.*) class=${COMP_WORDS[j]} ;;
                    esac
                done
                case $class in
            PARAMETERS
                esac
                compopt -o nospace 2>/dev/null
            }

            # What the option before takes, in $values, if that is known.
            _contrail_values() {
                case $command:$before in
                    enable-event:--loglevel | enable-event:--loglevel-only)
                        values='LEVELS' ;;
                    enable-channel:--output)
                        values='mmap splice' ;;
                    top:--view)
                        values='VIEWS' ;;
                    run:-c | run:--component | convert:-c | convert:--component | view:-c | \\
                    view:--component)
                        values='CLASSES'
                        [[ -z $stem ]] || values="$stem${values// / $stem}" ;;
                    view:-p | view:--params | convert:-p | convert:--params | run:-p | \\
                    run:--params | run:-b | run:--base-params)
                        _contrail_parameters ;;
                    query:-p | query:--params)
                        values='path= inputs= type= input='
                        compopt -o nospace 2>/dev/null ;;
            VALUES
                esac
            }

            _contrail_babeltrace2() {
                case $command in
                    query)
                        case $before in
                            query) words='CLASSES QUERY_OPTIONS' ;;
                            source.ctf.fs) words='OBJECTS' ;;
                            *) words='QUERY_OPTIONS' ;;
                        esac ;;
                    run) words='RUN_OPTIONS' ;;
                    help) words='text ctf utils contrail CLASSES' ;;
                    list-plugins) words='--help' ;;
                    convert)
                        if [[ $word == -* ]]; then
                            words='CONVERT_OPTIONS'
                        elif ((isFirst)); then
                            words='COMMANDS'
                        fi ;;
                esac
                if [[ $word != -* && $command == convert ]]; then
                    COMPREPLY=($(compgen -f -W "$words" -- "$word"))
                else
                    _contrail_offer "$words"
                fi
            }

            _contrail_commands() {
                if [[ -z $command ]]; then
                    if [[ $word == -* ]]; then
                        words=$($program --list-options 2>/dev/null)
                    else
                        words=$($program --list-commands 2>/dev/null)
                    fi
                elif [[ $word == -* ]]; then
                    words=$($program "$command" --list-options 2>/dev/null)
                elif [[ $command == snapshot && $((COMP_CWORD - i)) == 1 ]]; then
                    words=$($program snapshot --list-commands 2>/dev/null)
                elif [[ $command == help ]]; then
                    words=$($program --list-commands 2>/dev/null)
                elif [[ $command == completion ]]; then
                    words='bash zsh'
                else
                    case $command in
                        start | stop | destroy | set-session | view | summary | list | top)
                            words=$($program list 2>/dev/null |
                                sed -n 's/^  [0-9]*) \\([^ ]*\\) .*/\\1/p') ;;
                    esac
                    COMPREPLY=($(compgen -f -W "$words" -- "$word"))
                    return
                fi
                COMPREPLY=($(compgen -W "$words" -- "$word"))
            }

            _contrail() {
                local word=${COMP_WORDS[COMP_CWORD]} stem= at=$((COMP_CWORD - 1))
                local program=${COMP_WORDS[0]} command= words= values= isFirst=0 i
                COMPREPLY=()
                # --option=WORD and NAME:WORD are three words here, and two before WORD is typed.
                if [[ $word == : ]]; then
                    stem=${COMP_WORDS[at--]}:
                    word=
                elif [[ ${COMP_WORDS[at]} == : ]]; then
                    stem=${COMP_WORDS[at - 1]}:
                    ((at -= 2))
                fi
                stem=${stem##*,}
                if [[ $word == = ]]; then
                    word=
                elif [[ ${COMP_WORDS[at]} == = ]]; then
                    ((at--))
                fi
                local before=${COMP_WORDS[at]}
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case ${COMP_WORDS[i]} in
                        -g | --group | --sessiond-path | --relayd-path | -l | --log-level | --plugin-path) ((i++)) ;;
                        -d | --debug | -v | --verbose | --omit-*) ;;
                        -*) [[ ${program##*/} != babeltrace2 ]] || break ;;
                        *) command=${COMP_WORDS[i]}; break ;;
                    esac
                done
                if [[ ${program##*/} == babeltrace2 ]]; then
                    case $command in
                        COMMAND_PATTERN) ;;
                        *) [[ -n $command ]] || isFirst=1; command=convert ;;
                    esac
                fi
                _contrail_values
                if [[ -n $values ]]; then
                    _contrail_offer "$values"
                elif [[ ${program##*/} == babeltrace2 ]]; then
                    _contrail_babeltrace2
                else
                    _contrail_commands
                fi
            }
            complete -o default -F _contrail ENTRIES
            """;

    /// A file in the path of zsh's functions is the body of the function that has its name: its
    /// first call replaces it by the script's, registers that one in its place, and answers with
    /// it.
    private static final String ZSH_FUNCTION =
            """
            #compdef %s
            autoload -U +X bashcompinit && bashcompinit
            %s
            _bash_complete -o default -F _contrail
            """;

    private static final String COMMAND = "contrail";

    private CompletionScript() {}

    /// For all entry points.
    static String bash() {
        return bash("contrail lttng babeltrace2");
    }

    private static String bash(String entries) {
        SequencedMap<String, List<String>> parameters = ComponentClasses.parameters();
        CommandSpec convert = ReaderOptions.addTo(CommandSpec.create());
        return TEXT.replace("ENTRIES", entries)
                .replace("PARAMETERS", cases(8, parameters))
                .replace("VALUES", readerCases())
                .replace("CLASSES", String.join(" ", parameters.keySet()))
                .replace("VIEWS", String.join(" ", TopCommand.views()))
                .replace("LEVELS", String.join(" ", LogLevels.names()))
                .replace("QUERY_OPTIONS", options(BabeltraceUsage.QUERY))
                .replace("RUN_OPTIONS", options(BabeltraceUsage.RUN))
                .replace("CONVERT_OPTIONS", String.join(" ", Options.names(convert)))
                .replace("OBJECTS", String.join(" ", BabeltraceUsage.OBJECTS))
                .replace("COMMANDS", String.join(" ", Babeltrace.commands()))
                .replace("COMMAND_PATTERN", String.join(" | ", Babeltrace.commands()));
    }

    /// For an installed `contrail`: beside an `lttng` that is another's.
    ///
    /// @param shell `bash` or `zsh`
    static String installed(String shell) {
        String bash = bash(COMMAND);
        return switch (shell) {
            case "bash" -> bash;
            case "zsh" -> ZSH_FUNCTION.formatted(COMMAND, bash);
            default -> throw new IllegalArgumentException("shell=" + shell + ", want bash or zsh");
        };
    }

    private static String cases(int indent, SequencedMap<String, List<String>> parameters) {
        return parameters.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(each ->
                        " ".repeat(indent)
                                + "%s)\n%svalues='%s=' ;;"
                                        .formatted(
                                                each.getKey(),
                                                " ".repeat(indent + 4),
                                                String.join("= ", each.getValue())))
                .collect(Collectors.joining("\n"));
    }

    private static String readerCases() {
        var text = new StringBuilder();
        for (Map.Entry<List<String>, List<String>> each : OptionValues.ofReader().entrySet()) {
            String names =
                    each.getKey().stream()
                            .map(name -> "view:%s | convert:%s".formatted(name, name))
                            .collect(Collectors.joining(" | "));
            text.append(
                    "        %s)\n            values='%s' ;;\n"
                            .formatted(names, String.join(" ", each.getValue())));
        }
        return text.toString().stripTrailing();
    }

    /// The long options that a usage text lists.
    private static String options(String usage) {
        return usage.lines()
                .flatMap(line -> List.of(line.split("[ ,=]+")).stream().limit(3))
                .filter(word -> word.startsWith("-"))
                .distinct()
                .collect(Collectors.joining(" "));
    }
}
