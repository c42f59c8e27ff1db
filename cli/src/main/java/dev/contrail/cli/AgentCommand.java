// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `agent`: prints the path of the tracer's jar.
final class AgentCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create();
    }

    @Override
    public int run(ParseResult line, Console console) {
        console.out().println(Launcher.tracerJar());
        return 0;
    }
}
