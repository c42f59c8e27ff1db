// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.CurrentSession;
import dev.contrail.cli.console.DaemonConnection;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Outputs;
import dev.contrail.cli.console.Outputs.Output;
import dev.contrail.cli.console.TerminalText;
import dev.contrail.cli.console.Values;
import dev.contrail.ctf.Reason;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `create [NAME]`, which starts a daemon where none answers.
public final class CreateCommand implements Command {
    private static final long MOST_LIVE_MICROS = 3_600_000_000L;

    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(
                        Options.value(
                                "DIR",
                                "Write the trace to DIR (default: lttng-traces/NAME-TIME in the home directory).",
                                "-o",
                                "--output"))
                .addOption(
                        Options.value(
                                "URL",
                                "Send the trace to the relay daemon at"
                                        + " net://[TOKEN@]HOST[:CONTROL_PORT[:DATA_PORT]][/PATH]; net6 for IPv6,"
                                        + " file:///DIR as -o.",
                                "-U",
                                "--set-url"))
                .addOption(Options.controlUrl())
                .addOption(Options.dataUrl())
                .addOption(
                        OptionSpec.builder("--live")
                                .type(String.class)
                                .arity("0..1")
                                .fallbackValue("1000000")
                                .paramLabel("USEC")
                                .description(
                                        "Let viewers of the relay follow: show them what is new every USEC"
                                                + " microseconds (default: 1000000). Without a URL the relay"
                                                + " is net://127.0.0.1.")
                                .build())
                .addOption(
                        Options.value(
                                "written|synced",
                                "What a relay of Contrail's acknowledges survives a kill of it (written, the"
                                        + " default), or a loss of power, too (synced). Until then it waits here.",
                                "--ack"))
                .addOption(Options.flag("Keep the trace in memory, for snapshots.", "--snapshot"))
                .addOption(Options.flag("Write no trace.", "--no-output"))
                .addPositional(Options.optionalArgument("NAME", "Name; default: auto-TIME."));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        String name = line.matchedPositionalValue(0, "");
        boolean isSnapshot = line.hasMatchedOption("--snapshot");
        boolean hasNoOutput = line.hasMatchedOption("--no-output");
        if (line.hasMatchedPositional(0) && name.isEmpty()) {
            throw new Failure("Invalid parameter"); // A script's variable that is not set.
        }
        long liveMicros = liveMicros(line, console);
        String output = output(line, liveMicros, console);
        if (hasNoOutput && line.hasMatchedOption("--output")) {
            throw new Failure("Cannot use --no-output with --output.");
        }
        if (hasNoOutput && !output.isEmpty()) {
            throw new Failure("Cannot use --no-output with a relay.");
        }
        boolean isSynced = isSynced(line, isSnapshot, output, console);
        if (isSnapshot && liveMicros > 0) {
            throw new Failure("Snapshot and live modes are mutually exclusive.");
        }
        if (name.equals("auto") || name.startsWith("auto-")) {
            throw new Failure("auto is a reserved keyword for default session(s)");
        }
        if (name.contains("/")) {
            throw new Failure("Invalid character found in session name");
        }
        if (console.entry() == EntryPoint.CONTRAIL && TerminalText.hasControls(name)) {
            throw new Failure("Invalid character found in session name: a control character");
        }
        spawnIfNeeded(console);
        if (liveMicros > 0
                && !line.hasMatchedOption("-U")
                && !line.hasMatchedOption("-C")
                && !line.hasMatchedOption("-D")) {
            LocalRelay.spawnIfNeeded(console);
        }
        SessionMode mode =
                isSnapshot
                        ? SessionMode.SNAPSHOT
                        : hasNoOutput ? SessionMode.NO_OUTPUT : SessionMode.DISK;
        Reply.Created created;
        try {
            Destination.tell(output, console);
            created =
                    create(
                            new Request.CreateSession(
                                    name,
                                    mode,
                                    output,
                                    liveMicros,
                                    isSynced,
                                    console.places().home().toString()),
                            console);
        } catch (Failure failure) {
            throw failure.withStatus(ExitStatus.ERROR);
        }
        String session = created.name();
        String destination = created.output();
        if (isSnapshot) {
            console.say("Snapshot session %s created.", session);
            console.say("Default snapshot output set to %s", destination);
            console.say(
                    "Every channel enabled for this session will be set to mmap output and default"
                            + " to overwrite mode.");
        } else {
            console.say("%s %s created.", liveMicros > 0 ? "Live session" : "Session", session);
            if (!hasNoOutput) {
                console.say("Traces will be output to %s", destination);
            }
            if (liveMicros > 0) {
                console.say("Live timer interval set to %d us", liveMicros);
            }
        }
        if (!hasNoOutput && !RelayEndpoints.isShown(destination)) {
            new Outputs(console.places()).add(new Output(Path.of(destination), isSnapshot));
        }
        makeCurrent(session, console);
        return 0;
    }

    /// @throws Failure when it is not: what follows in a script would change another session
    private static void makeCurrent(String session, Console console) throws Failure {
        try {
            new CurrentSession(console.places(), console.entry()).set(session);
        } catch (IOException e) {
            throw console.entry() == EntryPoint.LTTNG
                    ? new Failure("Unable to create config file").explained(Reason.of(e))
                    : new Failure(
                            "Session %s is not the current one, as that cannot be kept (%s): name it in"
                                            .formatted(session, Reason.of(e))
                                    + " each command");
        }
    }

    /// Absolute directory, or relay; empty for the daemon's choice.
    private static String output(ParseResult line, long liveMicros, Console console)
            throws Failure {
        boolean hasPair = line.hasMatchedOption("-C") || line.hasMatchedOption("-D");
        boolean hasUrl = line.hasMatchedOption("-U");
        boolean hasDirectory = line.hasMatchedOption("-o");
        if ((hasPair ? 1 : 0) + (hasUrl ? 1 : 0) + (hasDirectory ? 1 : 0) > 1) {
            throw new Failure("Only one of --output, --set-url, or --ctrl-url with --data-url.");
        }
        if (hasPair) {
            return Destination.relay(
                    line.matchedOptionValue("-C", ""), line.matchedOptionValue("-D", ""));
        }
        String given = line.matchedOptionValue(hasUrl ? "-U" : "-o", "");
        if (hasUrl && Destination.isRelay(given)) {
            return Destination.relay(given);
        }
        if (!hasUrl && Destination.isRelay(given)) {
            throw new Failure("--output is a directory, and a relay is: -U " + given);
        }
        if (hasUrl && !given.startsWith("/") && !given.startsWith("file:///")) {
            throw new Failure(
                    "Unable to parse the URL %s: want net://HOST, file:///DIR or an absolute path"
                            .formatted(given));
        }
        if (liveMicros > 0) {
            if (hasUrl || hasDirectory) {
                throw new Failure(
                        "Unsupported output type specified for live session. Viewers follow it at a"
                                + " relay daemon: -U net://HOST, or none of -U and -o for one of"
                                + " this machine");
            }
            return Destination.relay("net://127.0.0.1");
        }
        return hasUrl || hasDirectory ? reachable(Path.of(Destination.path(given)), console) : "";
    }

    private static boolean isSynced(
            ParseResult line, boolean isSnapshot, String output, Console console) throws Failure {
        if (!line.hasMatchedOption("--ack")) {
            return false;
        }
        String given = line.matchedOptionValue("--ack", "");
        if (!given.equals("written") && !given.equals("synced")) {
            throw console.wrong("Wrong value for --ack: " + given, "want written or synced");
        }
        if (isSnapshot || !RelayEndpoints.isShown(output)) {
            throw new Failure("--ack is of a session that goes to a relay: add -U net://HOST");
        }
        return given.equals("synced");
    }

    /// 0 for a session that is not live.
    private static long liveMicros(ParseResult line, Console console) throws Failure {
        if (!line.hasMatchedOption("--live")) {
            return 0;
        }
        String given = line.matchedOptionValue("--live", "");
        long micros = Values.periodMicros(given).orElse(-1);
        if (micros <= 0 || micros > MOST_LIVE_MICROS) {
            throw console.wrong(
                    "Wrong value for --live parameter: " + given,
                    "want microseconds, or a number with ms or s, up to an hour");
        }
        return micros;
    }

    /// The path, unless something on the way to it cannot be passed: what is missing can be made.
    private static String reachable(Path given, Console console) throws Failure {
        Path path = given.toAbsolutePath().normalize();
        for (Path each = path; each != null; each = each.getParent()) {
            try {
                var found = Files.readAttributes(each, BasicFileAttributes.class);
                if (each != path && !found.isDirectory()) {
                    throw new NotDirectoryException(path.toString());
                }
                break;
            } catch (NoSuchFileException e) {
                // Its parent tells.
            } catch (IOException e) {
                throw console.entry() == EntryPoint.LTTNG
                        ? new Failure("Failed to expand output path.").explained(Reason.of(e))
                        : new Failure("Failed to expand output path: " + Reason.of(e));
            }
        }
        return path.toString();
    }

    /// An idle daemon may end between our look at it and our request: then another is started.
    private static Reply.Created create(Request.CreateSession request, Console console)
            throws IOException, Failure {
        try {
            return (Reply.Created) console.ask(request);
        } catch (Failure failure) {
            if (!failure.is(LttngError.NO_SESSIOND)) {
                throw failure;
            }
            spawnIfNeeded(console);
            return (Reply.Created) console.ask(request);
        }
    }

    private static void spawnIfNeeded(Console console) throws IOException, Failure {
        Optional<DaemonConnection> running = DaemonConnection.tryOpen(console.places());
        if (running.isPresent()) {
            running.get().close();
            return;
        }
        if (console.options().mayNotSpawn()) {
            throw new Failure(LttngError.NO_SESSIOND.text());
        }
        console.say("Spawning a session daemon");
        console.spawnDaemon();
    }
}
