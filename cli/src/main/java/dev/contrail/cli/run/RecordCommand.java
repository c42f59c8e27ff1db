// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `record [OPTIONS] -- COMMAND…`: records one command with a session of its own.
public final class RecordCommand implements Command {
    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        // The first word that is no option begins the command, whose options are its own.
        spec.parser().stopAtPositional(true);
        return spec.addOption(
                        Options.value(
                                "NAMES",
                                "Kernel events, separated by commas (default: scheduling and"
                                        + " processes).",
                                "-k",
                                "--kernel"))
                .addOption(Options.flag("All system calls.", "--syscall"))
                .addOption(
                        Options.value(
                                "PATTERNS",
                                "Typed tracepoints of its JVMs: patterns, separated by commas.",
                                "-u",
                                "--userspace"))
                .addOption(Options.flag("java.util.logging of its JVMs.", "-j", "--jul"))
                .addOption(
                        Options.flag("Keep in memory; write the newest at the end.", "--snapshot"))
                .addOption(
                        Options.flag(
                                "Kernel events of all processes, not only the command and its"
                                        + " children.",
                                "--system-wide"))
                .addOption(
                        Options.flag(
                                "Count the events on the terminal while the command runs.",
                                "--progress"))
                .addOption(
                        Options.value(
                                "DIR",
                                "Write the trace to DIR, which is new or empty (default:"
                                        + " lttng-traces/COMMAND-TIME in the home directory).",
                                "-o",
                                "--output"))
                .addOption(TraceTarget.option())
                .addPositional(
                        PositionalParamSpec.builder()
                                .index("0..*")
                                .arity("0..*")
                                .type(String[].class)
                                .paramLabel("COMMAND")
                                .description("The command to run, after --.")
                                .build());
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        String[] command = line.matchedPositionalValue(0, new String[0]);
        if (command.length == 0) {
            throw new Failure("No command given: contrail record -- COMMAND…");
        }
        Path found = Programs.find(command[0], console.surroundings().environment());
        String program = Path.of(command[0]).getFileName().toString();
        return new RecordedRun(console, line, TraceTarget.of(line, true), found)
                .run(program, command);
    }
}
