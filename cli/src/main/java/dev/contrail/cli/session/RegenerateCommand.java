// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.util.Arrays;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `regenerate statedump [-s SESSION]`.
public final class RegenerateCommand implements Command {
    private static final String STATE_DUMP = "statedump";
    private static final String METADATA = "metadata";

    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(Options.session())
                .addPositional(
                        PositionalParamSpec.builder()
                                .index("0")
                                .arity("0..1")
                                .type(String.class)
                                .paramLabel("WHAT")
                                .description("statedump.")
                                .build());
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        String what = line.matchedPositionalValue(0, "");
        if (what.isEmpty()) {
            throw new Failure(ExitStatus.ERROR, "No object specified for regenerate command.");
        }
        if (what.equals(METADATA)) {
            throw new Failure(
                    ExitStatus.UNSUPPORTED,
                    "regenerate metadata is not there yet: what a clock was set to after the trace"
                            + " began is not told to readers");
        }
        if (!what.equals(STATE_DUMP)) {
            throw new Failure(
                    ExitStatus.UNDEFINED,
                    "Unrecognized argument used with 'regenerate' command: %s, want statedump"
                            .formatted(what));
        }
        String given = line.matchedOptionValue("--session", null);
        String session = console.session(Arrays.asList(given));
        console.done(new Request.RegenerateStateDump(session));
        console.say("State dump successfully regenerated for session %s", session);
        return 0;
    }
}
