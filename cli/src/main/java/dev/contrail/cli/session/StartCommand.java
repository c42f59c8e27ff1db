// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `start [SESSION]`.
public final class StartCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addPositional(Options.optionalArgument("NAME", "Default: the current session."));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        String given = line.matchedPositionalValue(0, null);
        String session = console.session(given == null ? List.of() : List.of(given));
        try {
            var described = (Reply.Sessions) console.ask(new Request.DescribeSession(session));
            if (described.sessions().getFirst().channels().isEmpty()) {
                throw new Failure(
                        LttngError.NO_CHANNEL,
                        console.entry() == EntryPoint.LTTNG
                                ? LttngError.NO_CHANNEL.text()
                                : "Session %s has nothing to record yet: contrail enable-event"
                                                .formatted(session)
                                        + " says what (-k kernel, -u tracepoints, -j loggers)");
            }
            console.done(new Request.StartSession(session));
        } catch (Failure failure) {
            if (failure.is(LttngError.TRACE_ALREADY_STARTED)) {
                console.warn("%s", failure.getMessage());
                return failure.status();
            }
            throw failure;
        }
        console.say("Tracing started for session %s", session);
        return 0;
    }
}
