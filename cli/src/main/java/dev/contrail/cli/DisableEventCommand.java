// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.PointType;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `disable-event (-k | -u | -j) (-a | NAME,…)`.
final class DisableEventCommand implements Command {
    @Override
    public CommandSpec spec() {
        return DomainOption.addTo(CommandSpec.create(), true)
                .addOption(Usage.session())
                .addOption(Usage.value("CHANNEL", "Channel; default: channel0.", "-c", "--channel"))
                .addOption(Usage.flag("All event rules.", "-a", "--all-events"))
                .addOption(Usage.flag("Tracepoints (the default).", "--tracepoint"))
                .addOption(Usage.flag("System calls of the kernel.", "--syscall"))
                .addPositional(
                        Usage.optionalArgument("NAME", "Patterns of the rules, between commas."));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        DomainName domain = DomainOption.of(line);
        boolean isAll = line.hasMatchedOption("--all-events");
        String names = line.matchedPositionalValue(0, "");
        if (isAll == !names.isEmpty()) {
            throw new Failure(
                    1,
                    isAll
                            ? "Event names and --all-events exclude each other."
                            : "Missing event name(s).");
        }
        PointType type =
                domain == DomainName.JUL
                        ? PointType.LOGGER
                        : line.hasMatchedOption("--syscall")
                                ? PointType.SYSCALL
                                : PointType.TRACEPOINT;
        String session =
                console.session(Arrays.asList(line.<String>matchedOptionValue("--session", null)));
        int status = 0;
        for (String name : isAll ? List.of("") : Values.names(names)) {
            try {
                Reply.Done done =
                        console.done(
                                new Request.DisableEvent(
                                        session,
                                        domain,
                                        line.matchedOptionValue("--channel", ""),
                                        type,
                                        name));
                if (isAll) {
                    console.say(
                            "All %s events of type any are disabled in channel %s",
                            domain.word(), done.value());
                } else {
                    console.say(
                            "%s %s of type %s disabled in channel %s for session %s",
                            domain.word(),
                            name,
                            type.name().toLowerCase(Locale.ROOT),
                            done.value(),
                            session);
                }
            } catch (Failure failure) {
                status = failure.status();
                console.error(
                        "Event %s: %s (channel %s, session %s)",
                        isAll ? "*" : name,
                        failure.getMessage(),
                        line.matchedOptionValue("--channel", "channel0"),
                        session);
            }
        }
        return status;
    }
}
