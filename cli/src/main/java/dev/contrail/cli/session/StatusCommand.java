// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.rule.UnmatchedPattern;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.JfrName;
import dev.contrail.wire.LogbackName;
import dev.contrail.wire.PointType;
import dev.contrail.wire.StateDumpName;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `status`: the current session on a screen, with its history and its losses. As `lttng` its
/// channels and rules too, as `list` shows them.
public final class StatusCommand implements Command {
    private static final String NOTHING = "matches nothing of the programs that run";
    private static final int MOST_UNMATCHED = 4;

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
            if (console.entry() != EntryPoint.LTTNG) {
                unmatched(session, console).forEach(text -> console.say("  %s", text));
            }
            SessionText.accounts(session).forEach(text -> console.say("%s", text));
            if (!session.problems().isEmpty()) {
                console.warn("%s", SessionText.problems(session));
            }
        } catch (Failure failure) {
            throw ListCommand.asListError(failure, name);
        }
        return 0;
    }

    /// Of the patterns of tracepoints and of events of JFR of an active session, those that match
    /// none of their kind in the programs that run, if there are some.
    private static List<String> unmatched(SessionView session, Console console)
            throws IOException, Failure {
        List<String> patterns = session.isActive() ? patterns(session) : List.of();
        if (patterns.isEmpty()) {
            return List.of();
        }
        var request =
                new Request.ListPoints(
                        DomainName.USERSPACE,
                        PointType.TRACEPOINT,
                        patterns.stream().anyMatch(JfrName::isOne)); // who then has started JFR
        var ofJfr = new TreeSet<String>();
        var tracepoints = new TreeSet<String>();
        for (InstrumentationPoint each : ((Reply.Points) console.ask(request)).points()) {
            boolean isKnown =
                    each.type() == PointType.TRACEPOINT && !StateDumpName.isOne(each.name());
            if (isKnown) {
                (JfrName.isOne(each.name()) ? ofJfr : tracepoints).add(each.name());
            }
        }
        var unmatched = new ArrayList<String>();
        for (String each : patterns) {
            TreeSet<String> seen = JfrName.isOne(each) ? ofJfr : tracepoints;
            if (!seen.isEmpty()) {
                UnmatchedPattern.of(each, NOTHING, seen).ifPresent(unmatched::add);
            }
        }
        return unmatched.stream().limit(MOST_UNMATCHED).toList();
    }

    /// Of what programs announce: methods have a word of their own, loggers may be made at any
    /// time, and each program has a state.
    private static List<String> patterns(SessionView session) {
        return session.channels().stream()
                .filter(each -> each.isEnabled() && each.domain() == DomainName.USERSPACE)
                .flatMap(each -> each.rules().stream())
                .filter(rule -> rule.isEnabled() && rule.type() != PointType.METHOD)
                .map(EventRule::pattern)
                .filter(each -> !StateDumpName.isOne(each) && LogbackName.loggers(each).isEmpty())
                .distinct()
                .toList();
    }
}
