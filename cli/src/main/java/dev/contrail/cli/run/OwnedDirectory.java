// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.cli.console.DirectoryTree;
import dev.contrail.cli.console.Places;
import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A temporary directory that its process has a lock on: of one without that process, whoever comes
/// next knows that nobody needs it.
final class OwnedDirectory implements AutoCloseable {
    private static final String PREFIX = "contrail-record-";

    private static final String LOCK = "owner.lock";

    private final Path path;
    private final FileChannel lock;

    private OwnedDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /// Removes those of this user whose process has ended, and makes a new one.
    static OwnedDirectory open(int uid) throws IOException {
        return open(Places.temporary(), uid);
    }

    static OwnedDirectory open(Path parent, int uid) throws IOException {
        removeLeft(parent, uid);
        Path path = Files.createTempDirectory(parent, PREFIX);
        Path made = path.resolve(LOCK + ".new");
        FileChannel lock =
                FileChannel.open(made, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() == null) {
                throw new IOException(made + " is locked");
            }
            // Under its name it is locked from the beginning, so nobody takes it for left.
            Files.move(made, path.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
        return new OwnedDirectory(path, lock);
    }

    Path path() {
        return path;
    }

    /// Deletes it.
    @Override
    public void close() throws IOException {
        try (lock) {
            DirectoryTree.delete(path);
        }
    }

    private static void removeLeft(Path parent, int uid) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path each : all) {
                removeIfLeft(each, uid);
            }
        } catch (IOException e) {
            log(parent, e); // nothing is lost but memory
        }
    }

    private static void removeIfLeft(Path directory, int uid) {
        Path file = directory.resolve(LOCK);
        try {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || (Integer)
                                    Files.getAttribute(
                                            directory, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                            != uid) {
                return;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                if (channel.tryLock() != null) {
                    DirectoryTree.delete(directory);
                }
            }
        } catch (IOException e) {
            log(directory, e); // another one removes it, perhaps
        } catch (OverlappingFileLockException e) {
            log(directory, e); // it is this process's own
        }
    }

    private static void log(Path what, Exception why) {
        System.getLogger("dev.contrail.cli")
                .log(System.Logger.Level.DEBUG, "Not removed: " + what + ": " + Reason.of(why));
    }
}
