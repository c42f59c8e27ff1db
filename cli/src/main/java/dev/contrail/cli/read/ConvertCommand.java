// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.Notices;
import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.ctf.Reason;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `convert PATH…` with babeltrace2's options: `view` without sessions.
public final class ConvertCommand implements Command {
    @Override
    public CommandSpec spec() {
        return ReaderOptions.addTo(CommandSpec.create())
                .addPositional(Options.optionalArgument("PATH", ReaderOptions.PATHS));
    }

    @Override
    public boolean hasOwnGrammar() {
        return true;
    }

    @Override
    public int run(ParseResult line, Console console) throws Failure {
        try {
            return PipeOutput.view(
                    PipeOutput.parse(line.originalArgs(), console.surroundings()),
                    console.surroundings(),
                    Notices.CONTRAIL);
        } catch (UsageException e) {
            throw new Failure(Reason.of(e));
        }
    }
}
