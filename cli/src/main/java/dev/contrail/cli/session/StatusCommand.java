// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.Failure;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `status`: the current session on a screen, with its history and its losses. As `lttng` its
/// channels and rules too, as `list` shows them.
public final class StatusCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create();
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        String name = console.session(List.of());
        try {
            var reply = (Reply.Sessions) console.ask(new Request.DescribeSession(name));
            SessionView session = reply.sessions().getFirst();
            List<String> lines =
                    console.entry() == EntryPoint.LTTNG
                            ? SessionText.whole(session, "")
                            : StatusText.of(session, Instant.now());
            lines.forEach(text -> console.say("%s", text));
            SessionText.accounts(session).forEach(text -> console.say("%s", text));
            if (!session.problems().isEmpty()) {
                console.warn("%s", SessionText.problems(session));
            }
        } catch (Failure failure) {
            throw ListCommand.asListError(failure, name);
        }
        return 0;
    }
}
