// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.Notices;
import dev.contrail.analysis.convert.Sinks;
import dev.contrail.analysis.convert.ViewOptions;
import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `convert PATH…` with babeltrace2's options: `view` without sessions.
public final class ConvertCommand implements Command {
    @Override
    public CommandSpec spec() {
        return ReaderOptions.addTo(CommandSpec.create())
                .addPositional(
                        Options.optionalArgument("PATH", ReaderOptions.PATHS + ReaderOptions.URLS));
    }

    @Override
    public boolean hasOwnGrammar() {
        return true;
    }

    @Override
    public int run(ParseResult line, Console console) throws Failure {
        ViewOptions options;
        try {
            options = PipeOutput.parse(line.originalArgs(), console.surroundings());
        } catch (UsageException e) {
            throw ReaderOptions.wrong("convert", e, spec());
        }
        if (options.traces().isEmpty() && options.sources().isEmpty()) {
            throw new Failure("No trace given: contrail convert PATH…");
        }
        return PipeOutput.view(Sinks.lasting(options), console.surroundings(), Notices.CONTRAIL);
    }
}
