// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.posix.SystemCalls;
import dev.contrail.recorder.Supervisor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `sessiond`: the session daemon, with the options of `lttng-sessiond`.
final class SessiondCommand implements Command {
    /// Exit status of a daemon whose own files are unusable: `EX_SOFTWARE` of `sysexits.h`.
    private static final int UNUSABLE = 70;

    private static final long LONGEST_END_SECONDS = 30;

    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(Usage.flag("Go to the background when ready.", "-d", "--daemonize"))
                .addOption(Usage.flag("The same.", "-b", "--background"))
                .addOption(
                        Usage.flag("Send SIGUSR1 to the parent when ready.", "-S", "--sig-parent"))
                .addOption(Usage.flag("Do not serve the kernel domain.", "--no-kernel"))
                .addOption(Usage.value("GROUP", "Users of GROUP may connect.", "-g", "--group"))
                .addOption(Usage.value("PATH", "Write the process id to PATH.", "-p", "--pidfile"))
                .addOption(Usage.flag("Say more.", "-v", "--verbose"))
                .addOption(Usage.flag("Print nothing.", "-q", "--quiet"))
                .addOption(Usage.flag("Print the version.", "-V", "--version"));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        if (line.hasMatchedOption("--version")) {
            console.out().println(Version.NUMBER);
            return 0;
        }
        if (line.hasMatchedOption("-d") || line.hasMatchedOption("-b")) {
            return background(line, console);
        }
        Places places = console.places();
        DaemonRooms.makeRunDirectory(places);
        try (FileChannel lockFile =
                FileChannel.open(
                        places.lockFile(),
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            FileLock lock = lockFile.tryLock();
            if (lock == null) {
                throw new Failure(
                        "A session daemon is already running: its run directory is "
                                + places.runDirectory());
            }
            return serve(line, places);
        }
    }

    private static int serve(ParseResult line, Places places) throws IOException {
        String group =
                places.uid() == 0 ? group(line.matchedOptionValue("--group", "tracing")) : "";
        var ended = new CountDownLatch(1);
        var finished = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> shutDown(ended, finished), "contrail-shutdown"));
        try (var _ =
                DaemonRooms.open(
                        places,
                        !line.hasMatchedOption("--no-kernel"),
                        false,
                        group,
                        new Supervisor(SessiondCommand::lastWord))) {
            announce(line, places);
            OwnClasses.loadAll();
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            finished.countDown(); // Also when it could not start: a signal then ends it at once.
        }
        Files.deleteIfExists(places.pidFile());
        return 0;
    }

    private static void shutDown(CountDownLatch ended, CountDownLatch finished) {
        ended.countDown();
        try {
            finished.await(LONGEST_END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The daemon cannot do its work any more: it ends, and says why. State is on disk by then.
    private static void lastWord(String why) {
        try {
            System.err.println("Error: " + why);
        } finally {
            Runtime.getRuntime().halt(UNUSABLE);
        }
    }

    private static void announce(ParseResult line, Places places) throws IOException {
        String pid = ProcessHandle.current().pid() + "\n";
        write(places.pidFile(), pid);
        String given = line.matchedOptionValue("--pidfile", "");
        if (!given.isEmpty()) {
            write(Path.of(given), pid);
        }
        if (line.hasMatchedOption("--sig-parent")) {
            long parent = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
            if (parent > 1) {
                SystemCalls.kill((int) parent, SystemCalls.SIGUSR1);
            }
        }
    }

    /// Whatever the creation mask: who may write it says which process others kill.
    private static void write(Path file, String pid) throws IOException {
        Files.writeString(file, pid);
        if (Files.isRegularFile(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    private static int background(ParseResult line, Console console) throws IOException, Failure {
        if (DaemonConnection.tryOpen(console.places()).isPresent()) {
            throw new Failure(
                    "A session daemon is already running: its run directory is "
                            + console.places().runDirectory());
        }
        DaemonRooms.makeRunDirectory(console.places());
        var arguments = new ArrayList<String>();
        for (String option : List.of("--no-kernel", "--verbose", "--quiet")) {
            if (line.hasMatchedOption(option)) {
                arguments.add(option);
            }
        }
        for (String option : List.of("--group", "--pidfile")) {
            if (line.hasMatchedOption(option)) {
                arguments.add(option);
                arguments.add(line.matchedOptionValue(option, ""));
            }
        }
        DaemonConnection.spawn(console.places(), "", arguments);
        return 0;
    }

    /// The group when the system has it, else none.
    private static String group(String name) throws IOException {
        try (var lines = Files.lines(Path.of("/etc/group"))) {
            return lines.anyMatch(line -> line.startsWith(name + ":")) ? name : "";
        }
    }
}
