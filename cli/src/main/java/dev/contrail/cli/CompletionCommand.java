// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

final class CompletionCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create();
    }

    @Override
    public int run(ParseResult line, Console console) throws Failure {
        throw new Failure(1, "not yet");
    }
}
