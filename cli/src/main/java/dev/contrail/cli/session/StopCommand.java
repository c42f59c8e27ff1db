// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `stop [SESSION]`.
public final class StopCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(Options.flag("Do not wait for pending data.", "-n", "--no-wait"))
                .addPositional(Options.optionalArgument("NAME", "Default: the current session."));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        String given = line.matchedPositionalValue(0, null);
        String session = console.session(given == null ? List.of() : List.of(given));
        try {
            var stopped = (Reply.Stopped) console.ask(new Request.StopSession(session, false));
            console.warn(stopped.warnings());
            if (!line.hasMatchedOption("--no-wait")) {
                console.say("Waiting for data availability");
            }
            if (stopped.discarded() > 0) {
                // On standard output, as lttng 2.13 has it.
                console.say(
                        "Warning: %d events were discarded, please refer to the documentation on"
                                + " channel configuration.",
                        stopped.discarded());
            }
            if (stopped.notStored() > 0) {
                console.say("Tracing stopped for session %s", session);
                return ExitStatus.ERROR
                        .number(); // The trace is not what the user believes it to be.
            }
        } catch (Failure failure) {
            if (failure.is(LttngError.TRACE_ALREADY_STOPPED)) {
                console.warn("%s", failure.getMessage());
                return failure.status();
            }
            throw failure;
        }
        console.say("Tracing stopped for session %s", session);
        return 0;
    }
}
