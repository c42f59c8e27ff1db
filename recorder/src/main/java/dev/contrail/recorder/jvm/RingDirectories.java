// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.tracer.ring.Pool;
import dev.contrail.tracer.ring.RingFile;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/// The directories in which applications keep their ring files, and who uses which file.
///
/// Owned by the control thread, but for [#userOf].
final class RingDirectories {
    /// Rings of ended applications that a snapshot session keeps: a build script starts hundreds of
    /// JVMs, and each ring is memory.
    static final int MAX_DEAD_RINGS = 64;

    /// Rings of ended applications that nobody uses: beyond this number or age they go.
    private static final int MAX_ORPHANS = 256;

    private static final Duration MAX_ORPHAN_AGE = Duration.ofDays(1);
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /// A ring file and who owns it.
    record Found(Path path, int uid) {}

    private final int uid;
    private final Map<Path, Integer> holders = new HashMap<>();
    private final System.Logger log = System.getLogger("dev.contrail.recorder");

    RingDirectories(int uid) {
        this.uid = uid;
    }

    /// The user id of the process at the other end.
    ///
    /// @param untrustedPid what it says that its process id is
    /// @throws IOException when it is not the process that it says, or not for this daemon
    int userOf(SocketChannel connection, long untrustedPid) throws IOException {
        UserPrincipal peer = connection.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        Path process = Path.of("/proc", Long.toString(untrustedPid));
        int user;
        if (Files.exists(process) && Files.getOwner(process).getName().equals(peer.getName())) {
            user = (Integer) Files.getAttribute(process, "unix:uid");
        } else {
            throw new IOException("process " + untrustedPid + " is not " + peer.getName() + "'s");
        }
        if (uid != 0 && user != uid) {
            throw new IOException("process " + untrustedPid + " belongs to user " + user);
        }
        return user;
    }

    /// Whether that user may announce that file as a ring of a process of theirs.
    boolean isRingOf(Path path, int owner) {
        return path.isAbsolute()
                && path.equals(path.normalize())
                && path.getFileName().toString().endsWith(".ring")
                && isOwned(path, owner)
                && path.getParent() != null
                && isOwned(path.getParent(), owner);
    }

    /// The rings in which a session has a pool for that channel.
    List<Found> ringsOf(long sessionId, int channelId) {
        var rings = new ArrayList<Found>();
        for (Found found : all()) {
            if (hasPool(found.path, found.uid, sessionId, channelId)) {
                rings.add(found);
            }
        }
        return rings;
    }

    /// Whether the file is a ring of that user with a pool of that channel.
    boolean hasPool(Path path, int owner, long sessionId, int channelId) {
        if (!isRingOf(path, owner)) {
            return false;
        }
        try (RingFile ring = RingFile.open(path, owner)) {
            return ring.pools().stream()
                    .anyMatch(
                            pool -> pool.sessionId() == sessionId && pool.channelId() == channelId);
        } catch (IOException e) {
            log.log(System.Logger.Level.DEBUG, "not a ring: " + path, e);
            return false;
        }
    }

    /// Deletes the ring of a process that has ended when nobody, of any daemon, has a pool in it.
    void deleteUnused(Path path, int owner) {
        if (holders.containsKey(path) || !isRingOf(path, owner)) {
            return;
        }
        boolean isUnused = false;
        try (RingFile ring = RingFile.open(path, owner)) {
            isUnused = !ring.writerIsAlive() && ring.pools().isEmpty();
        } catch (IOException e) {
            log.log(System.Logger.Level.DEBUG, "not a ring: " + path, e);
        }
        if (isUnused) {
            delete(path);
        }
    }

    /// Deletes rings of ended processes that no session of this daemon uses, the oldest first, when
    /// there are too many of them or they are too old. Another daemon may still use the others.
    void limitOrphans() {
        record Orphan(Path path, Instant changed) {}
        var orphans = new ArrayList<Orphan>();
        for (Found found : all()) {
            try (RingFile ring = RingFile.open(found.path, found.uid)) {
                if (!ring.writerIsAlive() && !holders.containsKey(found.path)) {
                    orphans.add(
                            new Orphan(
                                    found.path, Files.getLastModifiedTime(found.path).toInstant()));
                }
            } catch (IOException e) {
                log.log(System.Logger.Level.DEBUG, "not a ring: " + found.path, e);
            }
        }
        orphans.sort(Comparator.comparing(Orphan::changed));
        Instant tooOld = Instant.now().minus(MAX_ORPHAN_AGE);
        for (int i = 0; i < orphans.size(); i++) {
            if (i < orphans.size() - MAX_ORPHANS || orphans.get(i).changed.isBefore(tooOld)) {
                delete(orphans.get(i).path);
            }
        }
    }

    void hold(Path ring) {
        holders.merge(ring, 1, Integer::sum);
    }

    /// One session less uses the ring.
    ///
    /// @param isDead whether its process has ended: the last one then deletes the file
    void letGo(Path ring, boolean isDead) {
        Integer left = holders.computeIfPresent(ring, (_, held) -> held > 1 ? held - 1 : null);
        if (left == null && isDead) {
            delete(ring);
        }
    }

    void delete(Path ring) {
        try {
            Files.deleteIfExists(ring);
        } catch (IOException e) {
            log.log(System.Logger.Level.WARNING, "Cannot delete the ring " + ring, e);
        }
    }

    /// Gives the pools of a session that were closed back to their process.
    void release(Path path, int owner, long sessionId) {
        try (RingFile ring = RingFile.open(path, owner)) {
            for (Pool pool : ring.pools()) {
                if (pool.sessionId() == sessionId && pool.isDraining()) {
                    pool.release();
                }
            }
        } catch (IOException e) {
            log.log(System.Logger.Level.WARNING, "Cannot give back the memory of " + path, e);
        }
    }

    private List<Found> all() {
        var files = new ArrayList<Found>();
        String glob = uid == 0 ? "contrail-*" : "contrail-" + uid;
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(SHARED_MEMORY, glob)) {
            for (Path directory : directories) {
                String digits = directory.getFileName().toString().substring("contrail-".length());
                if (digits.matches("\\d{1,9}")) {
                    list(directory, Integer.parseInt(digits), files);
                }
            }
        } catch (IOException e) {
            log.log(System.Logger.Level.DEBUG, "no ring directory", e);
        }
        return files;
    }

    private void list(Path directory, int owner, List<Found> into) throws IOException {
        if (!isOwned(directory, owner)) {
            return;
        }
        try (DirectoryStream<Path> rings = Files.newDirectoryStream(directory, "*.ring")) {
            rings.forEach(ring -> into.add(new Found(ring, owner)));
        }
    }

    private static boolean isOwned(Path path, int owner) {
        try {
            return !Files.isSymbolicLink(path)
                    && Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                            .equals(owner);
        } catch (IOException e) {
            return false;
        }
    }
}
