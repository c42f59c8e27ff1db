// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.analysis.Suggestion;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.Sinks;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.ctf.Reason;
import picocli.CommandLine.Model.CommandSpec;

/// The options of babeltrace2's `convert` that have a use here, for help and completion:
/// `dev.contrail.analysis` reads them.
public final class ReaderOptions {
    /// What there is to read.
    static final String PATHS =
            "Folders of traces; ring files of JVMs, running or killed, and folders of those"
                    + " (/dev/shm/contrail-UID).";

    /// What there is to read besides, while it is recorded.
    static final String URLS =
            " Live sessions of relay daemons: net://HOST[:PORT]/host/TARGET/SESSION; net://HOST"
                    + " lists them.";

    /// The same where the whole is wanted.
    static final String URLS_WHOLE =
            " Sessions of relay daemons, until they have ended or to Ctrl-C:"
                    + " net://HOST[:PORT]/host/TARGET/SESSION; net://HOST for all.";

    private ReaderOptions() {}

    /// What is wrong with the words of a command that reads, and what was meant by an option that
    /// there is not.
    static Failure wrong(String command, UsageException why, CommandSpec spec) {
        if (why.unknownOption().isEmpty()) {
            return new Failure(Reason.of(why));
        }
        String meant = Suggestion.words(why.unknownOption(), Options.names(spec));
        return new Failure(
                ExitStatus.UNDEFINED,
                Options.unrecognized(command, why.unknownOption())
                        + (meant.isEmpty()
                                ? " (contrail help %s shows what there is)".formatted(command)
                                : meant));
    }

    /// Adds them to a command, and gives the command back.
    public static CommandSpec addTo(CommandSpec spec) {
        return spec.addOption(Options.flag("Times in UTC.", "--clock-gmt"))
                .addOption(Options.flag("Dates too.", "--clock-date"))
                .addOption(Options.flag("Times in seconds.", "--clock-seconds"))
                .addOption(Options.flag("Times in clock cycles.", "--clock-cycles"))
                .addOption(Options.value("SECONDS", "Add to all clocks.", "--clock-offset"))
                .addOption(Options.value("NANOSECONDS", "Add to all clocks.", "--clock-offset-ns"))
                .addOption(
                        Options.flag("Leave out the time since the previous event.", "--no-delta"))
                .addOption(
                        Options.value(
                                "NAMES",
                                "What is written with names: "
                                        + OptionValues.listed(OptionValues.NAMES),
                                "-n",
                                "--names"))
                .addOption(
                        Options.value(
                                "FIELDS",
                                "What is written of an event: "
                                        + OptionValues.listed(OptionValues.FIELDS),
                                "-f",
                                "--fields"))
                .addOption(Options.value("TIME", "Only events from TIME on.", "-b", "--begin"))
                .addOption(Options.value("TIME", "Only events until TIME.", "-e", "--end"))
                .addOption(
                        Options.value(
                                "BEGIN,END",
                                "Only events between BEGIN and END.",
                                "-t",
                                "--timerange"))
                .addOption(
                        Options.flag(
                                "Only where all streams have events.", "--stream-intersection"))
                .addOption(
                        Options.value(
                                "EXPRESSION",
                                "Only events for which it is true, such as 'cents > 100 && $ctx.cpu_id"
                                        + " == 1'. 'contrail help filter' explains it.",
                                "--filter"))
                .addOption(
                        Options.flag(
                                "Of a live session also what was recorded before.",
                                "--from-beginning"))
                .addOption(
                        Options.value(
                                "NAME",
                                "Go on in a live session where the viewer of that name was, which a relay"
                                        + " daemon of Contrail's remembers. A file that --output names,"
                                        + " or >> of the shell, is appended to.",
                                "--as"))
                .addOption(
                        Options.value(
                                "CLASS",
                                "A component, such as sink.utils.counter.",
                                "-c",
                                "--component"))
                .addOption(
                        Options.value(
                                "NAME=VALUE,…",
                                "Parameters of the component or path before it.",
                                "-p",
                                "--params"))
                .addOption(
                        Options.value(
                                "FORMAT",
                                OptionValues.listed(Sinks.formats()),
                                "-o",
                                "--output-format"))
                .addOption(
                        Options.value(
                                "DIRECTORIES",
                                "Folders of jars with more sources and sinks, separated by colons.",
                                "--plugin-path"))
                .addOption(
                        Options.value(
                                "FILE",
                                "Write to FILE; to a folder with --output-format=ctf.",
                                "-w",
                                "--output"))
                .addOption(
                        Options.value(
                                "WHEN",
                                "Colors, where auto means on terminals: "
                                        + OptionValues.listed(OptionValues.COLOURS),
                                "--color"))
                .addOption(
                        Options.value(
                                "FORMAT",
                                "ctf (folders of traces) or lttng-live. Rings and URLs need no option.",
                                "-i",
                                "--input-format"))
                .addOption(
                        Options.flag(
                                "Accepted for scripts, as --debug-info, --retry-duration and"
                                        + " --log-level are; clocks are never kept apart.",
                                "--clock-force-correlate"));
    }
}
