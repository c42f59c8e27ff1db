// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Launcher;
import dev.contrail.relay.RelaySettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts a relay daemon that outlives this command.
final class RelayBackground {
    /// The daemon says it once it listens; where it stores traces follows.
    static final String READY = "Relay daemon is ready; traces:";

    private static final List<String> VALUES =
            List.of(
                    "--control-port",
                    "--data-port",
                    "--live-port",
                    "--plain",
                    "--fd-pool-size",
                    "--pidfile");

    private static final List<String> FLAGS =
            List.of("--group-output-by-session", "--disallow-clear", "--verbose");

    private RelayBackground() {}

    /// Returns when it listens.
    static void start(RelayLine line, Console console, RelaySettings settings)
            throws IOException, Failure {
        Path log = console.places().relayDirectory().resolve("relayd.log");
        long begin = Files.exists(log) ? Files.size(log) : 0;
        var builder =
                new ProcessBuilder(command(line, settings))
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        if (line.has("--working-directory")) {
            builder.directory(Path.of(line.value("--working-directory", "")).toFile());
        }
        Process daemon = builder.start();
        try (var said =
                new BufferedReader(
                        new InputStreamReader(daemon.getInputStream(), StandardCharsets.UTF_8))) {
            for (String each = said.readLine(); each != null; each = said.readLine()) {
                if (each.startsWith(READY)) {
                    return;
                }
                console.say("%s", each);
            }
        }
        throw new Failure("The relay daemon has not started: " + lastWords(log, begin));
    }

    private static List<String> command(RelayLine line, RelaySettings settings) {
        var command =
                new ArrayList<>(
                        List.of("setsid", "--", Launcher.path().toString(), "relayd", "--output"));
        command.add(settings.output().toString());
        for (String option : VALUES) {
            if (line.has(option)) {
                String value = line.value(option, "");
                command.add(option);
                command.add(
                        option.equals("--pidfile")
                                ? Path.of(value).toAbsolutePath().toString()
                                : value);
            }
        }
        for (String option : FLAGS) {
            if (line.has(option)) {
                command.add(option);
            }
        }
        return command;
    }

    private static String lastWords(Path log, long begin) throws IOException {
        byte[] all = Files.readAllBytes(log);
        int from = (int) Math.min(begin, all.length);
        String said = new String(all, from, all.length - from, StandardCharsets.UTF_8).strip();
        return said.isEmpty() ? "its log is " + log : said.lines().toList().getLast();
    }
}
