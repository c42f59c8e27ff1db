// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `status`: `list` of the current session, then its history and its losses.
final class StatusCommand implements Command {
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
            SessionText.whole(session, "").forEach(text -> console.say("%s", text));
            SessionText.accounts(session.accounts()).forEach(text -> console.say("%s", text));
            if (!session.problems().isEmpty()) {
                console.warn("%s", SessionText.problems(session));
            }
        } catch (Failure failure) {
            throw ListCommand.asListError(failure, name);
        }
        return 0;
    }
}
