// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.CurrentSession;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Outputs;
import dev.contrail.ctf.Reason;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import java.io.IOException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
            Optional<Sent> sent = sent(name, console);
            console.done(new Request.DestroySession(name));
            console.say("Session %s destroyed", name);
            sent.ifPresent(each -> each.keep(name, new Outputs(console.places())));
            try {
                new CurrentSession(console.places(), console.entry()).clear(name);
            } catch (IOException e) {
                console.warn("Which session is the current one stays as it is: %s", Reason.of(e));
            }
        }
        return 0;
    }

    /// What went to a relay.
    ///
    /// @param isShown whether viewers find it there when it has ended
    private record Sent(SentTrace trace, boolean isShown) {
        private void keep(String session, Outputs outputs) {
            trace.keep(isShown ? Optional.of(session) : Optional.empty(), outputs);
        }
    }

    /// Where a session's trace is, if it went to a relay and something is there: `view` finds it
    /// when the session is forgotten.
    private static Optional<Sent> sent(String name, Console console) throws IOException {
        try {
            var reply = (Reply.Sessions) console.ask(new Request.DescribeSession(name));
            SessionView session = reply.sessions().getFirst();
            Optional<SessionView.RelayView> relay = session.relay();
            if (!RelayEndpoints.isShown(session.output())
                    || session.mode() == SessionMode.SNAPSHOT
                    || relay.isEmpty()
                    || relay.get().directory().isEmpty()
                    || session.accounts().stream().allMatch(each -> each.recorded() == 0)) {
                return Optional.empty();
            }
            RelayEndpoints at = RelayEndpoints.parseShown(session.output());
            return Optional.of(
                    new Sent(SentTrace.of(at, relay.get().directory()), relay.get().isResumable()));
        } catch (Failure | ParseException e) {
            return Optional.empty(); // DESTROY_SESSION says why
        }
    }
}
