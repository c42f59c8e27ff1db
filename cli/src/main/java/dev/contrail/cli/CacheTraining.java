// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.DirectoryTree;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.GeneralOptions;
import dev.contrail.cli.console.Places;
import dev.contrail.cli.console.Surroundings;
import dev.contrail.cli.daemon.DaemonAssembly;
import dev.contrail.cli.top.TopCommand;
import dev.contrail.posix.PidNamespace;
import dev.contrail.recorder.thread.Supervisor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;

/// What the launcher runs once to fill the start-up cache: the life of a session, in a directory of
/// its own, without the kernel and without printing.
final class CacheTraining {
    private static final String PREFIX = "contrail-training-";

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
        Path parent = Places.temporary();
        long pid = ProcessHandle.current().pid();
        String space =
                PidNamespace.own().stream().mapToObj(Long::toString).findAny().orElse("unknown");
        Path directory = Files.createTempDirectory(parent, PREFIX + pid + "-" + space + "-");
        // A signal would end the process without what stands in `finally`.
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(main)));
        deleteAbandoned(parent, directory, space);
        var places =
                new Places(Places.of(System.getenv()).uid(), directory, directory.resolve("run"));
        var nowhere =
                Surroundings.piped(
                        OutputStream.nullOutputStream(),
                        OutputStream.nullOutputStream(),
                        System.getenv());
        try (var _ = DaemonAssembly.open(places, false, true, "", new Supervisor(_ -> {}))) {
            for (List<String> command : LIFE) {
                var words = new ArrayList<>(command);
                words.addFirst("--no-sessiond"); // where this one has ended, as by a signal
                GeneralOptions options = GeneralOptions.parse(words.toArray(String[]::new));
                try {
                    Dispatch.run(new Console(entry, nowhere, options, places));
                } catch (Failure expected) {
                    // No event was recorded: there is nothing to view.
                }
            }
            TrainingTrace.read(directory.resolve("trace"), nowhere.err());
            TopCommand.train(directory.resolve("trace"));
        } finally {
            DirectoryTree.delete(directory);
        }
    }

    /// Waits for the end of what takes two seconds at most.
    private static void await(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Deletes what trainings of this namespace that were killed have left, as far as that can be
    /// found; nothing of another user, who could put a link in the place of a directory meanwhile.
    private static void deleteAbandoned(Path parent, Path ours, String space) {
        try (DirectoryStream<Path> left =
                Files.newDirectoryStream(parent, PREFIX + "*-" + space + "-*")) {
            UserPrincipal us = Files.getOwner(ours);
            for (Path each : left) {
                String pid = each.getFileName().toString().substring(PREFIX.length());
                if (!Files.exists(Path.of("/proc", pid.replaceFirst("-.*", "")))
                        && Files.isDirectory(each, NOFOLLOW_LINKS)
                        && Files.getOwner(each, NOFOLLOW_LINKS).equals(us)) {
                    DirectoryTree.delete(each);
                }
            }
        } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
            // The directory cannot be listed, or another training deletes the same.
        }
    }
}
