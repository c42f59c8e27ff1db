// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Places;
import dev.contrail.cli.console.RunningDaemon;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The relay daemons of a user that run, by the files that they keep open in the run directory: one
/// each, named after its process, which says where it stores.
final class RunningRelays {
    private static final String PREFIX = "running-";

    private RunningRelays() {}

    /// @param output where it stores
    private record Relay(long pid, String output) {}

    /// This process is one from now on, until the file is closed and deleted.
    static FileChannel register(Places places, Path output) throws IOException {
        forgetDead(places.relayDirectory());
        FileChannel opened =
                FileChannel.open(
                        own(places),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        opened.write(ByteBuffer.wrap(output.toString().getBytes(StandardCharsets.UTF_8)));
        return opened;
    }

    /// The file of this process.
    static Path own(Places places) {
        return places.relayDirectory().resolve(PREFIX + ProcessHandle.current().pid());
    }

    private static void forgetDead(Path directory) throws IOException {
        for (Path each : files(directory)) {
            if (!RunningDaemon.hasOpen(pid(each), each)) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static String pid(Path file) {
        return file.getFileName().toString().substring(PREFIX.length());
    }

    private static List<Path> files(Path directory) throws IOException {
        var files = new ArrayList<Path>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path each : all) {
                if (pid(each).matches("[0-9]{1,10}")) {
                    files.add(each);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return files;
    }

    private static List<Relay> all(Places places) throws IOException {
        var found = new ArrayList<Relay>();
        for (Path each : files(places.relayDirectory())) {
            try {
                if (RunningDaemon.hasOpen(pid(each), each)) {
                    found.add(new Relay(Long.parseLong(pid(each)), Files.readString(each)));
                }
            } catch (NoSuchFileException e) {
                continue; // it has just ended
            }
        }
        found.sort(Comparator.comparingLong(Relay::pid));
        return found;
    }

    /// Ends the one that is meant, and returns when it is gone.
    ///
    /// @param pidFile that it has written; empty for any
    /// @param output where it stores; empty for anywhere
    /// @return what to say
    static String end(Places places, String pidFile, String output) throws IOException, Failure {
        List<Relay> all = all(places);
        Predicate<Relay> isMeant = each -> true;
        String which = "";
        if (!pidFile.isEmpty()) {
            String pid = read(pidFile);
            isMeant = each -> Long.toString(each.pid()).equals(pid);
            which = " with the pid file " + pidFile;
        } else if (!output.isEmpty()) {
            isMeant = each -> each.output().equals(Path.of(output).normalize().toString());
            which = " that stores in " + output;
        }
        List<Relay> meant = all.stream().filter(isMeant).toList();
        if (meant.isEmpty()) {
            throw new Failure(
                    "No relay daemon%s runs: its run directory would be %s%s"
                            .formatted(
                                    which,
                                    places.runDirectory(),
                                    all.isEmpty() ? "" : ". There are others: " + list(all)));
        }
        if (meant.size() > 1) {
            throw new Failure(
                    "Several relay daemons run; say which one, with --output or --pidfile: "
                            + list(meant));
        }
        Relay relay = meant.getFirst();
        var process = ProcessHandle.of(relay.pid());
        if (process.isPresent()) {
            RunningDaemon.end(
                    process.get(), "relay", places.relayDirectory().resolve("relayd.log"));
        }
        return "Relay daemon (PID %d) ended; traces: %s".formatted(relay.pid(), relay.output());
    }

    private static String read(String pidFile) throws IOException {
        try {
            return Files.readString(Path.of(pidFile)).strip();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static String list(List<Relay> relays) {
        return relays.stream()
                .map(each -> "PID %d, traces: %s".formatted(each.pid(), each.output()))
                .collect(Collectors.joining("; "));
    }
}
