// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.ctf.Reason;
import dev.contrail.wire.control.LttngError;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `create [NAME]`, which starts a daemon where none answers.
final class CreateCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(
                        Usage.value(
                                "DIR",
                                "Write the trace to DIR (default: lttng-traces/NAME-TIME in the home directory).",
                                "-o",
                                "--output"))
                .addOption(Usage.flag("Keep the trace in memory, for snapshots.", "--snapshot"))
                .addOption(Usage.flag("Write no trace.", "--no-output"))
                .addPositional(Usage.optionalArgument("NAME", "Name; default: auto-TIME."));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        String name = line.matchedPositionalValue(0, "");
        boolean isSnapshot = line.hasMatchedOption("--snapshot");
        boolean hasNoOutput = line.hasMatchedOption("--no-output");
        if (line.hasMatchedPositional(0) && name.isEmpty()) {
            throw new Failure("Invalid parameter"); // A script's variable that is not set.
        }
        String output =
                line.hasMatchedOption("--output")
                        ? output(line.matchedOptionValue("--output", ""))
                        : "";
        if (hasNoOutput && !output.isEmpty()) {
            throw new Failure("Cannot use --no-output with --output.");
        }
        if (name.equals("auto") || name.startsWith("auto-")) {
            throw new Failure("auto is a reserved keyword for default session(s)");
        }
        if (name.contains("/")) {
            throw new Failure("Invalid character found in session name");
        }
        spawnIfNeeded(console);
        Request.Mode mode =
                isSnapshot
                        ? Request.Mode.SNAPSHOT
                        : hasNoOutput ? Request.Mode.NO_OUTPUT : Request.Mode.DISK;
        Reply.Created created;
        try {
            created =
                    (Reply.Created)
                            console.ask(
                                    new Request.CreateSession(
                                            name,
                                            mode,
                                            output,
                                            console.places().home().toString()));
        } catch (Failure failure) {
            throw failure.withStatus(ExitStatus.ERROR);
        }
        String session = created.name();
        String destination = created.output();
        new CurrentSession(console.places(), console.entry()).set(session);
        if (isSnapshot) {
            console.say("Snapshot session %s created.", session);
            console.say("Default snapshot output set to %s", destination);
            console.say(
                    "Every channel enabled for this session will be set to mmap output and default"
                            + " to overwrite mode.");
        } else {
            console.say("Session %s created.", session);
            if (!hasNoOutput) {
                console.say("Traces will be output to %s", destination);
            }
        }
        return 0;
    }

    private static String output(String given) throws Failure {
        if (given.startsWith("file://")) {
            return reachable(Path.of(given.substring("file://".length())));
        }
        if (given.contains("://")) {
            throw new Failure(given + ": network outputs: not yet");
        }
        return reachable(Path.of(given));
    }

    /// The path, unless something on the way to it cannot be passed: what is missing can be made.
    private static String reachable(Path given) throws Failure {
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
                throw new Failure("Failed to expand output path: " + Reason.of(e));
            }
        }
        return path.toString();
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
        String program = console.options().sessiondPath();
        if (program.isEmpty()) {
            program = System.getenv().getOrDefault("LTTNG_SESSIOND_PATH", "");
        }
        DaemonConnection.spawn(
                console.places(), program, List.of("--group", console.options().group()));
    }
}
