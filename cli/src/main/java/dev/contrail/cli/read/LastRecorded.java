// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.CurrentSession;
import dev.contrail.cli.console.CurrentSession.Chosen;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Outputs;
import dev.contrail.cli.console.Outputs.Output;
import dev.contrail.cli.read.SessionTraces.OfSession;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// Finds the trace that was written to last: of the current session, where one is set, and of
/// recordings that no session is for any more; without a current session, of all.
public final class LastRecorded {
    /// Of the `metadata` below a session's directory there are five: `ust/uid/0/64-bit/metadata`.
    private static final int DEPTH = 8;

    /// @param session the one that it is of, if that still is
    private record Written(Path trace, FileTime when, Optional<OfSession> session) {}

    private final Console console;
    private final SessionTraces sessions;
    private final List<Written> found = new ArrayList<>();

    private LastRecorded(Console console) throws IOException, Failure {
        this.console = console;
        sessions = SessionTraces.of(console);
    }

    /// Says on standard error which one it is.
    public static FoundTrace find(Console console) throws IOException, Failure {
        return new LastRecorded(console).find();
    }

    private FoundTrace find() throws IOException, Failure {
        Optional<Chosen> chosen = new CurrentSession(console.places(), console.entry()).newest();
        Optional<OfSession> current = chosen.flatMap(each -> sessions.named(each.name()));
        for (OfSession session : current.map(List::of).orElse(sessions.all())) {
            Optional<Output> stored = session.stored();
            if (stored.isPresent()) {
                look(stored.get(), Optional.of(session));
            }
        }
        for (Output output : new Outputs(console.places()).all()) {
            if (!isOfSession(output.directory())) {
                look(output, Optional.empty());
            }
        }
        Written last = null;
        for (Written each : found) {
            if (last == null || each.when.compareTo(last.when) >= 0) {
                last = each;
            }
        }
        Optional<Outputs.Sent> sent = new Outputs(console.places()).lastSent();
        long latest =
                Math.max(
                        last == null ? 0 : last.when.toMillis(),
                        chosen.map(each -> each.since().toMillis()).orElse(0L));
        if (sent.isPresent() && latest < sent.get().endedMillis()) {
            return atRelay(sent.get());
        }
        boolean isCurrentMissing =
                current.isPresent()
                        && found.stream().noneMatch(each -> each.session.isPresent())
                        && (last == null || last.when.compareTo(chosen.orElseThrow().since()) < 0);
        if (isCurrentMissing) {
            FoundTrace only = current.get().newest(); // or why there is none
            console.note("Trace: %s (session %s)".formatted(only, current.get().name()));
            return only;
        }
        if (last == null) {
            throw none(chosen);
        }
        last.session.ifPresent(session -> sessions.warn(console, session));
        String of = last.session.map(session -> " (session " + session.name() + ")").orElse("");
        console.note("Trace: " + last.trace + of);
        return new FoundTrace.Here(last.trace);
    }

    private FoundTrace atRelay(Outputs.Sent sent) throws Failure {
        if (sent.url().isEmpty()) {
            throw new Failure("The last recording was sent to " + sent.told());
        }
        console.note("Trace: %s (sent to %s)".formatted(sent.url(), sent.told()));
        return new FoundTrace.AtRelay(sent.url());
    }

    private boolean isOfSession(Path directory) {
        return sessions.all().stream()
                .flatMap(session -> session.stored().stream())
                .anyMatch(stored -> directory.startsWith(stored.directory()));
    }

    private Failure none(Optional<Chosen> chosen) {
        return chosen.isPresent()
                ? sessions.notFound(chosen.get().name(), console)
                : new Failure(
                        "There is no session and no trace yet: contrail record -- COMMAND… makes"
                                + " one, contrail view PATH prints one that lies elsewhere");
    }

    private void look(Output output, Optional<OfSession> session) throws IOException {
        Optional<Path> trace = SessionTraces.newest(output);
        if (trace.isPresent()) {
            lastWritten(trace.get())
                    .ifPresent(when -> found.add(new Written(trace.get(), when, session)));
        }
    }

    /// Empty when no trace is there.
    private static Optional<FileTime> lastWritten(Path directory) throws IOException {
        class Newest extends SimpleFileVisitor<Path> {
            private FileTime when = FileTime.fromMillis(0);
            private boolean hasMetadata;

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                hasMetadata |= file.endsWith("metadata");
                if (attributes.lastModifiedTime().compareTo(when) > 0) {
                    when = attributes.lastModifiedTime();
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException exception) {
                return FileVisitResult.CONTINUE; // it went, or is not for this user
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException exception) {
                return FileVisitResult.CONTINUE;
            }
        }
        var newest = new Newest();
        Files.walkFileTree(
                directory, EnumSet.noneOf(java.nio.file.FileVisitOption.class), DEPTH, newest);
        return newest.hasMetadata ? Optional.of(newest.when) : Optional.empty();
    }
}
