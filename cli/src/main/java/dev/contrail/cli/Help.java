// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.Launcher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// Help texts: of the program, and of each command from its [Page] and its options.
final class Help {
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
                    "--relayd-path",
                    "--list-options",
                    "--list-commands");

    /// What else the same program can be called, and for what.
    static final SequencedMap<String, String> ENTRY_POINTS = new LinkedHashMap<>();

    static {
        ENTRY_POINTS.put(
                "babeltrace2", "babeltrace2's commands: convert, run, query, list-plugins, help");
        ENTRY_POINTS.put("lttng", "These commands for lttng's scripts; keeps .lttngrc");
    }

    private Help() {}

    /// What the program prints for `--help`.
    static String general(String program) {
        var text = new StringBuilder();
        text.append(
                "Usage: %s [GENERAL OPTIONS] COMMAND [COMMAND OPTIONS] [ARGUMENTS]\n\n"
                        .formatted(program));
        text.append("A flight recorder for machines and JVMs. First try: contrail demo\n\n");
        text.append("Commands:\n");
        Page.all()
                .forEach((name, page) ->
                        text.append("  %-16s %s%n".formatted(name, page.summary())));
        text.append(
                "\nOther entry points, %s:\n"
                        .formatted(
                                Launcher.directory()
                                        .map(each -> "in " + each)
                                        .orElse("beside this program")));
        ENTRY_POINTS.forEach((name, what) -> text.append("  %-16s %s%n".formatted(name, what)));
        text.append("\nGeneral options:\n");
        text.append("  -g, --group GROUP         Users of GROUP may use root's daemon (tracing)\n");
        text.append("  -n, --no-sessiond         Do not start a session daemon\n");
        text.append("      --sessiond-path PATH  The session daemon that create starts\n");
        text.append("      --relayd-path PATH    The relay daemon that create --live starts\n");
        text.append("  -q, --quiet               Print nothing, neither results nor errors\n");
        text.append("  -v, -vv, -vvv             Say more on standard error\n");
        text.append("  -V, --version             Print the version\n");
        text.append("  -h, --help                Print this text\n");
        text.append("      --list-options        Print the options, one per line\n");
        text.append("      --list-commands       Print the commands, one per line\n");
        text.append("\nSee '%s help COMMAND' for one command".formatted(program));
        text.append(
                program.equals(EntryPoint.LTTNG.program())
                        ? ".\n"
                        : ", '%s help filter' for --filter.\n".formatted(program));
        return text.toString();
    }

    /// What a command prints for `--help`.
    ///
    /// @param line with the command's options and those of [Options#addHelp]
    static String of(String program, String word, CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        Page page = Page.of(word);
        spec.name(program + " " + word);
        spec.usageMessage()
                .customSynopsis(program + " " + page.synopsis())
                .description("", page.summary() + ".", "", page.text(), "")
                .footer("", "Example:", "", "  " + program + " " + page.example());
        return line.getUsageMessage(CommandLine.Help.Ansi.OFF);
    }
}
