// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.analysis.ViewArguments;
import dev.contrail.ctf.Reason;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `convert PATH…` with babeltrace2's options: `view` without sessions.
final class ConvertCommand implements Command {
    @Override
    public CommandSpec spec() {
        return ReaderOptions.addTo(CommandSpec.create())
                .addPositional(Usage.optionalArgument("PATH", "Folders of traces."));
    }

    @Override
    public boolean hasOwnGrammar() {
        return true;
    }

    @Override
    public int run(ParseResult line, Console console) throws Failure {
        try {
            return PipeOutput.view(PipeOutput.parse(line.originalArgs()), console.err());
        } catch (ViewArguments.UsageException e) {
            throw new Failure(Reason.of(e));
        }
    }
}
