// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Where a sub-buffer lands that is read from the kernel, and stays until it is stored: memory, or
/// a file that outlives the daemon. A read that has begun ends before its process dies, so what the
/// kernel has given away is in that file when a next daemon looks.
///
/// Owned by the consumer thread.
final class ReaderPage {
    private static final int COMMIT = 8;

    private final MemorySegment memory;

    private ReaderPage(MemorySegment memory) {
        this.memory = memory;
    }

    /// A page that is gone with the process.
    static ReaderPage inMemory(int bytes) {
        return new ReaderPage(Arena.ofAuto().allocate(bytes, 8));
    }

    /// The page in `file`, as a daemon before this one has left it; empty when the file is new.
    static ReaderPage in(Path file, int bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            if (channel.size() != bytes) {
                // Written, not only made so long: a full disk must show here, not at a read.
                channel.truncate(0);
                channel.write(ByteBuffer.allocate(bytes), 0);
            }
            return new ReaderPage(mapped(channel, bytes));
        }
    }

    /// The sub-buffer, as the kernel lays it out.
    MemorySegment memory() {
        return memory;
    }

    /// Bytes of records that are not stored yet.
    int pending() {
        return SubBuffer.length(memory, 0, (int) memory.byteSize());
    }

    /// Everything in it is stored.
    void markStored() {
        memory.set(JAVA_LONG_UNALIGNED, COMMIT, 0L);
    }

    /// As plain native memory: one class of segment for all that is converted, so that compiled
    /// code need not tell two apart.
    @SuppressWarnings("restricted")
    private static MemorySegment mapped(FileChannel channel, int bytes) throws IOException {
        Arena arena = Arena.ofAuto();
        long address = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena).address();
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena, null);
    }
}
