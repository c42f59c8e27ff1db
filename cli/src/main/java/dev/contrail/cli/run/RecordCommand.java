// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Values;
import dev.contrail.cli.jvm.Choice;
import dev.contrail.cli.jvm.JavaProcess;
import dev.contrail.cli.jvm.JavaProcesses;
import dev.contrail.cli.rule.JfrOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `record [OPTIONS] -- COMMAND…` and `record [-p PID|NAME]`: records one command, or a JVM that
/// runs, with a session of its own.
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
                                "Typed tracepoints of its JVMs: patterns, separated by commas;"
                                        + " logback:LOGGER for Logback, jfr:NAME for events of JFR.",
                                "-u",
                                "--userspace"))
                .addOption(JfrOptions.profile())
                .addOption(Options.flag("java.util.logging of its JVMs.", "-j", "--jul"))
                .addOption(Options.flag("Log4j 2 of its JVMs.", "--log4j2"))
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
                .addOption(
                        Options.value(
                                "PID|NAME",
                                "Record a JVM that runs, in place of a command.",
                                "-p",
                                "--pid"))
                .addOption(
                        Options.value(
                                "TIME",
                                "Of a JVM that runs: so long, such as 5s or 2m (default: until"
                                        + " Ctrl-C, or its end).",
                                "--duration"))
                .addPositional(
                        PositionalParamSpec.builder()
                                .index("0..*")
                                .arity("0..*")
                                .type(String[].class)
                                .paramLabel("COMMAND")
                                .description(
                                        "The command to run, after --. Without one, the only JVM"
                                                + " that runs is recorded.")
                                .build());
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        String[] command = line.matchedPositionalValue(0, new String[0]);
        if (command.length == 0) {
            return process(line, console);
        }
        if (line.hasMatchedOption("-p") || line.hasMatchedOption("--duration")) {
            throw new Failure(
                    "A command is recorded as long as it runs: leave out %s, or the command"
                            .formatted(line.hasMatchedOption("-p") ? "-p" : "--duration"));
        }
        Path found = Programs.find(command[0], console.surroundings().environment());
        String program = Path.of(command[0]).getFileName().toString();
        return new RecordedRun(console, line, TraceTarget.of(line, true), found)
                .run(program, command);
    }

    private static int process(ParseResult line, Console console) throws IOException, Failure {
        String duration = line.matchedOptionValue("--duration", "");
        OptionalLong nanos = Values.periodNanos(duration);
        if (!duration.isEmpty() && nanos.orElse(0) <= 0) {
            throw new Failure("Invalid duration %s: want one such as 5s or 2m".formatted(duration));
        }
        List<JavaProcess> all = new JavaProcesses(console.places().uid()).all();
        JavaProcess process;
        if (line.hasMatchedOption("-p")) {
            List<JavaProcess> meant = Choice.of(line.matchedOptionValue("-p", ""), all);
            process = Choice.only(meant);
        } else {
            process = Choice.only(all);
        }
        return new RecordedProcess(console, line, TraceTarget.of(line, true))
                .run(process, nanos.orElse(Long.MAX_VALUE));
    }
}
