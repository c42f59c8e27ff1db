// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import dev.contrail.ctf.Reason;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.file.PrivateFiles;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.SessionMode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// Makes the directories that traces go to, so that no two sessions share one: those of several
/// daemons and users neither.
///
/// A directory whose name is made from the clock is created, which only one can. One that the user
/// names must not hold a trace; a claim in it, [#CLAIM], keeps it for a session until that is
/// destroyed. Any thread; each call has a thread of the system's of its own, because a disk may not
/// answer: whoever waits for it holds up nobody else, and is refused after a while. What was made
/// too late for that is removed again.
public final class OutputDirectories {
    /// Kept in the output directory of a session to disk while there is the session. It says whose.
    static final String CLAIM = ".contrail-session";

    /// Directories of one second and one name that are tried.
    private static final int MAX_KIN = 10_000;

    /// Where a metadata file may lie below an output: `ust/uid/UID/64-bit/metadata`, in a snapshot.
    private static final int TRACE_DEPTH = 6;

    /// Files that are looked at before a directory counts as one without a trace.
    private static final int MAX_LOOKED_AT = 100_000;

    /// Calls that wait for their disks at a time: beyond it the next is refused.
    static final int MAX_CALLS = 64;

    private final Path runDirectory;
    private final long longestSilenceNanos;
    private final Semaphore calls = new Semaphore(MAX_CALLS);
    private final Map<Long, Starts> starts = new ConcurrentHashMap<>(); // by session

    /// @param runDirectory of the daemon, for the claim's words
    /// @param longestSilenceNanos a disk that has not answered for so long is not waited for
    public OutputDirectories(Path runDirectory, long longestSilenceNanos) {
        this.runDirectory = runDirectory;
        this.longestSilenceNanos = longestSilenceNanos;
    }

    /// Creates a directory with that name, or with a number after it where that is taken. Where
    /// none can be created, the start of the session will say so.
    public CompletableFuture<Path> create(Path wanted) {
        return answerOf(
                wanted,
                () -> {
                    try {
                        PrivateFiles.directory(parent(wanted));
                    } catch (IOException e) {
                        return wanted;
                    }
                    return firstCreated(
                            wanted,
                            1,
                            i ->
                                    i == 1
                                            ? wanted
                                            : wanted.resolveSibling(
                                                    wanted.getFileName() + "-" + i));
                },
                OutputDirectories::remove);
    }

    /// Creates the directory of a snapshot: its number, or the next that nobody has taken.
    public CompletableFuture<Path> snapshot(Path parent, String beginning, int number) {
        return answerOf(
                parent,
                () -> {
                    PrivateFiles.directory(parent);
                    return firstCreated(
                            parent.resolve(beginning),
                            number,
                            i -> parent.resolve(beginning + "-" + i));
                },
                OutputDirectories::remove);
    }

    private static Path firstCreated(Path wanted, int first, IntFunction<Path> kin)
            throws IOException {
        for (int i = first; i < first + MAX_KIN; i++) {
            Path path = kin.apply(i);
            if (PrivateFiles.isCreated(path)) {
                return path;
            }
        }
        throw new IOException(wanted + " and " + MAX_KIN + " like it are taken");
    }

    private static void remove(Path empty) throws IOException {
        Files.deleteIfExists(empty);
    }

    /// Claims a directory for a session to disk. One that cannot be made is claimed by the start,
    /// which then says so.
    ///
    /// @param id of the session
    public CompletableFuture<Path> claim(Path output, long id, String name) {
        return answerOf(
                output,
                () -> {
                    if (holdsTrace(output)) {
                        throw new RefusedException(
                                "The output directory %s holds a trace: name a new one"
                                        .formatted(output));
                    }
                    try {
                        claimNow(output, id, name);
                    } catch (IOException e) {
                        return output;
                    }
                    return output;
                },
                claimed -> releaseNow(claimed, id, false));
    }

    /// Before a session to disk starts: its directory is there, writable and its own.
    public CompletableFuture<Void> prepare(Session session) {
        if (session.mode() != SessionMode.DISK || session.isSent()) {
            return CompletableFuture.allOf();
        }
        Path output = Path.of(session.output());
        long id = session.facts().id();
        Starts own = starts(id);
        return answerOf(
                output,
                () -> {
                    own.claim(output, id, session.name());
                    if (!Files.isWritable(output)) {
                        throw new AccessDeniedException(output.toString());
                    }
                    return null;
                },
                _ -> {}); // the session's own: a next start finds it
    }

    /// The session is no more: its claim goes, and the directory when it was never started. Where
    /// the disk does not answer that is done when it does, whoever waits for it or not.
    public CompletableFuture<Void> release(Session session) {
        return session.output().isEmpty() || session.isSent()
                ? CompletableFuture.allOf()
                : release(
                        Path.of(session.output()),
                        session.facts().id(),
                        session.state().wasStarted());
    }

    /// As [#release(Session)], of a session that could not be made: most likely because there are
    /// no more threads, and then it is done in the caller's.
    public CompletableFuture<Void> releaseUnmade(Path output, long id) {
        CompletableFuture<Void> released = release(output, id, false);
        if (released.isCompletedExceptionally()
                && released.exceptionNow() instanceof OutOfMemoryError) {
            try {
                releaseNow(output, id, false);
            } catch (IOException kept) {
                return CompletableFuture.failedFuture(kept);
            }
            return CompletableFuture.allOf();
        }
        return released;
    }

    private CompletableFuture<Void> release(Path output, long id, boolean wasStarted) {
        Starts own = Objects.requireNonNullElseGet(starts.remove(id), Starts::new);
        return call(
                () -> {
                    own.end(output, id, wasStarted);
                    return null;
                },
                _ -> {});
    }

    private static void releaseNow(Path output, long id, boolean wasStarted) throws IOException {
        Path claim = output.resolve(CLAIM);
        try {
            if (owner(claim) == id) {
                Files.delete(claim);
            }
            if (!wasStarted) {
                Files.delete(output);
            }
        } catch (NoSuchFileException | DirectoryNotEmptyException kept) {
            return; // There is a trace in it, or it is somebody else's by now.
        }
    }

    /// Keeps a start that its disk has held up from claiming the directory of a session that is no
    /// more: one after the other, and nothing after the end.
    final class Starts {
        private boolean isOver;

        synchronized void claim(Path output, long id, String name)
                throws IOException, RefusedException {
            if (!isOver) {
                claimNow(output, id, name);
            }
        }

        synchronized void end(Path output, long id, boolean wasStarted) throws IOException {
            isOver = true;
            releaseNow(output, id, wasStarted);
        }
    }

    /// Of the session with that number.
    Starts starts(long id) {
        return starts.computeIfAbsent(id, _ -> new Starts());
    }

    private void claimNow(Path output, long id, String name) throws IOException, RefusedException {
        Path claim = PrivateFiles.directory(output).resolve(CLAIM);
        try {
            PrivateFiles.createWith(
                    claim,
                    "%x %s%nof the session daemon in %s%n".formatted(id, name, runDirectory));
        } catch (FileAlreadyExistsException e) {
            if (Files.isRegularFile(claim, LinkOption.NOFOLLOW_LINKS) && Files.size(claim) == 0) {
                Files.delete(claim); // of somebody whose disk was full: it claims nothing
                claimNow(output, id, name);
            } else if (owner(claim) != id) {
                throw new RefusedException(
                        ("The output directory %s is another session's: name another one, or, when"
                                        + " that session is no more, remove %s")
                                .formatted(output, claim));
            }
        }
    }

    /// The session that has made a claim; -1 for none of ours.
    private static long owner(Path claim) throws IOException {
        if (!Files.isRegularFile(claim, LinkOption.NOFOLLOW_LINKS)) { // a pipe would not answer
            return -1;
        }
        try {
            String text = Files.readString(claim);
            int end = text.indexOf(' ');
            return end < 0 ? -1 : Long.parseLong(text, 0, end, 16);
        } catch (NoSuchFileException | NumberFormatException e) {
            return -1;
        }
    }

    private static boolean holdsTrace(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (var below = Files.walk(directory, TRACE_DEPTH)) {
            return below.limit(MAX_LOOKED_AT)
                    .anyMatch(each -> each.getFileName().toString().equals("metadata"));
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }

    /// Undoes what was done too late.
    @FunctionalInterface
    interface Undo<T> {
        void undo(T done) throws IOException;
    }

    /// As [#call]; where the disk does not answer, with a refusal.
    ///
    /// @param output for its words
    <T> CompletableFuture<T> answerOf(Path output, Callable<T> work, Undo<T> undo) {
        CompletableFuture<T> answer = call(work, undo);
        CompletableFuture.delayedExecutor(longestSilenceNanos, TimeUnit.NANOSECONDS)
                .execute(() ->
                        answer.completeExceptionally(
                                new RefusedException(
                                        LttngError.CREATE_DIR_FAIL,
                                        ("No answer from %s for %d seconds: see to its disk, or"
                                                        + " name another directory")
                                                .formatted(
                                                        output,
                                                        TimeUnit.NANOSECONDS.toSeconds(
                                                                longestSilenceNanos)))));
        return answer;
    }

    /// @param undo what is to be undone when nobody waits for it any more
    private <T> CompletableFuture<T> call(Callable<T> work, Undo<T> undo) {
        var answer = new CompletableFuture<T>();
        if (!calls.tryAcquire()) {
            answer.completeExceptionally(
                    new RefusedException(
                            "%d output directories do not answer: see to their disks"
                                    .formatted(MAX_CALLS)));
            return answer;
        }
        try {
            Thread.ofPlatform()
                    .daemon()
                    .name("contrail-output")
                    .start(() -> run(work, answer, undo));
        } catch (Throwable noThread) {
            calls.release();
            answer.completeExceptionally(noThread);
        }
        return answer;
    }

    private <T> void run(Callable<T> work, CompletableFuture<T> answer, Undo<T> undo) {
        try {
            T done = work.call();
            if (!answer.complete(done)) {
                undo.undo(done);
            }
        } catch (IOException e) {
            answer.completeExceptionally(
                    new RefusedException(
                            LttngError.CREATE_DIR_FAIL,
                            "Create directory failed: " + Reason.of(e)));
        } catch (Throwable failure) {
            answer.completeExceptionally(failure);
        } finally {
            calls.release();
        }
    }
}
