// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.file;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.log.RelayLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Files and directories with the rights that the real relay gives them, and never through a
/// symbolic link.
public final class StoredFiles {
    private static final Set<StandardOpenOption> CREATE_NEW =
            Set.of(
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);

    private StoredFiles() {}

    /// Makes the output directory where it is missing, and those above it; where the file system
    /// can, they are there after a loss of power.
    public static void makeRoot(Path root) throws IOException {
        if (Files.isDirectory(root)) {
            return;
        }
        Path above = root.getParent();
        if (above != null) {
            makeRoot(above);
        }
        Files.createDirectories(root); // also where another has just made it
        if (above != null) {
            syncDirectory(above);
        }
    }

    /// Makes a directory, and those above it, below a root.
    public static void makeDirectories(Path root, Path directory) throws IOException {
        if (directory.equals(root)) {
            Files.createDirectories(root);
            return;
        }
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!directory.startsWith(root)) {
            throw new NotDirectoryException(directory.toString());
        }
        makeDirectories(root, parent(directory));
        try {
            Files.createDirectory(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwxrwx---")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
    }

    /// The directory of a file or directory below the output directory.
    public static Path parent(Path below) {
        return Objects.requireNonNull(below.getParent());
    }

    /// Makes a new file; one of that name gives way.
    public static FileChannel create(Path file) throws IOException {
        Files.deleteIfExists(file);
        return FileChannel.open(
                file,
                CREATE_NEW,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw----")));
    }

    /// Opens a file that was made before.
    public static FileChannel goOn(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /// Opens a file that was made before, which nobody else has in this way until it is closed.
    ///
    /// @throws FileInUseException when somebody has it, in this process or another one
    public static FileChannel goOnAlone(Path file) throws IOException {
        Object before = identity(file);
        FileChannel opened = goOn(file);
        try {
            claim(file, opened);
            if (!before.equals(identity(file))) { // replaced meanwhile, by who had it
                throw new FileInUseException(file);
            }
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /// Has an open file alone, as [#goOnAlone] does.
    public static void claim(Path file, FileChannel opened) throws IOException {
        boolean isFree;
        try {
            isFree = opened.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            isFree = false;
        } catch (IOException e) { // a file system without locks
            RelayLog.debug(file + " is not locked: " + Reason.of(e));
            return;
        }
        if (!isFree) {
            throw new FileInUseException(file);
        }
    }

    /// As [#create]; but a file that another stream records into does not give way.
    ///
    /// @param open identities of those
    public static FileChannel createUnlessOpen(Path file, Set<Object> open) throws IOException {
        try {
            if (open.contains(identity(file))) {
                throw new IOException(file + ": another stream records into it");
            }
        } catch (NoSuchFileException e) {
            return create(file); // the usual case
        }
        return create(file);
    }

    /// Whether nothing lies there, in a directory or as one.
    public static boolean isEmpty(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (var below = Files.list(directory)) {
            return below.findAny().isEmpty();
        }
    }

    /// What tells a file from all others, whatever its name.
    public static Object identity(Path file) throws IOException {
        return Objects.requireNonNull(
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .fileKey());
    }

    /// What was made in a directory is there after a loss of power.
    public static void syncDirectory(Path directory) throws IOException {
        try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }

    /// Appends, whole.
    public static void write(FileChannel to, ByteBuffer bytes, long at) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            position += to.write(bytes, position);
        }
    }

    /// Fills a buffer with what lies at a place.
    ///
    /// @throws IOException also when the file ends before
    public static void read(FileChannel from, ByteBuffer into, long at) throws IOException {
        long position = at;
        while (into.hasRemaining()) {
            int count = from.read(into, position);
            if (count < 0) {
                throw new IOException("ends at byte " + position);
            }
            position += count;
        }
    }

    /// Makes the file so long; what is new reads as zeros.
    public static void extend(FileChannel file, long bytes) throws IOException {
        if (bytes > 0 && file.size() < bytes) {
            write(file, ByteBuffer.allocate(1), bytes - 1);
        }
    }

    /// Removes a directory with all that is in it; a symbolic link, not what it leads to.
    public static void deleteTree(Path top) throws IOException {
        if (!Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(
                top,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.deleteIfExists(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
