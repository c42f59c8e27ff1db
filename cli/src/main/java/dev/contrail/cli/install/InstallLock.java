// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.install;

import dev.contrail.cli.console.Console;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/// The right to change one installation: of all processes, one at a time has it, and the others
/// wait.
///
/// It is a lock on a file beside the versions, which is there only as long: what a killed process
/// leaves of it holds nobody up.
final class InstallLock implements AutoCloseable {
    /// More owners in a row do not remove it just between two steps of ours.
    private static final int MOST_ATTEMPTS = 1000;

    private final Path file;
    private final FileChannel channel;

    private InstallLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Waits for it, and says so; makes the directory of versions.
    static InstallLock take(Installation installation, Console console) throws IOException {
        Path directory = installation.written(installation.versions());
        Path file = directory.resolve(".lock");
        boolean isSaid = false;
        for (int attempt = 1; ; attempt++) {
            try {
                installation.make(installation.versions());
                create(file);
                Object identity = identity(file);
                FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                try {
                    if (channel.tryLock() == null) {
                        if (!isSaid) {
                            console.note(
                                    "Another install is running below "
                                            + installation.prefix()
                                            + "; waiting…");
                            isSaid = true;
                        }
                        channel.lock();
                    }
                    if (identity(file).equals(identity)) {
                        return new InstallLock(file, channel);
                    }
                    channel.close();
                } catch (IOException | RuntimeException e) {
                    channel.close();
                    throw e;
                }
            } catch (NoSuchFileException e) {
                // Its last owner has removed it since, or an uninstall the directory: or there is a
                // file system in which none can be made.
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static void create(Path file) throws IOException {
        try {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // Another's, or one that a killed process has left.
            return;
        }
    }

    /// Which file a name stands for. To open it for that would be to give the lock up: closing any
    /// descriptor of a file ends its locks.
    private static Object identity(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(file);
        }
    }
}
