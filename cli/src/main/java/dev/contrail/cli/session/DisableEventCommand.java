// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.rule.MethodOption;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.PointType;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `disable-event (-k | -u | -j | --log4j2) (-a | NAME,…)`.
public final class DisableEventCommand implements Command {
    @Override
    public CommandSpec spec() {
        return DomainOption.addTo(CommandSpec.create())
                .addOption(Options.session())
                .addOption(
                        Options.value("CHANNEL", "Channel; default: channel0.", "-c", "--channel"))
                .addOption(Options.flag("All event rules.", "-a", "--all-events", "--all"))
                .addOption(Options.flag("Tracepoints (the default).", "--tracepoint"))
                .addOption(Options.flag("System calls of the kernel.", "--syscall"))
                .addOption(
                        Options.value(
                                "PATTERNS",
                                "Methods (-u), by the patterns of their rules.",
                                "--method"))
                .addPositional(
                        Options.optionalArgument(
                                "NAME", "Patterns of the rules, separated by commas."));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        DomainName domain = DomainOption.ofRules(line, console);
        boolean isAll = line.hasMatchedOption("--all-events");
        List<String> names = MethodOption.names(line, domain, console);
        if (isAll == !names.isEmpty()) {
            throw isAll
                    ? new Failure("Event names and --all-events exclude each other.")
                    : console.wrong(
                            "Missing event name(s).",
                            "want NAME[,NAME...] or --all-events; contrail list SESSION shows those"
                                    + " that are enabled");
        }
        List<PointType> types = types(line, domain);
        String typeName =
                line.hasMatchedOption("--syscall")
                        ? "syscall"
                        : line.hasMatchedOption("--tracepoint")
                                ? "tracepoint"
                                : line.hasMatchedOption("--method") ? "method" : "any";
        String session =
                console.session(Arrays.asList(line.<String>matchedOptionValue("--session", null)));
        int status = 0;
        for (String name : isAll ? List.of("") : names) {
            try {
                disable(line, console, session, domain, types, name);
                String channel =
                        domain.hasLoggers() && console.entry() != EntryPoint.LTTNG
                                ? domain.logChannel()
                                : line.matchedOptionValue("--channel", "channel0"); // as it says
                if (isAll) {
                    console.say(
                            "All %s events of type %s are disabled in channel %s",
                            domain.word(), typeName, channel);
                } else {
                    console.say(
                            "%s %s of type %s disabled in channel %s for session %s",
                            domain.word(), name, typeName, channel, session);
                }
            } catch (Failure failure) {
                status = failure.status();
                if (isAll) {
                    throw failure;
                }
                console.error(
                        failure,
                        "%s of type %s : %s (channel %s, session %s)",
                        name,
                        typeName,
                        failure.getMessage(),
                        EnableEventCommand.channelName(line, failure),
                        session);
            }
        }
        return status;
    }

    /// The types that the line means: without an option any.
    private static List<PointType> types(ParseResult line, DomainName domain) {
        if (domain.hasLoggers()) {
            return List.of(PointType.LOGGER);
        }
        if (line.hasMatchedOption("--method")) {
            return List.of(PointType.METHOD);
        }
        if (domain == DomainName.USERSPACE || line.hasMatchedOption("--tracepoint")) {
            return List.of(PointType.TRACEPOINT);
        }
        return line.hasMatchedOption("--syscall")
                ? List.of(PointType.SYSCALL)
                : List.of(PointType.TRACEPOINT, PointType.SYSCALL);
    }

    /// Done when there was such a rule of one of the types.
    private static void disable(
            ParseResult line,
            Console console,
            String session,
            DomainName domain,
            List<PointType> types,
            String pattern)
            throws IOException, Failure {
        String channel = line.matchedOptionValue("--channel", "");
        Failure last = null;
        boolean isDone = false;
        for (PointType type : types) {
            try {
                console.done(new Request.DisableEvent(session, domain, channel, type, pattern));
                isDone = true;
            } catch (Failure failure) {
                last = failure;
            }
        }
        if (last != null && !isDone) {
            throw last;
        }
    }
}
