// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.TerminalText;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `disable-channel (-k | -u | -j | --log4j2) NAME[,NAME…]`.
public final class DisableChannelCommand implements Command {
    @Override
    public CommandSpec spec() {
        return DomainOption.addTo(CommandSpec.create())
                .addOption(Options.session())
                .addPositional(
                        Options.optionalArgument(
                                "NAME",
                                "Names, separated by commas; log systems (-j, --log4j2) have one channel, which need not be named."));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        DomainName domain = DomainOption.ofChannels(line, console, "disable-channel");
        String given = line.matchedOptionValue("--session", null);
        String session = console.session(Arrays.asList(given));
        List<String> names = DomainOption.channels(line, domain);
        if (names.isEmpty()) {
            throw console.wrong(
                    "Missing channel name(s).",
                    "want NAME[,NAME...]; contrail list %s shows them"
                            .formatted(TerminalText.word(session)));
        }
        int status = 0;
        for (String name : names) {
            try {
                console.done(new Request.DisableChannel(session, domain, name));
                console.say("%s channel %s disabled for session %s", domain.word(), name, session);
            } catch (Failure failure) {
                status = ExitStatus.WARNING.number(); // whatever goes wrong
                console.error(
                        failure,
                        "Channel %s: %s (session %s)",
                        name,
                        failure.getMessage(),
                        session);
            }
        }
        return status;
    }
}
