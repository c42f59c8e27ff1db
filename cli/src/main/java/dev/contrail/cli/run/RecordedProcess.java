// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Signals;
import dev.contrail.cli.jvm.Attachment;
import dev.contrail.cli.jvm.Choice;
import dev.contrail.cli.jvm.JavaProcess;
import dev.contrail.wire.SessionMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ParseResult;

/// The recording of a JVM that runs already, by the main thread: for some time, until it ends, or
/// until a signal comes, which is for this process.
final class RecordedProcess {
    private static final List<String> SIGNALS = List.of("HUP", "INT", "TERM");

    /// The JVM looks for new daemons each half second.
    private static final long ARRIVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long LOOK_MILLIS = 20;

    private final Console console;
    private final ParseResult line;
    private final TraceTarget target;
    private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
    private final CountDownLatch signalled = new CountDownLatch(1);

    RecordedProcess(Console console, ParseResult line, TraceTarget target) {
        this.console = console;
        this.line = line;
        this.target = target;
        for (String each : SIGNALS) {
            Signals.handle(each, _ -> signalled.countDown());
        }
    }

    /// Records it.
    ///
    /// @param nanos how long at most
    /// @return 0, or that of an error where not all was stored
    int run(JavaProcess process, long nanos) throws IOException, Failure {
        boolean isSnapshot = line.hasMatchedOption("--snapshot");
        var end = new RecordEnd(console, target);
        try (PrivateSession session =
                PrivateSession.open(
                        console,
                        isSnapshot ? SessionMode.SNAPSHOT : SessionMode.DISK,
                        Choice.simple(process),
                        target,
                        warnings::add)) {
            var events = new RecordedEvents(line, Optional.empty(), warnings::add);
            events.enable(session);
            attach(session, process);
            awaitArrival(session, process);
            events.follow(session, process.pid());
            session.start(); // returns when the JVM has followed
            long from = System.nanoTime();
            console.note(
                    "Recording %s%s"
                            .formatted(
                                    Choice.shown(process),
                                    nanos == Long.MAX_VALUE ? ": Ctrl-C ends it" : ""));
            await(process, from, nanos);
            end.tell(session, isSnapshot, events.words());
            end.tell(session.end());
            return end.isWhole() ? 0 : ExitStatus.ERROR.number();
        } finally {
            warnings.forEach(each -> console.warn("%s", each));
            end.removeEmpty();
        }
    }

    /// Root's directory of this run may be entered by the JVM, if that is another user's.
    private void attach(PrivateSession session, JavaProcess process) throws IOException, Failure {
        if (console.places().uid() == 0) {
            Files.setPosixFilePermissions(
                    session.file("."), PosixFilePermissions.fromString("rwx--x--x"));
        }
        Attachment.load(process, "socket=" + session.applications());
    }

    private void awaitArrival(PrivateSession session, JavaProcess process) throws Failure {
        long begin = System.nanoTime();
        while (session.seen().programs() == 0 && isAlive(process) && !isSignalled(LOOK_MILLIS)) {
            if (System.nanoTime() - begin > ARRIVAL_NANOS) {
                warnings.add(
                        "%s has the tracer, but does not come to this recording: does it see %s?"
                                .formatted(Choice.shown(process), session.applications()));
                return;
            }
        }
    }

    private void await(JavaProcess process, long from, long nanos) throws Failure {
        while (isAlive(process)) {
            long left = nanos - (System.nanoTime() - from);
            if (left <= 0 || isSignalled(Math.min(200, left / 1_000_000 + 1))) {
                return;
            }
        }
        console.note("%s has ended".formatted(Choice.shown(process)));
    }

    private static boolean isAlive(JavaProcess process) {
        return ProcessHandle.of(process.pid()).map(ProcessHandle::isAlive).orElse(false);
    }

    private boolean isSignalled(long millis) throws Failure {
        try {
            return signalled.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted");
        }
    }
}
