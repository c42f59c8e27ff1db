// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.Version;
import dev.contrail.cli.machine.InstalledVersion;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `version`.
final class VersionCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create();
    }

    @Override
    public int run(ParseResult line, Console console) {
        if (console.entry() == EntryPoint.LTTNG) {
            console.say("lttng version %s - contrail %s", Version.LTTNG_LEVEL, Version.NUMBER);
        } else {
            console.say("contrail version %s", Version.NUMBER);
            String installed = InstalledVersion.of(ProcessHandle.current());
            if (!installed.isEmpty()) {
                console.say("installed as %s", installed);
            }
        }
        console.say("");
        console.say(
                "A flight recorder for machines and JVMs, with the commands of lttng %s.",
                Version.LTTNG_LEVEL);
        console.say("");
        console.say("Contrail is free software, under the Apache License 2.0.");
        return 0;
    }
}
