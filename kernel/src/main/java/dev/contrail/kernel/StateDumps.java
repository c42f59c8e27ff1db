// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The state dumps of one session: taken by a thread of their own at each start, stored by the
/// consumer thread, kept in a file for snapshots and for a next daemon.
///
/// The control thread calls [#take], the consumer thread the rest.
final class StateDumps {
    private static final long WAIT_SECONDS = 5;
    private static final System.Logger LOG = System.getLogger(StateDumps.class.getName());

    private final Path file;
    private final Path countFile;
    private final ToIntFunction<String> ids;
    private volatile CompletableFuture<@Nullable StateDump> latest;
    private volatile long storedRecords;

    StateDumps(Path file, ToIntFunction<String> ids) {
        this.file = file;
        this.ids = ids;
        countFile = file.resolveSibling(file.getFileName() + ".stored");
        storedRecords = loadCount(countFile);
        latest = CompletableFuture.completedFuture(load(file));
    }

    /// Begins to take one.
    void take() {
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

    /// The latest one, when it is taken and newer than what is stored; else null.
    ///
    /// @param isFinal also waits for one that is being taken
    /// @param storedTicks time of the last record of a state dump that is stored
    @Nullable StateDump next(boolean isFinal, long storedTicks) throws IOException {
        CompletableFuture<@Nullable StateDump> candidate = latest;
        if (!isFinal && !candidate.isDone()) {
            return null;
        }
        StateDump dump = await(candidate);
        boolean isNew =
                dump != null
                        && !dump.parts().isEmpty()
                        && dump.parts().getFirst().firstTicks() > storedTicks;
        return isNew ? dump : null;
    }

    /// The latest one, or null when there is none.
    @Nullable StateDump latest() throws IOException {
        return await(latest);
    }

    /// The state of this moment.
    StateDump now() {
        return new StateReader(ids).read();
    }

    /// Records were put into the trace; a next daemon knows how many.
    void stored(long records) {
        storedRecords = storedRecords + records;
        try {
            Files.writeString(countFile, Long.toString(storedRecords));
        } catch (IOException notKept) {
            LOG.log(System.Logger.Level.WARNING, "Count not kept: " + Reason.of(notKept));
        }
    }

    /// How many records of state dumps are in the trace.
    long storedRecords() {
        return storedRecords;
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
