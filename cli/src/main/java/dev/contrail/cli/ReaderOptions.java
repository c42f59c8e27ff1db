// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.analysis.Sinks;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/// The options of babeltrace2's `convert` that have a use here, for help and completion:
/// `dev.contrail.analysis` reads them.
final class ReaderOptions {
    private ReaderOptions() {}

    /// `text, ctf or dummy.`
    private static String formats() {
        List<String> formats = Sinks.formats();
        return String.join(", ", formats.subList(0, formats.size() - 1))
                + " or "
                + formats.getLast()
                + ".";
    }

    static CommandSpec addTo(CommandSpec spec) {
        return spec.addOption(Usage.flag("Times in UTC.", "--clock-gmt"))
                .addOption(Usage.flag("Dates too.", "--clock-date"))
                .addOption(Usage.flag("Times in seconds.", "--clock-seconds"))
                .addOption(Usage.flag("Times in clock cycles.", "--clock-cycles"))
                .addOption(Usage.value("SECONDS", "Add to all clocks.", "--clock-offset"))
                .addOption(Usage.value("NANOSECONDS", "Add to all clocks.", "--clock-offset-ns"))
                .addOption(Usage.flag("No time since the event before.", "--no-delta"))
                .addOption(Usage.value("NAMES", "What is written with names.", "-n", "--names"))
                .addOption(Usage.value("FIELDS", "What is written of an event.", "-f", "--fields"))
                .addOption(Usage.value("TIME", "Only events from then on.", "-b", "--begin"))
                .addOption(Usage.value("TIME", "Only events until then.", "-e", "--end"))
                .addOption(Usage.value("BEGIN,END", "Only events in between.", "-t", "--timerange"))
                .addOption(
                        Usage.flag("Only where all streams have events.", "--stream-intersection"))
                .addOption(
                        Usage.value(
                                "EXPRESSION",
                                "Only events for which it holds, such as 'cents > 100 && $ctx.cpu_id == 1'.",
                                "--filter"))
                .addOption(
                        Usage.value(
                                "CLASS",
                                "A component, such as sink.utils.counter.",
                                "-c",
                                "--component"))
                .addOption(
                        Usage.value(
                                "NAME=VALUE,…",
                                "Parameters of the component or path before.",
                                "-p",
                                "--params"))
                .addOption(Usage.value("FORMAT", formats(), "-o", "--output-format"))
                .addOption(
                        Usage.value(
                                "DIRECTORIES",
                                "Where jars with more sources and sinks are, with colons in between.",
                                "--plugin-path"))
                .addOption(
                        Usage.value(
                                "FILE",
                                "Write to FILE; to a folder with --output-format=ctf.",
                                "-w",
                                "--output"))
                .addOption(
                        Usage.value(
                                "WHEN", "Colours: never, auto or always (terminals).", "--color"))
                .addOption(Usage.value("FORMAT", "Only ctf.", "-i", "--input-format"))
                .addOption(
                        Usage.flag(
                                "Accepted for scripts, as --debug-info, --retry-duration and"
                                        + " --log-level are; clocks are never kept apart.",
                                "--clock-force-correlate"));
    }
}
