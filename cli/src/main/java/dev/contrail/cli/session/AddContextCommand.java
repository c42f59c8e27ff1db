// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.analysis.Suggestion;
import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.wire.ContextNames;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `add-context (-u | -j | --log4j2) -t TYPE… [-c CHANNEL]`.
public final class AddContextCommand implements Command {
    /// What others call what is ours.
    private static final Map<String, String> MEANT =
            Map.of(
                    "mdc", "$app.mdc:KEY",
                    "callstack", "callstack-java",
                    "stack", "callstack-java",
                    "trace_id", "$app.otel:trace_id",
                    "traceid", "$app.otel:trace_id",
                    "span_id", "$app.otel:span_id",
                    "spanid", "$app.otel:span_id",
                    "thread", "thread_name");

    @Override
    public CommandSpec spec() {
        return DomainOption.addTo(CommandSpec.create())
                .addOption(Options.session())
                .addOption(
                        Options.value(
                                "CHANNEL",
                                "Channel; default: all of the domain, or a new channel0.",
                                "-c",
                                "--channel"))
                .addOption(
                        Options.values(
                                "TYPE",
                                "What to add to each event: vpid, procname, thread_name,"
                                        + " java_thread_id, virtual_thread, net_ns, vuid, ..., or"
                                        + " $app.PROVIDER:NAME, which the application sets,"
                                        + " $app.mdc:KEY, $app.otel:trace_id or $app.otel:span_id,"
                                        + " which its libraries set. May be given several times.",
                                "-t",
                                "--type"))
                .addOption(
                        Options.flag(
                                "Print the types that LTTng knows and our own, one per line.",
                                "--list"));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        if (line.hasMatchedOption("--list")) {
            boolean isLttng = console.entry() == EntryPoint.LTTNG;
            for (String name : isLttng ? ContextNames.lttng() : ContextNames.all()) {
                console.out().println(name);
            }
            return 0;
        }
        List<String> types = line.matchedOptionValue("--type", List.of());
        if (types.isEmpty()) {
            throw console.wrong(
                    "Missing mandatory -t TYPE", "contrail add-context --list shows them");
        }
        for (String type : types) {
            if (!ContextNames.isOne(type)) {
                if (type.startsWith("$app.")) {
                    console.error(
                            "Invalid application context provided: no provider or context name"
                                    + " provided.");
                }
                throw console.wrong("Unknown context type " + type, meant(type))
                        .withStatus(ExitStatus.FATAL);
            }
        }
        DomainName domain = DomainOption.of(line, console);
        String given = line.matchedOptionValue("--session", null);
        String session = console.session(Arrays.asList(given));
        String channel = line.matchedOptionValue("--channel", "");
        int status = 0;
        for (String type : types) {
            try {
                console.done(new Request.AddContext(session, domain, channel, type));
                console.say(
                        "%s context %s added to %s",
                        domain.word(),
                        type,
                        channel.isEmpty() ? "all channels" : "channel " + channel);
            } catch (Failure failure) {
                status = ExitStatus.WARNING.number(); // whatever goes wrong
                console.error(failure, "%s: %s", type, failure.getMessage());
            }
        }
        return status;
    }

    /// What was probably meant by a type that there is not; empty where nobody knows.
    private static String meant(String type) {
        String meant = MEANT.getOrDefault(type.toLowerCase(Locale.ROOT), "");
        return meant.isEmpty()
                ? Suggestion.of(type, ContextNames.all())
                        .map(each -> "did you mean " + each + "?")
                        .orElse("")
                : "did you mean '" + meant + "'?";
    }
}
