// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.recorder.Supervisor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the launcher runs once to fill the start-up cache: the life of a session, in a directory of
/// its own, without the kernel and without printing.
final class Training {
    private static final List<List<String>> LIFE =
            List.of(
                    List.of("create", "--snapshot", "training"),
                    List.of("enable-channel", "-u", "--subbuf-size", "64k", "channel0"),
                    List.of("enable-event", "-u", "training:*"),
                    List.of("enable-event", "-j", "-a"),
                    List.of("start"),
                    List.of("list"),
                    List.of("list", "-u"),
                    List.of("status"),
                    List.of("snapshot", "record"),
                    List.of("view"),
                    List.of("stop"),
                    List.of("disable-event", "-j", "-a"),
                    List.of("destroy"),
                    List.of("help", "create"),
                    List.of("--help"));

    private Training() {}

    static void run(Console.Entry entry) throws IOException, Failure {
        Path directory = Files.createTempDirectory("contrail-training-");
        var places =
                new Places(Places.of(System.getenv()).uid(), directory, directory.resolve("run"));
        var nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        try (var _ = DaemonRooms.open(places, false, true, "", new Supervisor(_ -> {}))) {
            for (List<String> words : LIFE) {
                GeneralOptions options = GeneralOptions.parse(words.toArray(String[]::new));
                try {
                    Main.run(new Console(entry, nowhere, nowhere, options, places));
                } catch (Failure expected) {
                    // No event was recorded: there is nothing to view.
                }
            }
            TrainingTrace.read(directory.resolve("trace"), nowhere);
        } finally {
            PrivateSession.deleteTree(directory);
        }
    }
}
