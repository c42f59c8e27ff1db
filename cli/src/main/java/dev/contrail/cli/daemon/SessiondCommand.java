// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.DaemonConnection;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Places;
import dev.contrail.cli.console.RunningDaemon;
import dev.contrail.cli.console.Version;
import dev.contrail.posix.SystemCalls;
import dev.contrail.recorder.LeftSession;
import dev.contrail.recorder.SessionDaemon;
import dev.contrail.recorder.thread.Supervisor;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `sessiond`: the session daemon, with the options of `lttng-sessiond`.
public final class SessiondCommand implements Command {
    /// Exit status of a daemon whose own files are unusable: `EX_SOFTWARE` of `sysexits.h`.
    private static final int UNUSABLE = 70;

    private static final long LONGEST_END_SECONDS = 30;
    private static final long LOOKS_A_TIMEOUT = 10;

    @Override
    public CommandSpec spec() {
        CommandSpec spec =
                CommandSpec.create()
                        .addOption(
                                Options.flag(
                                        "Go to the background when ready.", "-d", "--daemonize"))
                        .addOption(Options.flag("Same as --daemonize.", "-b", "--background"))
                        .addOption(
                                Options.flag(
                                        "Send SIGUSR1 to the parent when ready.",
                                        "-S",
                                        "--sig-parent"))
                        .addOption(
                                Options.flag(
                                        "End the daemon that runs; its sessions stay.", "--stop"))
                        .addOption(
                                Options.flag(
                                        "End the daemon that runs, if any, and take its place.",
                                        "--replace"))
                        .addOption(
                                Options.value(
                                        "SECONDS",
                                        "End after SECONDS without a session; 0, the default: never.",
                                        "--idle-timeout"))
                        .addOption(Options.flag("Do not serve the kernel domain.", "--no-kernel"))
                        .addOption(
                                Options.value(
                                        "FILE",
                                        "Read options from FILE, too: [sessiond], OPTION=VALUE.",
                                        "-f",
                                        "--config"))
                        .addOption(
                                Options.value(
                                        "GROUP", "Users of GROUP may connect.", "-g", "--group"))
                        .addOption(
                                Options.value(
                                        "PATH", "Write the process id to PATH.", "-p", "--pidfile"))
                        .addOption(Options.flag("Say more.", "-v", "--verbose"))
                        .addOption(Options.flag("Print nothing.", "-q", "--quiet"))
                        .addOption(Options.flag("Print the version.", "-V", "--version"));
        ForeignOptions.addTo(spec);
        return spec;
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        if (line.hasMatchedOption("--version")) {
            console.out().println(Version.NUMBER);
            return 0;
        }
        return run(DaemonLine.of(line, console.places(), "sessiond"), console);
    }

    private static int run(DaemonLine line, Console console) throws IOException, Failure {
        Places places = console.places();
        if (line.has("--stop")) {
            return stop(console);
        }
        long idleSeconds = idleSeconds(line.value("--idle-timeout", "0"));
        checkPidFile(line.value("--pidfile", ""));
        if (line.has("--replace")) {
            Optional<ProcessHandle> running = RunningDaemon.find(places);
            if (running.isPresent()) {
                RunningDaemon.end(running.get(), places);
                console.say("%s", replaced(running.get().pid(), places));
            }
        }
        if (line.has("--daemonize") || line.has("--background")) {
            return background(line, console);
        }
        DaemonAssembly.makeRunDirectory(places);
        try (FileChannel lockFile =
                FileChannel.open(
                        places.lockFile(),
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            FileLock lock = lockFile.tryLock();
            if (lock == null) {
                throw alreadyRunning(places);
            }
            return serve(line, places, idleSeconds);
        }
    }

    /// Ends the daemon, and says what it leaves for the next one.
    private static int stop(Console console) throws IOException, Failure {
        Places places = console.places();
        Optional<ProcessHandle> running = RunningDaemon.find(places);
        if (running.isEmpty()) {
            throw DaemonConnection.noDaemon(places);
        }
        RunningDaemon.end(running.get(), places);
        console.say("Session daemon (PID %d) ended", running.get().pid());
        for (LeftSession each : LeftSession.in(places.runDirectory())) {
            console.say(
                    "Session %s%s waits for the next one: contrail sessiond --background",
                    each.name(), each.isActive() ? ", which is active," : "");
        }
        return 0;
    }

    /// That a daemon has ended for this one, and whose sessions it takes over.
    private static String replaced(long pid, Places places) {
        String sessions =
                LeftSession.in(places.runDirectory()).stream()
                        .map(LeftSession::name)
                        .collect(Collectors.joining(", "));
        return "Session daemon (PID %d) ended; the new one takes over %s"
                .formatted(pid, sessions.isEmpty() ? "no session" : sessions);
    }

    private static int serve(DaemonLine line, Places places, long idleSeconds) throws IOException {
        String group = places.uid() == 0 ? group(line.value("--group", "tracing")) : "";
        var ended = new CountDownLatch(1);
        var finished = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> shutDown(ended, finished), "contrail-shutdown"));
        try {
            run(line, places, idleSeconds, group, ended);
            // Before the virtual machine may end: a file that is left tells of a daemon that died.
            if (isOurs(places.pidFile())) {
                Files.deleteIfExists(places.optionsFile());
                Files.deleteIfExists(places.pidFile());
            }
        } finally {
            finished.countDown(); // Also when it could not start: a signal then ends it at once.
        }
        return 0;
    }

    /// Whether no other daemon has taken that place meanwhile, in a run directory made anew.
    private static boolean isOurs(Path pidFile) throws IOException {
        return Files.isRegularFile(pidFile)
                && Files.readString(pidFile).equals(ProcessHandle.current().pid() + "\n");
    }

    private static void run(
            DaemonLine line, Places places, long idleSeconds, String group, CountDownLatch ended)
            throws IOException {
        // Kept in reach: a logger that nobody holds forgets its handlers.
        Logger log = Logger.getLogger("dev.contrail.recorder");
        AbortOnError.watch(log, System.getenv());
        try (var assembly =
                DaemonAssembly.open(
                        places,
                        !line.has("--no-kernel"),
                        false,
                        group,
                        new Supervisor(SessiondCommand::lastWord, SystemCalls::preferThisThread))) {
            announce(line, places);
            OwnClasses.loadAll();
            awaitEnd(ended, assembly.daemon(), idleSeconds);
            log.fine("ends");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for a signal, or until there has been no session for so long.
    private static void awaitEnd(CountDownLatch ended, SessionDaemon daemon, long idleSeconds)
            throws InterruptedException {
        if (idleSeconds == 0) {
            ended.await();
            return;
        }
        long idleSince = System.nanoTime();
        while (!ended.await(Math.max(1, idleSeconds / LOOKS_A_TIMEOUT), TimeUnit.SECONDS)) {
            boolean isIdle =
                    daemon.answer(new Request.ListSessions()) instanceof Reply.Sessions found
                            && found.sessions().isEmpty()
                            && found.problems().isEmpty();
            if (!isIdle) {
                idleSince = System.nanoTime();
            } else if (System.nanoTime() - idleSince >= TimeUnit.SECONDS.toNanos(idleSeconds)) {
                return;
            }
        }
    }

    private static long idleSeconds(String text) throws Failure {
        if (!text.matches("[0-9]{1,9}")) {
            throw new Failure(
                    ExitStatus.UNDEFINED,
                    "--idle-timeout takes seconds, 0 to 999999999, not " + text);
        }
        return Long.parseLong(text);
    }

    /// Before another daemon is ended for this one.
    private static void checkPidFile(String given) throws Failure {
        Path directory = Path.of(given).toAbsolutePath().getParent();
        if (!given.isEmpty() && (directory == null || !Files.isWritable(directory))) {
            throw new Failure(
                    "Cannot write the process id to %s: its directory does not exist or is not"
                                    .formatted(given)
                            + " writable");
        }
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

    private static void announce(DaemonLine line, Places places) throws IOException {
        write(places.optionsFile(), String.join("\n", options(line)));
        String pid = ProcessHandle.current().pid() + "\n";
        write(places.pidFile(), pid);
        String given = line.value("--pidfile", "");
        if (!given.isEmpty()) {
            write(Path.of(given), pid);
        }
        if (line.has("--sig-parent")) {
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

    private static Failure alreadyRunning(Places places) {
        return new Failure(
                "A session daemon is already running: its run directory is "
                        + places.runDirectory());
    }

    /// What a daemon in this one's place is to be started with.
    private static List<String> options(DaemonLine line) {
        var options = new ArrayList<String>();
        if (line.has("--no-kernel")) {
            options.add("--no-kernel");
        }
        for (String option : List.of("--group", "--pidfile", "--idle-timeout")) {
            if (line.has(option)) {
                options.add(option);
                options.add(line.value(option, ""));
            }
        }
        return options;
    }

    private static int background(DaemonLine line, Console console) throws IOException, Failure {
        if (DaemonConnection.tryOpen(console.places()).isPresent()) {
            throw alreadyRunning(console.places());
        }
        DaemonAssembly.makeRunDirectory(console.places());
        List<String> arguments = options(line);
        for (String option : List.of("--verbose", "--quiet")) {
            if (line.has(option)) {
                arguments.add(option);
            }
        }
        if (!DaemonConnection.spawn(console.places(), "", arguments).isAlive()) {
            throw alreadyRunning(console.places());
        }
        return 0;
    }

    /// The group when the system has it, else none.
    static String group(String name) throws IOException {
        try (var lines = Files.lines(Path.of("/etc/group"))) {
            return lines.anyMatch(line -> line.startsWith(name + ":")) ? name : "";
        }
    }
}
