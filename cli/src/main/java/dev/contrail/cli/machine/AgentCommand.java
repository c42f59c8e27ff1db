// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.machine;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Launcher;
import dev.contrail.cli.console.Options;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `agent`: prints the path of the tracer's jar, or of the demonstration programs'.
public final class AgentCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(
                        Options.flag(
                                "Print the path of the demonstration programs' jar.", "--samples"));
    }

    @Override
    public int run(ParseResult line, Console console) {
        console.out()
                .println(
                        line.hasMatchedOption("--samples")
                                ? Launcher.samplesJar()
                                : Launcher.tracerJar());
        return 0;
    }
}
