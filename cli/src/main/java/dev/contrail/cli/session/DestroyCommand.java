// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.CurrentSession;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.ctf.Reason;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `destroy [NAME | --all]`.
public final class DestroyCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(Options.flag("Destroy all sessions.", "-a", "--all"))
                .addOption(Options.flag("Do not wait for pending data.", "-n", "--no-wait"))
                .addPositional(Options.optionalArgument("NAME", "Default: the current session."));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        try {
            return destroy(line, console);
        } catch (Failure failure) {
            throw failure.is(LttngError.NO_SESSIOND)
                    ? failure.withStatus(ExitStatus.ERROR)
                    : failure;
        }
    }

    private static int destroy(ParseResult line, Console console) throws IOException, Failure {
        List<String> names = new ArrayList<>();
        if (line.hasMatchedOption("--all")) {
            if (line.hasMatchedPositional(0)) {
                throw new Failure("Unknown argument: " + line.matchedPositionalValue(0, ""));
            }
            var sessions = (Reply.Sessions) console.ask(new Request.ListSessions());
            sessions.sessions().forEach(session -> names.add(session.name()));
            if (names.isEmpty()) {
                console.say("No session found, nothing to do.");
            }
        } else {
            String given = line.matchedPositionalValue(0, null);
            console.connect().close(); // What lttng looks for first, here.
            names.add(console.session(given == null ? List.of() : List.of(given)));
        }
        for (String name : names) {
            console.done(new Request.DestroySession(name));
            console.say("Session %s destroyed", name);
            try {
                new CurrentSession(console.places(), console.entry()).clear(name);
            } catch (IOException e) {
                console.warn("Which session is the current one stays as it is: %s", Reason.of(e));
            }
        }
        return 0;
    }
}
