// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Launcher;
import dev.contrail.posix.SystemCalls;
import dev.contrail.relay.RelaySettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.OptionSpec;

/// Starts a relay daemon that outlives this command.
final class RelayBackground {
    /// The daemon says it once it listens; where it stores traces follows.
    static final String READY = "Relay daemon is ready; traces:";

    /// What is not for the daemon, or is told to it in another way; all else is passed on.
    private static final Set<String> OWN =
            Set.of(
                    "--daemonize",
                    "--background",
                    "--config",
                    "--output",
                    "--working-directory",
                    "--sig-parent");

    /// The labels of values that the daemon, which works elsewhere, is told as absolute paths.
    private static final Set<String> PATHS = Set.of("PATH", "DIR", "FILE");

    private RelayBackground() {}

    /// Returns when it listens.
    static void start(DaemonLine line, Console console, RelaySettings settings)
            throws IOException, Failure {
        Path log = console.places().relayDirectory().resolve("relayd.log");
        long begin = Files.exists(log) ? Files.size(log) : 0;
        var command =
                new ArrayList<>(List.of("setsid", "--", Launcher.path().toString(), "relayd"));
        command.addAll(options(line, settings));
        var builder =
                Launcher.entered(new ProcessBuilder(command))
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        String working = RelayOptions.workingDirectory(line);
        builder.directory(Path.of(working.isEmpty() ? "/" : working).toFile());
        builder.environment().remove(RelayEnvironment.WORKING_DIRECTORY);
        Process daemon = builder.start();
        try (var said =
                new BufferedReader(
                        new InputStreamReader(daemon.getInputStream(), StandardCharsets.UTF_8))) {
            for (String each = said.readLine(); each != null; each = said.readLine()) {
                if (each.startsWith(READY)) {
                    if (line.has("--sig-parent")) {
                        signalParent();
                    }
                    return;
                }
                console.say("%s", each);
            }
        }
        throw new Failure("The relay daemon has not started: " + lastWords(log, begin));
    }

    /// Says to whoever has started this process that the daemon listens.
    static void signalParent() throws IOException {
        long parent = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
        if (parent > 1) {
            SystemCalls.kill((int) parent, SystemCalls.SIGUSR1);
        }
    }

    /// What the daemon is told, with what the configuration says, too.
    static List<String> options(DaemonLine line, RelaySettings settings) {
        var options = new ArrayList<>(List.of("--output", settings.output().toString()));
        for (OptionSpec each : line.line().commandSpec().options()) {
            String option = each.longestName();
            if (OWN.contains(option) || !line.has(option)) {
                continue;
            }
            options.add(option);
            if (each.arity().max() > 0) {
                String value = line.value(option, "");
                options.add(
                        PATHS.contains(each.paramLabel())
                                ? Path.of(value).toAbsolutePath().toString()
                                : value);
            }
        }
        return options;
    }

    private static String lastWords(Path log, long begin) throws IOException {
        byte[] all = Files.readAllBytes(log);
        int from = (int) Math.min(begin, all.length);
        String said = new String(all, from, all.length - from, StandardCharsets.UTF_8).strip();
        return said.isEmpty()
                ? "its log is " + log
                : said.lines().toList().getLast().replaceFirst("^Error: ", "");
    }
}
