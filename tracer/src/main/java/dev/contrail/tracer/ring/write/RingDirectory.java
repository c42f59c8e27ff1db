// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.contrail.tracer.process.ControlGroups;
import dev.contrail.tracer.process.ProcFacts;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// Where the rings of this user lie, and whether it is safe and large enough.
public final class RingDirectory {
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int OPEN_TO_OTHERS = 0077;

    private RingDirectory() {}

    /// `/dev/shm/contrail-UID`, unless `contrail.ring.directory` or `CONTRAIL_RING_DIRECTORY` says
    /// otherwise.
    public static Path path() throws IOException {
        String configured = configured();
        return configured != null
                ? Path.of(configured).toAbsolutePath()
                : Path.of("/dev/shm/contrail-" + ProcFacts.userId());
    }

    private static String configured() {
        return System.getProperty(
                "contrail.ring.directory", System.getenv("CONTRAIL_RING_DIRECTORY"));
    }

    /// Makes the directory if need be.
    ///
    /// @throws PoolRefusedException when it is not ours alone
    @SuppressWarnings("NullAway") // the attributes asked for are there
    static Path prepare() throws IOException, PoolRefusedException {
        Path directory = path();
        try {
            Files.createDirectory(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            // as it should be, after the first time
        }
        Map<String, Object> found =
                Files.readAttributes(directory, "unix:uid,mode,isDirectory", NOFOLLOW_LINKS);
        if (!(Boolean) found.get("isDirectory")) {
            throw new PoolRefusedException(directory + " is not a directory");
        }
        int uid = ProcFacts.userId();
        if ((Integer) found.get("uid") != uid) {
            throw new PoolRefusedException(
                    "%s belongs to user %s, want %d".formatted(directory, found.get("uid"), uid));
        }
        int forbidden = configured() == null ? OPEN_TO_OTHERS : WRITABLE_BY_OTHERS;
        int mode = (Integer) found.get("mode") & 07777;
        if ((mode & forbidden) != 0) {
            throw new PoolRefusedException(
                    "%s has mode %o, want none of %o".formatted(directory, mode, forbidden));
        }
        return directory;
    }

    /// Makes nothing, and needs nothing to be there.
    ///
    /// @throws PoolRefusedException when `bytes` more are not to be had
    static void checkMemory(long bytes) throws IOException, PoolRefusedException {
        Path there = path();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        FileStore store = store(there);
        check(bytes, store.getUsableSpace(), "on " + there);
        if (!store.type().equals("tmpfs")) {
            return;
        }
        check(bytes, ProcFacts.availableMemory(), "of memory on this machine");
        for (Path limit : ControlGroups.limits()) {
            check(bytes, ControlGroups.bytesLeft(limit), "below the limit in " + limit);
        }
    }

    /// Where the list of mounts cannot be opened, the JDK says that there is no mount: opening it
    /// tells why, such as that there is no descriptor left.
    private static FileStore store(Path there) throws IOException {
        try {
            return Files.getFileStore(there);
        } catch (IOException e) {
            Files.newInputStream(Path.of("/proc/self/mounts")).close();
            throw e;
        }
    }

    private static void check(long bytes, long available, String where)
            throws PoolRefusedException {
        if (available < bytes) {
            throw new PoolRefusedException(
                    "a ring of %d bytes is asked for, %d are free %s"
                            .formatted(bytes, available, where));
        }
    }
}
