// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.LiveLine;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.SessionView;
import dev.contrail.wire.control.SessionView.AccountView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ParseResult;

/// One command's run, by the main thread. Signals are the command's: when one of them ends it, the
/// recording ends as it does without.
final class RecordedRun {
    private final Console console;
    private final ParseResult line;
    private final TraceTarget target;
    private final Path found;
    private final boolean isSnapshot;
    private final RecordedEvents events;

    /// The terminal is the command's while it runs: what there is to say waits for its end.
    private final Queue<String> warnings = new ConcurrentLinkedQueue<>();

    private final PassedSignals signals = PassedSignals.watch(warnings::add);

    /// @param found the program
    RecordedRun(Console console, ParseResult line, TraceTarget target, Path found) {
        this.console = console;
        this.line = line;
        this.target = target;
        this.found = found;
        isSnapshot = line.hasMatchedOption("--snapshot");
        events = new RecordedEvents(line, AgentNeeds.imageWithout(found), warnings::add);
    }

    /// Runs a command under the recorder.
    ///
    /// @return its exit status, or that of an error where it has 0 and not all was stored
    int run(String program, String[] command) throws IOException, Failure {
        RecordEnd end = new RecordEnd(console, target);
        try (PrivateSession session =
                PrivateSession.open(
                        console,
                        isSnapshot ? SessionMode.SNAPSHOT : SessionMode.DISK,
                        program,
                        target,
                        warnings::add)) {
            int status = run(session, command, end);
            end.tell(session.end());
            return end.isWhole() || status != 0 ? status : ExitStatus.ERROR.number();
        } catch (IOException | Failure failure) {
            if (signals.early() != 0) {
                throw interrupted();
            }
            throw failure;
        } finally {
            warn();
            end.removeEmpty();
        }
    }

    private void warn() {
        for (String each = warnings.poll(); each != null; each = warnings.poll()) {
            console.warn("%s", each);
        }
    }

    private int run(PrivateSession session, String[] command, RecordEnd end)
            throws IOException, Failure {
        events.enable(session);
        Path gate = session.file("gate");
        makePipe(gate);
        // Open for both: opening waits for nobody.
        try (FileChannel opener =
                FileChannel.open(gate, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Process started = start(session, command, gate);
            try {
                events.follow(session, started.pid());
                session.start();
            } catch (Failure failure) {
                started.destroyForcibly();
                throw failure.withStatus(ExitStatus.ERROR);
            }
            if (!signals.begin(started)) {
                started.destroyForcibly(); // The shell: the command has not begun.
                throw interrupted();
            }
            opener.write(ByteBuffer.wrap("go\n".getBytes(StandardCharsets.UTF_8)));
            await(session, started);
            List<ProcessHandle> running = session.running();
            end.tell(session, isSnapshot, events.words());
            end.tellOf(started.exitValue());
            end.tellOf(running);
            explain(session, started.exitValue());
            return started.exitValue();
        }
    }

    /// Starts the command behind a gate: a shell that waits on a pipe and then becomes the command,
    /// so that its process id is followed from its first instruction.
    private Process start(PrivateSession session, String[] command, Path gate) throws IOException {
        var words = new ArrayList<String>();
        words.addAll(List.of("/bin/sh", "-c", "read -r _ <\"$0\" && exec \"$@\"", gate.toString()));
        words.addAll(List.of(command));
        var builder = new ProcessBuilder(words).inheritIO();
        session.addTo(builder.environment());
        if (events.hasAgent()) {
            session.addAgentTo(builder.environment());
        }
        return builder.start();
    }

    private static void makePipe(Path gate) throws IOException, Failure {
        try {
            Process making =
                    new ProcessBuilder("mkfifo", "-m", "600", gate.toString())
                            .redirectErrorStream(true)
                            .start();
            String said =
                    new String(making.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (making.waitFor() != 0) {
                throw new Failure("Cannot make the pipe %s: %s".formatted(gate, said.strip()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted");
        }
    }

    private void await(PrivateSession session, Process running) throws Failure {
        boolean isWatched =
                line.hasMatchedOption("--progress")
                        && console.surroundings().isErrTerminal()
                        && !console.options().isQuiet();
        try (var live = new LiveLine(console.err())) {
            while (!running.waitFor(500, TimeUnit.MILLISECONDS)) {
                if (isWatched) {
                    showProgress(session, live);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted");
        }
    }

    private void showProgress(PrivateSession session, LiveLine live) throws Failure {
        SessionView view = session.view();
        long recorded = 0;
        long lost = 0;
        for (AccountView account : view.accounts()) {
            recorded += account.recorded();
            lost += account.discarded();
        }
        long stored = session.directory().map(RecordedRun::bytes).orElse(0L);
        long waiting = view.relay().map(SessionView.RelayView::waitingBytes).orElse(0L);
        live.show(
                "%,d events, %,d KiB%s, %,d lost"
                        .formatted(
                                recorded,
                                (stored + waiting) / 1024,
                                view.relay().isPresent() ? " to be sent" : "",
                                lost));
    }

    private static long bytes(Path output) {
        if (!Files.isDirectory(output)) {
            return 0;
        }
        try (var files = Files.walk(output)) {
            return files.filter(Files::isRegularFile).mapToLong(RecordedRun::size).sum();
        } catch (IOException | UncheckedIOException e) {
            return 0; // A file went while we looked: the next look is as good.
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Failure interrupted() {
        return new Failure(128 + signals.early(), "Interrupted");
    }

    /// Says what helps a JVM that could not start with the agent: it ends with 1. What it has said
    /// was not for us to read.
    private void explain(PrivateSession session, int status) throws Failure {
        boolean isSilent =
                session.view().accounts().stream()
                        .filter(account -> account.domain() != DomainName.KERNEL)
                        .allMatch(account -> account.recorded() == 0);
        if (events.hasAgent()
                && status == 1
                && isSilent
                && session.seen().programs() == 0
                && AgentNeeds.mayStartAny(found)) {
            console.note(
                    "Where a JVM said that java.instrument is missing: record it with -u, which"
                            + " needs no agent.");
        }
    }
}
