// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.machine;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.DaemonConnection;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Places;
import dev.contrail.cli.console.RunningDaemon;
import dev.contrail.cli.console.TerminalText;
import dev.contrail.cli.session.SessionText;
import dev.contrail.ctf.Reason;
import dev.contrail.kernel.KernelProbe;
import dev.contrail.recorder.LeftSession;
import dev.contrail.recorder.jvm.EndedRings;
import dev.contrail.recorder.jvm.Remedy;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `doctor`: what works on this machine, what does not, and the exact fix.
///
/// Exit status 0 when JVM applications can be recorded; the kernel is said, but not required.
public final class DoctorCommand implements Command {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final long ENOUGH_BYTES = 64L << 20;
    private static final int MOST_NAMED = 4;

    @Override
    public CommandSpec spec() {
        return CommandSpec.create();
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException {
        console.say("Java: %s, %s", Runtime.version(), System.getProperty("java.home"));
        boolean isFit = sharedMemory(console);
        isFit &= runDirectory(console);
        daemon(console);
        endedRings(console);
        kernel(console);
        return (isFit ? ExitStatus.SUCCESS : ExitStatus.ERROR).number();
    }

    private static boolean sharedMemory(Console console) throws IOException {
        if (!Files.isWritable(SHARED_MEMORY)) {
            bad(
                    console,
                    "Shared memory: /dev/shm is not writable",
                    "mount -t tmpfs -o mode=1777 tmpfs /dev/shm (as root); in a container:"
                            + " --shm-size=256m");
            return false;
        }
        FileStore store = Files.getFileStore(SHARED_MEMORY);
        if (store.getUsableSpace() < ENOUGH_BYTES) {
            bad(
                    console,
                    "Shared memory: /dev/shm has only %,d MiB left"
                            .formatted(store.getUsableSpace() >> 20),
                    "mount -o remount,size=256M /dev/shm (as root); in a container:"
                            + " --shm-size=256m");
            return false;
        }
        good(
                console,
                "Shared memory: /dev/shm has %,d MiB left for applications' rings"
                        .formatted(store.getUsableSpace() >> 20));
        Path rings = SHARED_MEMORY.resolve("contrail-" + console.places().uid());
        if (Files.exists(rings)
                && !Files.getAttribute(rings, "unix:uid").equals(console.places().uid())) {
            bad(
                    console,
                    rings + " belongs to somebody else: applications of yours record nothing",
                    "rm -r " + rings + " (as its owner or root)");
            return false;
        }
        return true;
    }

    private static boolean runDirectory(Console console) {
        Path directory = console.places().runDirectory();
        Path existing = directory;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        if (!Files.isWritable(existing)) {
            bad(
                    console,
                    "Run directory: " + directory + " cannot be written",
                    "set LTTNG_HOME or LTTNG_RUNDIR to a directory of yours");
            return false;
        }
        good(console, "Run directory: " + directory);
        return true;
    }

    private static void daemon(Console console) throws IOException {
        try (DaemonConnection daemon = DaemonConnection.tryOpen(console.places()).orElse(null)) {
            if (daemon == null) {
                noDaemon(console);
                return;
            }
            good(console, "Session daemon: it answers" + otherVersion(console.places()));
            if (daemon.ask(new Request.ListSessions(), console::note)
                    instanceof Reply.Sessions found) {
                found.problems().forEach(each -> console.say("bad   %s", each.text()));
                found.sessions().forEach(each -> session(console, each));
            }
        } catch (IOException e) {
            bad(
                    console,
                    "Session daemon: " + Reason.of(e),
                    "kill -9 $(cat %s); contrail sessiond --background then starts the right one"
                            .formatted(console.places().pidFile()));
        }
    }

    /// After an upgrade: which version the daemon still is.
    private static String otherVersion(Places places) throws IOException {
        String own = InstalledVersion.of(ProcessHandle.current());
        String its = RunningDaemon.find(places).map(InstalledVersion::of).orElse("");
        return own.isEmpty() || its.isEmpty() || its.equals(own)
                ? ""
                : (", and is of version %s: contrail sessiond --replace --background moves its"
                                + " sessions to %s")
                        .formatted(its, own);
    }

    private static void noDaemon(Console console) {
        List<String> left =
                LeftSession.in(console.places().runDirectory()).stream()
                        .map(each -> each.name() + (each.isActive() ? " (active)" : ""))
                        .toList();
        if (left.isEmpty()) {
            good(console, "Session daemon: none runs; contrail create starts one");
            return;
        }
        bad(
                console,
                "Session daemon: none runs, and sessions wait for one: " + String.join(", ", left),
                "contrail sessiond --background, which takes them up again");
    }

    /// What programs that have ended have left in memory.
    private static void endedRings(Console console) throws IOException {
        Set<Long> sessions =
                LeftSession.in(console.places().runDirectory()).stream()
                        .map(LeftSession::id)
                        .collect(Collectors.toSet());
        Map<Long, String> others = OtherDaemons.sessions(console.places().runDirectory());
        EndedRings rings = EndedRings.find(sessions, others.keySet());
        if (rings.kept().rings() > 0) {
            good(
                    console,
                    "Rings: sessions keep %,d of programs that have ended, %,d MiB"
                            .formatted(rings.kept().rings(), mebibytes(rings.kept())));
        }
        if (rings.elsewhere().rings() > 0) {
            good(
                    console,
                    "Rings: sessions of other daemons keep %,d of programs that have ended, %,d MiB: %s"
                            .formatted(
                                    rings.elsewhere().rings(),
                                    mebibytes(rings.elsewhere()),
                                    rings.keepers().stream()
                                            .map(others::get)
                                            .sorted()
                                            .limit(MOST_NAMED)
                                            .collect(Collectors.joining(", "))));
        }
        if (rings.unclaimed().rings() > 0) {
            bad(
                    console,
                    "Rings: %,d of programs that have ended, %,d MiB in %s, are of no session of a daemon that runs"
                            .formatted(
                                    rings.unclaimed().rings(),
                                    mebibytes(rings.unclaimed()),
                                    rings.directory()),
                    "contrail summary %s shows what they hold; rm what you do not want. A session"
                                    .formatted(TerminalText.word(rings.directory()))
                            + " daemon deletes what none has asked for in a day");
        }
    }

    private static long mebibytes(EndedRings.Share share) {
        return (share.bytes() + (1 << 20) - 1) >> 20;
    }

    /// What keeps a session from recording all, and what would help.
    private static void session(Console console, SessionView session) {
        if (!session.problems().isEmpty()) {
            String problems = SessionText.problems(session);
            bad(
                    console,
                    "Session %s: %s".formatted(session.name(), problems),
                    Remedy.of(problems)
                            .map(Remedy::help)
                            .orElse("see contrail list " + TerminalText.word(session.name())));
        }
    }

    private static void kernel(Console console) {
        KernelProbe probe = KernelProbe.run();
        if (!probe.problem().isEmpty()) {
            bad(
                    console,
                    "Kernel: not recorded: " + probe.problem(),
                    probe.mountPoint().isEmpty()
                            ? "mount -t tracefs nodev /sys/kernel/tracing (as root)"
                            : console.places().uid() == 0
                                    ? "this root may not: run outside the container, or give it"
                                            + " tracefs to write"
                                    : "run contrail as root: sudo contrail …");
            return;
        }
        good(console, "Kernel: tracefs at " + probe.mountPoint().orElseThrow());
        if (probe.hasMapping()) {
            good(console, "Kernel: rings can be mapped: snapshots lose and consume nothing");
        } else {
            bad(
                    console,
                    "Kernel: rings cannot be mapped: the history of snapshot sessions ends with a"
                            + " killed daemon",
                    "Linux 6.10 or newer");
        }
        if (!probe.hasSubBufferSize()) {
            bad(
                    console,
                    "Kernel: sub-buffers are one page: reading costs 2.5 times as much",
                    "Linux 6.8 or newer");
        }
        AbandonedInstances.of(console.places(), probe).forEach(each -> bad(console, each));
    }

    private static void good(Console console, String text) {
        console.say("ok    %s", text);
    }

    private static void bad(Console console, AbandonedInstances.Found found) {
        bad(console, found.text(), found.fix());
    }

    private static void bad(Console console, String text, String fix) {
        console.say("bad   %s", text);
        console.say("      fix: %s", fix);
    }
}
