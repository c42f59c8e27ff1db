// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.analysis.Suggestion;
import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.jvm.JavaProcesses;
import dev.contrail.cli.jvm.JvmList;
import dev.contrail.cli.rule.LogLevels;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.PointType;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import dev.contrail.wire.control.SessionView.ChannelView;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `list`: sessions, one session, or what can be recorded.
public final class ListCommand implements Command {
    @Override
    public CommandSpec spec() {
        return DomainOption.addTo(CommandSpec.create())
                .addOption(Options.value("CHANNEL", "Only that channel.", "-c", "--channel"))
                .addOption(Options.flag("Only the session's domains.", "-d", "--domain"))
                .addOption(Options.flag("Fields of the events too.", "-f", "--fields"))
                .addOption(Options.flag("System calls of the kernel.", "-S", "--syscall"))
                .addPositional(Options.optionalArgument("SESSION", "The session to show."));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        String session = line.matchedPositionalValue(0, "");
        if (line.hasMatchedOption("--syscall") && !line.hasMatchedOption("-k")) {
            console.warn("--syscall will only work with the Kernel domain (-k)");
            return ExitStatus.ERROR.number();
        }
        try {
            if (line.hasMatchedPositional(0)) {
                return session(line, session, console);
            }
            List<DomainName> domains = DomainOption.all(line);
            boolean hasJvms =
                    console.entry() != EntryPoint.LTTNG
                            && domains.stream().anyMatch(each -> each != DomainName.KERNEL);
            try {
                for (DomainName domain : domains) {
                    points(domain, line, console);
                }
            } catch (Failure failure) {
                if (hasJvms && failure.is(LttngError.NO_SESSIOND)) {
                    jvms(console); // who they are is known without one
                }
                throw failure;
            }
            if (hasJvms) {
                jvms(console);
            }
            return domains.isEmpty() ? sessions(console) : 0;
        } catch (Failure failure) {
            throw asListError(failure, session);
        }
    }

    private static void jvms(Console console) {
        JvmList.lines(new JavaProcesses(console.places().uid()).all())
                .forEach(each -> console.say("%s", each));
    }

    /// `list` and `status` exit with 1 where other commands pass the daemon's code.
    static Failure asListError(Failure failure, String session) {
        if (failure.is(LttngError.SESS_NOT_FOUND)) {
            boolean isBare = failure.getMessage().equals(LttngError.SESS_NOT_FOUND.text());
            return isBare
                    ? new Failure("Session '" + session + "' not found")
                    : failure.withStatus(ExitStatus.ERROR);
        }
        return failure.is(LttngError.NO_SESSIOND) ? failure.withStatus(ExitStatus.ERROR) : failure;
    }

    private static int sessions(Console console) throws IOException, Failure {
        var reply = (Reply.Sessions) console.ask(new Request.ListSessions());
        console.warn(reply.problems());
        if (reply.sessions().isEmpty()) {
            console.say("Currently no available recording session");
            return 0;
        }
        console.say("Available recording sessions:");
        int number = 1;
        for (SessionView each : reply.sessions()) {
            console.say("  %d) %s %s", number++, each.name(), SessionText.state(each));
            if (each.mode() == SessionMode.DISK) {
                console.say("    Trace output: %s", each.output());
            }
            if (each.liveMicros() > 0) {
                console.say("    Live timer interval: %d us", each.liveMicros());
            }
            if (console.entry() != EntryPoint.LTTNG) {
                RelayText.of(each).forEach(text -> console.say("    Relay: %s", text));
            }
            if (!each.problems().isEmpty()) {
                console.say("    Warning: %s", SessionText.problems(each));
            }
            console.say("");
        }
        console.say("");
        console.say("Use %s list <session_name> for more details", console.program());
        return 0;
    }

    private static int session(ParseResult line, String name, Console console)
            throws IOException, Failure {
        var reply = (Reply.Sessions) console.ask(new Request.DescribeSession(name));
        SessionView session = reply.sessions().getFirst();
        String channel = line.matchedOptionValue("--channel", "");
        List<String> text =
                line.hasMatchedOption("-d")
                        ? SessionText.domains(session)
                        : SessionText.whole(session, channel);
        text.forEach(each -> console.say("%s", each));
        if (!channel.isEmpty()
                && session.channels().stream().noneMatch(each -> each.name().equals(channel))) {
            throw console.wrong(
                    "Channel " + channel + " not found",
                    Suggestion.of(
                                    channel,
                                    session.channels().stream().map(ChannelView::name).toList())
                            .map(each -> "did you mean " + each + "?")
                            .orElse(""));
        }
        return 0;
    }

    private static void points(DomainName domain, ParseResult line, Console console)
            throws IOException, Failure {
        PointType type =
                domain.hasLoggers()
                        ? PointType.LOGGER
                        : domain == DomainName.KERNEL && line.hasMatchedOption("--syscall")
                                ? PointType.SYSCALL
                                : PointType.TRACEPOINT;
        Reply.Points reply;
        try {
            reply = (Reply.Points) console.ask(new Request.ListPoints(domain, type, true));
        } catch (Failure failure) {
            String what =
                    type == PointType.SYSCALL ? "system calls" : lttngWord(domain) + " events";
            throw failure.withMessage("Unable to list %s: %s".formatted(what, failure.getMessage()))
                    .withStatus(ExitStatus.ERROR);
        }
        String title =
                switch (domain) {
                    case KERNEL -> type == PointType.SYSCALL ? "System calls:" : "Kernel events:";
                    case USERSPACE -> "UST events:";
                    case JUL, LOG4J2 -> domain.word() + " events (Logger name):";
                };
        console.say("%s", title);
        console.say("%s", domain.hasLoggers() ? "-".repeat(25) : "-".repeat(13));
        if (reply.points().isEmpty()) {
            console.say("None");
        }
        String provider = "";
        for (InstrumentationPoint point : reply.points()) {
            if (!point.provider().equals(provider)) {
                provider = point.provider();
                console.say("");
                console.say("%s", provider);
            }
            console.say("%s", text(domain, point));
            if (line.hasMatchedOption("-f")) {
                point.fields().forEach(field -> console.say("        field: %s", field));
            }
        }
        console.say("");
    }

    private static String lttngWord(DomainName domain) {
        return switch (domain) {
            case KERNEL -> "kernel";
            case USERSPACE -> "UST";
            case JUL, LOG4J2 -> domain.word();
        };
    }

    private static String text(DomainName domain, InstrumentationPoint point) {
        return switch (domain) {
            case JUL, LOG4J2 -> "    - " + point.name();
            case KERNEL ->
                    "      %s (type: %s)"
                            .formatted(
                                    point.name(),
                                    point.type() == PointType.SYSCALL ? "syscall" : "tracepoint");
            case USERSPACE ->
                    point.type() == PointType.LOGGER
                            ? "      %s (type: logger)".formatted(point.name())
                            : "      %s (loglevel: %s) (type: tracepoint)"
                                    .formatted(
                                            point.name(), LogLevels.show(domain, point.logLevel()));
        };
    }
}
