// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.DirectoryTree;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Outputs;
import dev.contrail.cli.console.TerminalText;
import dev.contrail.cli.session.SentTrace;
import dev.contrail.cli.session.SessionText;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.Warning;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.SessionView.AccountView;
import dev.contrail.wire.control.SessionView.RelayView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The end of a recorded run: what was recorded is stored, and the user is told what became of it.
final class RecordEnd {
    private static final int MOST_NAMED = 4;

    private static final int FIRST_SIGNAL_STATUS = 128;

    /// Signals of which a program does not know, or that a JVM ends with when it has crashed:
    /// signal(7), as on all of Linux' common machines.
    private static final Map<Integer, String> SUDDEN =
            Map.of(
                    4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11,
                    "SIGSEGV");

    /// `ust/uid/UID/64-bit/metadata`
    private static final int TRACE_DEPTH = 5;

    /// A relay that was restarted is found again in a second.
    private static final long RELAY_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LOOK_MILLIS = 200;

    private final Console console;
    private final TraceTarget target;
    private final List<Warning> told = new ArrayList<>();
    private Optional<Path> empty = Optional.empty();
    private boolean isWhole = true;

    RecordEnd(Console console, TraceTarget target) {
        this.console = console;
        this.target = target;
    }

    /// Whether all that was recorded is stored.
    boolean isWhole() {
        return isWhole;
    }

    /// What there is to say of a trace.
    ///
    /// @param place where it is
    /// @param show how to look at it
    private record Told(String place, String show) {}

    /// Ends the recording and tells what became of it.
    void tell(PrivateSession session, boolean isSnapshot, FinalWords words) throws Failure {
        Optional<Reply.Recorded> snapshot = Optional.empty();
        if (isSnapshot) {
            snapshot = Optional.of(snapshot(session));
        } else {
            awaitRelay(session);
        }
        Reply.Stopped stopped = session.stop();
        warn(stopped.warnings());
        List<AccountView> accounts =
                snapshot.isPresent() ? snapshot.get().accounts() : session.view().accounts();
        Optional<Told> trace = trace(session, snapshot, accounts);
        console.note("Trace: " + trace.map(Told::place).orElse("none: nothing was recorded"));
        words.reasons(session.seen(), accounts).forEach(each -> console.note("  " + each));
        accounts.stream().filter(each -> !isUnused(each)).forEach(this::tell);
        if (stopped.notStored() > 0) {
            isWhole = false;
            console.error(
                    "%,d events could not be %s",
                    stopped.notStored(),
                    switch (target) {
                        case TraceTarget.Directory _ ->
                                "written below " + session.directory().orElseThrow();
                        case TraceTarget.Relay relay -> "sent to " + relay.text();
                    });
        }
        trace.ifPresent(its -> console.note(its.show()));
    }

    /// The session has been ended.
    void tell(List<Warning> last) {
        List<Warning> others = last.stream().filter(each -> !told.contains(each)).toList();
        isWhole &= others.stream().noneMatch(Warning.NotStored.class::isInstance);
        warn(others);
    }

    private void warn(List<Warning> warnings) {
        told.addAll(warnings);
        console.warn(warnings);
    }

    /// One that does not reach its relay is written here: nobody else has it.
    private Reply.Recorded snapshot(PrivateSession session) throws Failure {
        try {
            return session.snapshot();
        } catch (Failure failure) {
            if (!(target instanceof TraceTarget.Relay relay)) {
                throw failure;
            }
            isWhole = false;
            console.error(
                    "The snapshot cannot be sent to %s: %s", relay.text(), failure.getMessage());
            return session.snapshotTo(
                    console.places().home().resolve("lttng-traces").resolve(session.name()));
        }
    }

    /// Waits a moment for a relay that is just away, where something waits for it.
    private void awaitRelay(PrivateSession session) throws Failure {
        long begin = System.nanoTime();
        for (boolean isTold = false; ; isTold = true) {
            Optional<RelayView> relay = session.view().relay();
            if (relay.isEmpty()
                    || relay.get().isConnected()
                    || relay.get().waitingBytes() == 0
                    || System.nanoTime() - begin > RELAY_PATIENCE_NANOS) {
                return;
            }
            if (!isTold) {
                console.note(
                        "The relay daemon is away: %,d bytes wait for it, %d seconds more"
                                .formatted(
                                        relay.get().waitingBytes(),
                                        TimeUnit.NANOSECONDS.toSeconds(RELAY_PATIENCE_NANOS)));
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Failure("Interrupted");
            }
        }
    }

    private Optional<Told> trace(
            PrivateSession session, Optional<Reply.Recorded> snapshot, List<AccountView> accounts)
            throws Failure {
        if (target instanceof TraceTarget.Relay relay && !isLocal(snapshot)) {
            Optional<RelayView> its = session.view().relay();
            String directory =
                    snapshot.map(Reply.Recorded::atRelay)
                            .orElse(its.map(RelayView::directory).orElse(""));
            if (directory.isEmpty() || accounts.stream().allMatch(each -> each.recorded() == 0)) {
                return Optional.empty();
            }
            boolean isShown = its.map(RelayView::isResumable).orElse(false);
            var sent = new SentTrace(relay.url(), relay.text(), directory);
            Optional<String> name = isShown ? Optional.of(session.name()) : Optional.empty();
            return Optional.of(
                    new Told(sent.place(), sent.keep(name, new Outputs(console.places()))));
        }
        String path =
                snapshot.map(Reply.Recorded::directory)
                        .orElseGet(() -> session.directory().orElseThrow().toString());
        if (hasTrace(Path.of(path))) {
            return Optional.of(new Told(path, "Show it: contrail view " + TerminalText.word(path)));
        }
        if (target.equals(TraceTarget.USUAL)) {
            empty = session.directory();
        }
        return Optional.empty();
    }

    private static boolean isLocal(Optional<Reply.Recorded> snapshot) {
        return snapshot.map(each -> each.directory().startsWith("/")).orElse(false);
    }

    /// Most programs have no Log4j.
    private static boolean isUnused(AccountView account) {
        return account.domain() == DomainName.LOG4J2
                && account.recorded() == 0
                && account.discarded() == 0;
    }

    private void tell(AccountView account) {
        String overwritten =
                account.overwritten() == 0
                        ? ""
                        : "%,d overwritten, ".formatted(account.overwritten());
        console.note(
                "  %s: %,d event%s recorded, %s%,d lost"
                        .formatted(
                                account.domain().title(),
                                account.recorded(),
                                account.recorded() == 1 ? "" : "s",
                                overwritten,
                                account.discarded()));
        SessionText.stateDump(account).ifPresent(text -> console.note("    " + text));
        account.notes().forEach(note -> console.note("    " + note));
    }

    /// The command has ended: says by which signal, where it is one that ends a program suddenly.
    ///
    /// @param status as a shell tells it
    void tellOf(int status) {
        String signal = SUDDEN.get(status - FIRST_SIGNAL_STATUS);
        if (signal != null) {
            console.note("The command ended by " + signal);
        }
    }

    /// The command has ended, and with it the recording: what it has started may go on.
    void tellOf(List<ProcessHandle> running) {
        if (running.isEmpty()) {
            return;
        }
        String named =
                running.stream()
                        .limit(MOST_NAMED)
                        .map(each ->
                                each.info()
                                                .command()
                                                .map(path -> Path.of(path).getFileName() + " ")
                                                .orElse("")
                                        + "("
                                        + each.pid()
                                        + ")")
                        .collect(Collectors.joining(", "));
        boolean isOne = running.size() == 1;
        console.note(
                "%s that the command has started %s on and %s no longer recorded: %s%s"
                        .formatted(
                                isOne ? "A process" : running.size() + " processes",
                                isOne ? "goes" : "go",
                                isOne ? "is" : "are",
                                named,
                                running.size() > MOST_NAMED ? ", …" : ""));
    }

    /// Where nothing was recorded, no directory in the usual place is left of it.
    void removeEmpty() throws IOException {
        if (empty.isPresent() && Files.isDirectory(empty.get())) {
            DirectoryTree.deleteIfEmpty(empty.get());
        }
    }

    private static boolean hasTrace(Path directory) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (var below = Files.walk(directory, TRACE_DEPTH)) {
            return below.anyMatch(each -> each.endsWith("metadata"));
        } catch (IOException | java.io.UncheckedIOException e) {
            return true; // It is there, and cannot be looked through.
        }
    }
}
