// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import dev.contrail.tracer.ring.read.RingException;
import dev.contrail.tracer.ring.read.RingFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Where applications keep their ring files. Any thread.
public final class RingDirectories {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /// Directories that users have chosen instead; those beyond are looked at for their own
    /// application only.
    private static final int MAX_CHOSEN = 64;

    /// A ring file and who owns it.
    public record Found(Path path, int uid) {}

    private final int uid;
    private final Map<Path, Integer> chosen = new ConcurrentHashMap<>();
    private final System.Logger log = System.getLogger("dev.contrail.recorder");

    /// @param uid the daemon's user; root's daemon serves everybody
    public RingDirectories(int uid) {
        this.uid = uid;
    }

    /// Where we find the ring that a process calls `untrusted`, if it is one of that user's: at
    /// that place, or there as the process sees the files.
    ///
    /// @param pid as we count, or 0 when the process cannot be seen from here
    public Optional<Path> locate(String untrusted, long pid, int owner) {
        Path path = Path.of(untrusted);
        if (isRingOf(path, owner)) {
            return Optional.of(path);
        }
        if (pid == 0 || !path.isAbsolute() || !path.equals(path.normalize())) {
            return Optional.empty();
        }
        Path root = Path.of("/proc", Long.toString(pid), "root");
        Path step = root;
        for (Path name : path) {
            step = step.resolve(name);
            if (Files.isSymbolicLink(step)) { // it would lead into our files, not the process's
                return Optional.empty();
            }
        }
        return isRingOf(step, owner) ? Optional.of(step) : Optional.empty();
    }

    /// Whether that is the place of a ring of that user.
    boolean isRingOf(Path path, int owner) {
        Path directory = path.getParent();
        return path.isAbsolute()
                && path.equals(path.normalize())
                && directory != null
                && path.toString().endsWith(".ring")
                && isOwned(path, owner)
                && isOwned(directory, owner);
    }

    /// A ring lies there: so may others, of processes that have ended.
    public void remember(Path ring, int owner) {
        Path directory = ring.getParent();
        if (directory != null && chosen.size() < MAX_CHOSEN && !directory.startsWith("/proc")) {
            chosen.put(directory, owner);
        }
    }

    /// The rings in which a session has a pool for that channel.
    public List<Found> ringsOf(long sessionId, int channelId) {
        return all().stream()
                .filter(found -> hasPool(found.path, found.uid, sessionId, channelId))
                .toList();
    }

    /// Whether the file is a ring of that user with a pool of that channel.
    private boolean hasPool(Path path, int owner, long sessionId, int channelId) {
        try {
            return looksAtPool(path, owner, sessionId, channelId);
        } catch (IOException | VirtualMachineError e) {
            log.log(System.Logger.Level.DEBUG, "not a ring: " + path, e);
            return false;
        }
    }

    /// The same; also when that cannot be said now, for want of memory or descriptors.
    public boolean mayHavePool(Path path, int owner, long sessionId, int channelId) {
        try {
            return looksAtPool(path, owner, sessionId, channelId);
        } catch (RingException | NoSuchFileException e) {
            log.log(System.Logger.Level.DEBUG, "not a ring: " + path, e);
            return false;
        } catch (IOException | VirtualMachineError e) {
            log.log(System.Logger.Level.DEBUG, "cannot be read now: " + path, e);
            return true;
        }
    }

    private boolean looksAtPool(Path path, int owner, long sessionId, int channelId)
            throws IOException {
        if (!isRingOf(path, owner)) {
            return false;
        }
        try (RingFile ring = RingFile.open(path, owner)) {
            return ring.pools().stream()
                    .anyMatch(
                            pool -> pool.sessionId() == sessionId && pool.channelId() == channelId);
        }
    }

    /// Every file that calls itself a ring.
    List<Found> all() {
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
        chosen.forEach((directory, owner) -> {
            if (!directory.startsWith(SHARED_MEMORY.resolve("contrail-" + owner))) {
                list(directory, owner, files);
            }
        });
        return files;
    }

    private void list(Path directory, int owner, List<Found> into) {
        if (!isOwned(directory, owner)) {
            return;
        }
        try (DirectoryStream<Path> rings = Files.newDirectoryStream(directory, "*.ring")) {
            rings.forEach(ring -> into.add(new Found(ring, owner)));
        } catch (IOException e) {
            log.log(System.Logger.Level.DEBUG, "no ring directory", e);
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
