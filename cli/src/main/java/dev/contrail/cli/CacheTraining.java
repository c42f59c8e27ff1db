// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.DirectoryTree;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.GeneralOptions;
import dev.contrail.cli.console.Places;
import dev.contrail.cli.console.Surroundings;
import dev.contrail.cli.daemon.DaemonAssembly;
import dev.contrail.recorder.thread.Supervisor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the launcher runs once to fill the start-up cache: the life of a session, in a directory of
/// its own, without the kernel and without printing.
final class CacheTraining {
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

    private CacheTraining() {}

    static void run(EntryPoint entry) throws IOException, Failure {
        Path directory = Files.createTempDirectory("contrail-training-");
        var places =
                new Places(Places.of(System.getenv()).uid(), directory, directory.resolve("run"));
        var nowhere =
                Surroundings.piped(
                        OutputStream.nullOutputStream(),
                        OutputStream.nullOutputStream(),
                        System.getenv());
        try (var _ = DaemonAssembly.open(places, false, true, "", new Supervisor(_ -> {}))) {
            for (List<String> words : LIFE) {
                GeneralOptions options = GeneralOptions.parse(words.toArray(String[]::new));
                try {
                    Dispatch.run(new Console(entry, nowhere, options, places));
                } catch (Failure expected) {
                    // No event was recorded: there is nothing to view.
                }
            }
            TrainingTrace.read(directory.resolve("trace"), nowhere.err());
        } finally {
            DirectoryTree.delete(directory);
        }
    }
}
