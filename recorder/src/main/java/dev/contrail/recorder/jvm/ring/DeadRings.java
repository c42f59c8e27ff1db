// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import dev.contrail.tracer.process.WriterState;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.RingFile;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The rings of processes that have ended: who still wants them stands in them.
///
/// A pool is a session's claim. A ring is deleted when its process has ended and no pool is left in
/// it, by whichever daemon sees that. Our sessions' claims end when they have had what the pool
/// holds, or, the oldest first, when a user's rings of ended processes are too many or too large.
/// Claims of other daemons are theirs, unless they have not looked after them for a day.
///
/// Owned by the housekeeping thread, but for what is concurrent.
final class DeadRings {
    /// Bounds for a user's rings of ended processes: a build script starts hundreds of JVMs.
    static final int MAX_RINGS = 512;

    /// The same in bytes, at most; and not more than this part of where they lie.
    static final long MAX_BYTES = 256L << 20;

    private static final int PART_OF_STORE = 4;

    /// A claim that nobody has looked after for so long is nobody's; its daemon writes every hour.
    private static final long ABANDONED_NANOS = 86_400_000_000_000L;

    /// Deleted rings that are remembered, the newest: a session asks within a second or so.
    private static final int MAX_DELETED = 4096;

    private final RingDirectories directories;
    private final Set<Path> deleted = Collections.synchronizedSet(new LinkedHashSet<>());
    private final Set<Long> keepers = ConcurrentHashMap.newKeySet();
    private final Set<Long> destroyed = ConcurrentHashMap.newKeySet();
    private final Consumer<Path> giveUp;
    private final System.Logger log = System.getLogger("dev.contrail.recorder");

    private record Kept(Path path, long bytes, long lastSign) {}

    /// @param giveUp makes our sessions end their claims on a ring, soon
    DeadRings(RingDirectories directories, Consumer<Path> giveUp) {
        this.directories = directories;
        this.giveUp = giveUp;
    }

    /// A session of this daemon that keeps rings for snapshots and never writes into them.
    void keeper(long sessionId) {
        keepers.add(sessionId);
    }

    /// A session of this daemon was destroyed: what still claims a ring for it, such as a pool that
    /// was made while its process was killed, claims it for nobody.
    void noKeeper(long sessionId) {
        keepers.remove(sessionId);
        destroyed.add(sessionId);
    }

    /// Deletes, shrinks and bounds.
    void tidy() {
        Map<Path, List<Kept>> kept = new HashMap<>();
        for (RingDirectories.Found found : directories.all()) {
            try (RingFile ring = RingFile.open(found.path(), found.uid())) {
                if (ring.writer() != WriterState.ENDED) {
                    releaseAbandoned(ring);
                    continue;
                }
                releaseAbandoned(ring);
                if (ring.pools().isEmpty()) {
                    delete(found.path());
                    continue;
                }
                long bytes = ring.storedBytes();
                if (!ring.isShrunk() && isOursAlone(ring)) {
                    shrink(ring);
                    try (RingFile copy = RingFile.open(found.path(), found.uid())) {
                        bytes = copy.storedBytes();
                    }
                }
                kept.computeIfAbsent(found.path().getParent(), _ -> new ArrayList<>())
                        .add(new Kept(found.path(), bytes, ring.heartbeatNanos()));
            } catch (IOException
                    | RuntimeException
                    | VirtualMachineError e) { // it costs the others nothing
                log.log(System.Logger.Level.DEBUG, "not looked after: " + found.path(), e);
            }
        }
        kept.forEach(this::limit);
    }

    /// Ends claims on a ring: a session has had what it wanted of a channel, or wants it no more.
    /// What a living process has not closed stays its own.
    void release(Path path, int owner, Predicate<Pool> claims) {
        try (RingFile ring = RingFile.open(path, owner)) {
            boolean hasEnded = ring.writer() == WriterState.ENDED;
            for (Pool pool : ring.pools()) {
                if (claims.test(pool) && (hasEnded || pool.isDraining())) {
                    pool.release();
                }
            }
            if (hasEnded && ring.pools().isEmpty()) {
                delete(path);
            }
        } catch (IOException | RuntimeException e) {
            log.log(System.Logger.Level.DEBUG, "Cannot give back the memory of " + path, e);
        }
    }

    private void releaseAbandoned(RingFile ring) throws IOException {
        for (Pool pool : ring.pools()) {
            boolean isFree = pool.isDraining() || ring.writer() == WriterState.ENDED;
            if (isFree && destroyed.contains(pool.sessionId())) {
                pool.release();
            } else if (isFree && pool.isAbandoned(ABANDONED_NANOS)) {
                log.log(
                        System.Logger.Level.INFO,
                        "{0}: {1} event records of a session that nobody has looked after for a"
                                + " day are given up",
                        ring.path(),
                        pool.totals().recorded());
                pool.release();
            }
        }
    }

    private boolean isOursAlone(RingFile ring) throws IOException {
        return ring.pools().stream().allMatch(pool -> keepers.contains(pool.sessionId()));
    }

    /// Puts a copy in the ring's place that holds only what is left to read. The directory is its
    /// user's, who may do with it as they like meanwhile: nothing is done but inside it.
    private void shrink(RingFile ring) throws IOException {
        Path path = ring.path();
        Path copy = Path.of(path.getFileName() + "~");
        try (DirectoryStream<Path> opened = Files.newDirectoryStream(path.getParent())) {
            if (!(opened instanceof SecureDirectoryStream<Path> directory)) {
                return;
            }
            try {
                try (SeekableByteChannel to =
                        directory.newByteChannel(
                                copy,
                                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rw-------")))) {
                    ring.writeShrunk(to);
                }
                owner(directory, copy).setOwner(owner(directory, path.getFileName()).getOwner());
                directory.move(copy, directory, path.getFileName());
            } catch (IOException e) { // no room, most likely: the ring stays as it is
                directory.deleteFile(copy);
                throw e;
            }
        }
    }

    private static FileOwnerAttributeView owner(SecureDirectoryStream<Path> in, Path file) {
        return in.getFileAttributeView(
                file, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /// Gives up the oldest of a directory's rings beyond the bounds.
    private void limit(Path directory, List<Kept> kept) {
        long most = MAX_BYTES;
        try {
            most = Math.min(most, Files.getFileStore(directory).getTotalSpace() / PART_OF_STORE);
        } catch (IOException e) {
            log.log(System.Logger.Level.DEBUG, "no size of " + directory, e);
        }
        kept.sort(Comparator.comparingLong(Kept::lastSign).reversed());
        long bytes = 0;
        for (int i = 0; i < kept.size(); i++) {
            bytes += kept.get(i).bytes;
            if (i >= MAX_RINGS || bytes > most) {
                giveUp.accept(kept.get(i).path);
            }
        }
    }

    /// Whether that ring was deleted here, with nothing in it. Any thread.
    boolean hasDeleted(Path ring) {
        return deleted.contains(ring);
    }

    private void delete(Path ring) {
        synchronized (deleted) {
            if (deleted.size() >= MAX_DELETED) {
                deleted.remove(deleted.iterator().next());
            }
            deleted.add(ring); // before: whoever misses it asks afterwards
        }
        try {
            Files.deleteIfExists(ring);
        } catch (IOException e) {
            log.log(System.Logger.Level.WARNING, "Cannot delete the ring " + ring, e);
        }
    }
}
