// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.statedump;

import dev.contrail.ctf.LocalTimeZone;
import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The state dumps of one session: taken by a thread of their own at each start, stored by the
/// consumer thread, kept in a file for snapshots and for a next daemon.
///
/// One that a daemon was killed at is taken anew by the next, which says so: until a dump is kept,
/// a mark is there beside its file.
///
/// The domain's thread calls [#take] and [#takeAnew], the consumer thread the rest.
public final class StateDumps {
    private static final long WAIT_SECONDS = 5;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final System.Logger LOG = System.getLogger(StateDumps.class.getName());

    private final Path file;
    private final Path countFile;
    private final Path mark;
    private final ToIntFunction<String> ids;
    private volatile CompletableFuture<@Nullable StateDump> latest;
    private volatile long storedRecords;
    private volatile String note = "";

    public StateDumps(Path file, ToIntFunction<String> ids) {
        this.file = file;
        this.ids = ids;
        countFile = file.resolveSibling(file.getFileName() + ".stored");
        mark = file.resolveSibling(file.getFileName() + ".begun");
        storedRecords = loadCount(countFile);
        latest = CompletableFuture.completedFuture(load(file));
        if (isMissing()) {
            note =
                    "the state dump is missing: the daemon before this one was ended while it took"
                            + " it";
        }
    }

    /// Whether a daemon was killed at the last one.
    private boolean isMissing() {
        return Files.exists(mark);
    }

    /// Begins to take one where that of an earlier daemon is missing, in a session that records.
    public void takeAnew() {
        if (isMissing()) {
            take();
            note =
                    "the state dump is of %s: the daemon before this one was ended while it took the"
                                    .formatted(TIME.format(LocalTimeZone.at(Instant.now())))
                            + " first";
        }
    }

    /// What the user should know; none for nothing.
    public List<String> notes() {
        return note.isEmpty() ? List.of() : List.of(note);
    }

    /// Begins to take one.
    public void take() {
        note = "";
        begun();
        var taken = new CompletableFuture<@Nullable StateDump>();
        latest = taken;
        Thread.ofPlatform()
                .daemon()
                .name("contrail-statedump")
                .start(() -> {
                    try {
                        taken.complete(kept(now()));
                    } catch (RuntimeException bug) {
                        taken.completeExceptionally(bug);
                    }
                });
    }

    /// The latest one, when it is taken and newer than what is stored, or the rest of one that a
    /// daemon was killed at while it stored it; else null.
    ///
    /// @param isFinal also waits for one that is being taken
    /// @param storedTicks time of the last record of a state dump that is stored
    @Nullable
    public StateDump next(boolean isFinal, long storedTicks) throws IOException {
        CompletableFuture<@Nullable StateDump> candidate = latest;
        if (!isFinal && !candidate.isDone()) {
            return null;
        }
        StateDump dump = await(candidate);
        if (dump == null) {
            return null;
        }
        StateDump rest = dump.after(storedTicks);
        return rest.parts().isEmpty() ? null : rest;
    }

    /// Whether one is being taken: nothing later is to be stored before it.
    public boolean isBeingTaken() {
        return !latest.isDone();
    }

    /// The latest one, or null when there is none.
    @Nullable
    public StateDump latest() throws IOException {
        return await(latest);
    }

    /// The state of this moment.
    public StateDump now() {
        return new StateDumpReader(ids).read();
    }

    /// Records were put into the trace; a next daemon knows how many.
    public void stored(long records) {
        storedRecords = storedRecords + records;
        try {
            Files.writeString(countFile, Long.toString(storedRecords));
        } catch (IOException notKept) {
            LOG.log(System.Logger.Level.WARNING, "Count not kept: " + Reason.of(notKept));
        }
    }

    /// How many records of state dumps are in the trace.
    public long storedRecords() {
        return storedRecords;
    }

    private void begun() {
        try {
            Files.writeString(mark, "");
        } catch (IOException notKept) {
            LOG.log(System.Logger.Level.WARNING, "Not marked: " + Reason.of(notKept));
        }
    }

    private static long loadCount(Path file) {
        try {
            return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
        } catch (IOException | NumberFormatException damaged) {
            return 0;
        }
    }

    private static @Nullable StateDump await(CompletableFuture<@Nullable StateDump> dump)
            throws IOException {
        try {
            return dump.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            return null;
        } catch (ExecutionException failed) {
            throw new IOException("state dump", failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /// A full disk costs the next daemon the dump, not this one.
    private StateDump kept(StateDump dump) {
        try {
            dump.save(file);
            Files.deleteIfExists(mark);
        } catch (IOException notKept) {
            LOG.log(System.Logger.Level.WARNING, "State dump not kept: " + Reason.of(notKept));
        }
        return dump;
    }

    /// A daemon that was killed while it took one leaves none.
    private static @Nullable StateDump load(Path file) {
        try {
            return Files.exists(file) ? StateDump.load(file) : null;
        } catch (IOException damaged) {
            return null;
        }
    }
}
