// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/// The file that a viewer writes to whose place a relay remembers. Together with the place the
/// relay keeps how long the file was then: a viewer that was killed may have written more than it
/// could say, which is taken back when it comes again, so that nothing stands there twice.
///
/// The mark, big-endian: `u64` device, `u64` inode, `u64` bytes.
public final class ResumedOutput {
    /// Where it goes is no file: what was written cannot be taken back.
    public static final ResumedOutput NONE = new ResumedOutput(Optional.empty());

    private static final int MARK_BYTES = 3 * Long.BYTES;

    private final Optional<Path> file;

    private ResumedOutput(Optional<Path> file) {
        this.file = file;
    }

    /// A file that is appended to and belongs to the viewer.
    public static ResumedOutput to(Path file) {
        return new ResumedOutput(Optional.of(file));
    }

    /// What tells the file, as long as it is now.
    byte[] mark() throws IOException {
        if (file.isEmpty()) {
            return new byte[0];
        }
        return identity(file.get()).putLong(Files.size(file.get())).array();
    }

    private static ByteBuffer identity(Path file) throws IOException {
        return ByteBuffer.allocate(MARK_BYTES)
                .putLong(((Number) Files.getAttribute(file, "unix:dev")).longValue())
                .putLong(((Number) Files.getAttribute(file, "unix:ino")).longValue());
    }

    /// Takes back what was written after a mark.
    ///
    /// @return whether the file is the one that the mark is of
    boolean goOn(byte[] mark) throws IOException {
        if (file.isEmpty() || mark.length != MARK_BYTES || !Files.isRegularFile(file.get())) {
            return false;
        }
        int size = MARK_BYTES - Long.BYTES;
        byte[] present = identity(file.get()).array();
        long bytes = ByteBuffer.wrap(mark).getLong(size);
        if (!Arrays.equals(mark, 0, size, present, 0, size) || bytes < 0) {
            return false;
        }
        try (FileChannel open = FileChannel.open(file.get(), StandardOpenOption.WRITE)) {
            if (open.size() < bytes) {
                return false;
            }
            open.truncate(bytes);
        }
        return true;
    }
}
