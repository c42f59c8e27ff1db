// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.CurrentSession;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `set-session NAME`.
public final class SetSessionCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create().addPositional(Options.optionalArgument("NAME", "The session."));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        String name = line.matchedPositionalValue(0, "");
        if (!line.hasMatchedPositional(0)) {
            throw new Failure("Missing session name");
        }
        Reply.Sessions sessions;
        try {
            sessions = (Reply.Sessions) console.ask(new Request.ListSessions());
        } catch (Failure failure) {
            throw failure.withStatus(ExitStatus.ERROR);
        }
        if (sessions.sessions().stream().noneMatch(session -> session.name().equals(name))) {
            throw new Failure(console.noSession(name, sessions));
        }
        new CurrentSession(console.places(), console.entry()).set(name);
        console.say("Session set to %s", name);
        return 0;
    }
}
