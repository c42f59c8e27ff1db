// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import dev.contrail.tracer.ring.Layout;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// The ring file of this process, which [Memory] maps: made once, and given up when it is no longer
/// whole. Owned by the link thread, except [#giveUpIfCut].
final class RingStorage {
    private static final int ZEROS = 1 << 20;

    /// Not a channel: those are closed when their thread is interrupted.
    @SuppressWarnings("NullAway.Init") // made by [#create], before all else
    private static RandomAccessFile storage;

    @SuppressWarnings("NullAway.Init") // known from [#create] on
    private static Path path;

    /// Tells the file from another one at its path; null where the system does not.
    private static @Nullable Object fileKey;

    private static long size;

    /// Called when nobody may touch the memory any more. Takes no lock, and no memory.
    @SuppressWarnings("NullAway.Init") // known from [#create] on
    private static Runnable whenBroken;

    /// Why nothing is recorded any more; empty as long as the file is whole.
    private static volatile String broken = "";

    private RingStorage() {}

    /// Makes the file, with the header but for its magic number.
    ///
    /// @param giveUp called, by any thread, when nobody may touch its memory any more
    static void create(Path newFile, byte[] header, long newSize, Runnable giveUp)
            throws IOException {
        path = newFile;
        size = newSize;
        whenBroken = giveUp;
        Files.createFile(
                path,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            storage = new RandomAccessFile(path.toFile(), "rw");
            writeZeros(0, Layout.METADATA_OFFSET);
            storage.setLength(size); // sparse up to its bound
            fileKey = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            write(header, 0);
        } catch (IOException e) {
            discard();
            throw e;
        }
    }

    /// Deletes the file, of which nobody knows yet.
    static void discard() throws IOException {
        if (storage != null) {
            storage.close();
        }
        Files.deleteIfExists(path);
    }

    static Path path() {
        return path;
    }

    /// Bytes of the file.
    static long size() {
        return size;
    }

    /// Why nothing is recorded any more; empty as long as the file is whole.
    static String broken() {
        return broken;
    }

    static boolean isBroken() {
        return !broken.isEmpty();
    }

    static void write(byte[] bytes, long at) throws IOException {
        storage.seek(at);
        storage.write(bytes);
    }

    /// Through the path, so that a full file system is an exception here and not a fault later.
    static void writeZeros(long from, long length) throws IOException {
        byte[] zeros = new byte[(int) Math.min(length, ZEROS)];
        storage.seek(from);
        for (long left = length; left > 0; left -= zeros.length) {
            storage.write(zeros, 0, (int) Math.min(left, zeros.length));
        }
    }

    /// Ends recording when another file, or none, lies where a next daemon looks for this one.
    static void giveUpIfReplaced() {
        if (isBroken() || isInPlace()) {
            return;
        }
        broken = path + " was deleted or replaced: this process is not recorded any more";
        whenBroken.run(); // what was recorded can still be read by who has the file open
    }

    /// Whether the file is still the one at its path, where a next daemon looks for it.
    private static boolean isInPlace() {
        try {
            Object there =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .fileKey();
            return there == null || there.equals(fileKey);
        } catch (IOException e) {
            return false;
        }
    }

    /// Ends recording when somebody has cut the file. Any thread, also one in the middle of an
    /// event: takes no lock.
    ///
    /// @return whether nothing is recorded any more
    static boolean giveUpIfCut() {
        Fault.forgive(); // it would end the calls below
        if (isBroken()) {
            return true;
        }
        try {
            if (storage.length() >= size) {
                return false;
            }
            giveUp(path + " was cut: this process is not recorded any more");
        } catch (IOException | RuntimeException e) {
            giveUp(path + " cannot be looked at: " + e);
        }
        return true;
    }

    /// Closes the pools, so that nobody touches the memory any more; then makes the file as long as
    /// it was, so that who does so yet gets zeros and no fault. It is no ring any more.
    private static void giveUp(String why) {
        broken = why;
        whenBroken.run();
        try {
            storage.setLength(size);
            storage.seek(Layout.H_MAGIC);
            storage.writeLong(0);
        } catch (IOException e) {
            // then it stays cut: a fault is possible for who is in the middle of a record
        }
    }
}
