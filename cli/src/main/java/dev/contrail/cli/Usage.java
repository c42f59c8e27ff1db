// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Help texts, and the options that every command has.
final class Usage {
    static final List<String> GENERAL_OPTIONS =
            List.of(
                    "--version",
                    "-V",
                    "--help",
                    "-h",
                    "--group",
                    "-g",
                    "--verbose",
                    "-v",
                    "--quiet",
                    "-q",
                    "--no-sessiond",
                    "-n",
                    "--sessiond-path",
                    "--list-options",
                    "--list-commands");

    private Usage() {}

    static String general(String program) {
        var text = new StringBuilder();
        text.append(
                "Usage: %s [GENERAL OPTIONS] COMMAND [COMMAND OPTIONS] [ARGUMENTS]\n\n"
                        .formatted(program));
        text.append("A flight recorder for machines and JVMs. First try: contrail demo\n\n");
        text.append("Commands:\n");
        for (String name : Commands.names()) {
            text.append("  %-16s %s%n".formatted(name, Commands.summary(name)));
        }
        text.append("\nGeneral options:\n");
        text.append("  -g, --group GROUP         Users of GROUP may use root's daemon (tracing)\n");
        text.append("  -n, --no-sessiond         Do not start a session daemon\n");
        text.append("      --sessiond-path PATH  The session daemon that create starts\n");
        text.append("  -q, --quiet               Print nothing, neither results nor errors\n");
        text.append("  -v, -vv, -vvv             Say more on standard error\n");
        text.append("  -V, --version             Print the version\n");
        text.append("  -h, --help                Print this text\n");
        text.append("      --list-options        Print the options, one a line\n");
        text.append("      --list-commands       Print the commands, one a line\n");
        text.append("\nSee '%s help COMMAND' for one command.\n".formatted(program));
        return text.toString();
    }

    static String of(String program, String word, CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        Page page = Page.of(word);
        spec.name(program + " " + word);
        spec.usageMessage()
                .customSynopsis(program + " " + page.synopsis())
                .description("", Commands.summary(word) + ".", "", page.text(), "")
                .footer("", "Example:", "", "  " + program + " " + page.example());
        return line.getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    static void addHelp(CommandSpec spec) {
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Print this text.")
                        .build());
        spec.addOption(
                OptionSpec.builder("--list-options")
                        .help(true)
                        .description("Print the options, one a line.")
                        .build());
    }

    static List<String> optionNames(CommandSpec spec) {
        var names = new ArrayList<String>();
        for (OptionSpec option : spec.options()) {
            names.add(option.longestName());
            for (String name : option.names()) {
                if (!name.equals(option.longestName())) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /// A word that the command's grammar does not have.
    static String unrecognized(String command, String word) {
        String where = "Unrecognized argument used with '%s' command".formatted(command);
        return word.isEmpty() ? where : where + ": " + word;
    }

    /// Says by name what 2.13 has and we do not have yet.
    static void refuseForeseen(String word, List<String> arguments) throws Failure {
        for (String argument : arguments) {
            String name =
                    argument.contains("=")
                            ? argument.substring(0, argument.indexOf('='))
                            : argument;
            if (Foreseen.isOption(word, name)) {
                throw new Failure("%s %s: not yet".formatted(word, name));
            }
        }
    }

    static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names[0], java.util.Arrays.copyOfRange(names, 1, names.length))
                .description(description)
                .build();
    }

    static OptionSpec value(String label, String description, String... names) {
        return OptionSpec.builder(names[0], java.util.Arrays.copyOfRange(names, 1, names.length))
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build();
    }

    static OptionSpec session() {
        return value("SESSION", "Recording session; default: the current one.", "-s", "--session");
    }

    static PositionalParamSpec optionalArgument(String label, String description) {
        return PositionalParamSpec.builder()
                .index("0")
                .arity("0..1")
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }

    static PositionalParamSpec argument(String label, String description) {
        return PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }
}
