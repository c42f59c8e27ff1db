// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.analysis.Suggestion;
import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Outputs;
import dev.contrail.cli.console.Outputs.Output;
import dev.contrail.cli.console.Values;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Reply.SnapshotOutput;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `snapshot (record | add-output | del-output | list-output)`.
public final class SnapshotCommand implements Command {
    private static final List<String> TAKE_OUTPUT = List.of("add-output", "record");

    private static final List<String> ACTIONS =
            List.of("add-output", "del-output", "list-output", "record");

    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(Options.session())
                .addOption(
                        Options.value(
                                "SIZE",
                                "Limit the total size of a snapshot's stream files, with its state"
                                        + " dump.",
                                "-m",
                                "--max-size"))
                .addOption(Options.value("NAME", "Name of the output or snapshot.", "-n", "--name"))
                .addOption(Options.controlUrl())
                .addOption(Options.dataUrl())
                .addOption(Options.flag("Print the actions, one per line.", "--list-commands"))
                .addPositional(
                        PositionalParamSpec.builder()
                                .index("0")
                                .arity("0..1")
                                .type(String.class)
                                .paramLabel("ACTION")
                                .description("record, add-output, del-output or list-output.")
                                .build())
                .addPositional(
                        PositionalParamSpec.builder()
                                .index("1")
                                .arity("0..1")
                                .type(String.class)
                                .paramLabel("WHERE")
                                .description(
                                        "A directory or a relay's net://HOST (record, add-output); an id or name"
                                                + " (del-output).")
                                .build());
    }

    /// Every failure has status 1, whatever the daemon's number is.
    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        try {
            return act(line, console);
        } catch (Failure failure) {
            throw failure.status() == ExitStatus.UNDEFINED.number()
                    ? failure
                    : failure.withStatus(ExitStatus.ERROR);
        }
    }

    private static long maxBytes(String text, Console console) throws Failure {
        return Values.size(text)
                .orElseThrow(() ->
                        console.wrong(
                                "Unable to handle max-size value " + text,
                                "want bytes, or a number with k, M or G, such as 64M"));
    }

    private static int act(ParseResult line, Console console) throws IOException, Failure {
        if (line.hasMatchedOption("--list-commands")) {
            ACTIONS.forEach(console.out()::println);
            return 0;
        }
        String action = line.matchedPositionalValue(0, "");
        String where = line.matchedPositionalValue(1, "");
        boolean hasPair = line.hasMatchedOption("-C") || line.hasMatchedOption("-D");
        if (hasPair && (!where.isEmpty() || !TAKE_OUTPUT.contains(action))) {
            throw new Failure(
                    "--ctrl-url and --data-url are the output of record and add-output: none beside"
                            + " them");
        }
        String output =
                hasPair
                        ? Destination.relay(
                                line.matchedOptionValue("-C", ""),
                                line.matchedOptionValue("-D", ""))
                        : TAKE_OUTPUT.contains(action) && !where.isEmpty() ? output(where) : "";
        if (action.isEmpty()) {
            throw new Failure(
                    console.entry() == EntryPoint.LTTNG
                            ? "No action specified for snapshot command."
                            : "No action specified for snapshot command: want "
                                    + "add-output, del-output, list-output or record");
        }
        if (!ACTIONS.contains(action)) {
            String meant = Suggestion.words(action, ACTIONS);
            throw new Failure(
                    ExitStatus.UNDEFINED,
                    console.entry() == EntryPoint.LTTNG
                            ? Options.unrecognized("snapshot", "")
                            : Options.unrecognized("snapshot", action)
                                    + (meant.isEmpty()
                                            ? ": want " + String.join(", ", ACTIONS)
                                            : meant));
        }
        String session =
                console.session(Arrays.asList(line.<String>matchedOptionValue("--session", null)));
        String name = line.matchedOptionValue("--name", "");
        long maxBytes = maxBytes(line.matchedOptionValue("-m", "0"), console);
        Destination.tell(output, console);
        return switch (action) {
            case "record" -> record(console, session, name, where, output, maxBytes);
            case "add-output" -> {
                if (output.isEmpty()) {
                    throw console.wrong(
                            "An output destination must be specified to add a snapshot output.",
                            "contrail snapshot add-output DIR");
                }
                SnapshotOutput added =
                        only(console.ask(new Request.AddOutput(session, name, output, maxBytes)));
                console.say("Snapshot output successfully added for session %s", session);
                console.say("  %s", text(added));
                yield 0;
            }
            case "del-output" -> {
                if (where.isEmpty()) {
                    throw console.wrong(
                            "A snapshot output name or id must be provided to delete a snapshot output.",
                            "contrail snapshot list-output shows them");
                }
                SnapshotOutput deleted =
                        only(console.ask(new Request.DeleteOutput(session, where)));
                boolean isId = where.equals(Integer.toString(deleted.id()));
                console.say(
                        "Snapshot output %s%s successfully deleted for session %s",
                        isId ? "id " : "", where, session);
                yield 0;
            }
            default -> {
                var outputs = (Reply.Outputs) console.ask(new Request.ListOutputs(session));
                console.say("Snapshot output list for session %s", session);
                if (outputs.outputs().isEmpty()) {
                    console.say("    None");
                }
                outputs.outputs().forEach(each -> console.say("    %s", text(each)));
                yield 0;
            }
        };
    }

    private static int record(
            Console console,
            String session,
            String name,
            String where,
            String output,
            long maxBytes)
            throws IOException, Failure {
        var recorded =
                (Reply.Recorded)
                        console.ask(new Request.RecordSnapshot(session, name, output, maxBytes));
        boolean isSent = RelayEndpoints.isShown(recorded.directory());
        if (!isSent) {
            new Outputs(console.places()).add(new Output(Path.of(recorded.directory()), false));
        }
        console.say("Snapshot recorded successfully for session %s", session);
        console.say(
                "Snapshot written at: %s",
                isSent && !where.isEmpty() ? where : recorded.directory());
        SessionText.accounts(recorded.accounts()).forEach(line -> console.say("%s", line));
        return 0;
    }

    private static SnapshotOutput only(Reply reply) {
        return ((Reply.Outputs) reply).outputs().getFirst();
    }

    private static String output(String given) throws Failure {
        return Destination.isRelay(given)
                ? Destination.relay(given)
                : Path.of(Destination.path(given)).toAbsolutePath().normalize().toString();
    }

    private static String text(SnapshotOutput output) {
        return "[%d] %s: %s%s"
                .formatted(
                        output.id(),
                        output.name(),
                        output.directory(),
                        output.maxBytes() == 0
                                ? ""
                                : " (max size: " + output.maxBytes() + " bytes)");
    }
}
