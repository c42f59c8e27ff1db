// SPDX-License-Identifier: Apache-2.0
package dev.contrail.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;

/// Maps files that Java has opened. Any thread.
public final class MappedFiles {
    private MappedFiles() {}

    /// The first `bytes` of a file, to read and write, as plain native memory: the same class of
    /// segment as memory from an arena, so that compiled code need not tell two apart.
    ///
    /// The file keeps its size, where a mapping by Java would extend it; touching memory that lies
    /// after its end is an error (`InternalError`). It stays mapped while the segment is reachable,
    /// also when the file is closed.
    @SuppressWarnings("restricted")
    public static MemorySegment map(FileChannel file, long bytes) throws IOException {
        long size = file.size();
        Arena arena = Arena.ofAuto();
        long address = file.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena).address();
        file.truncate(size);
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena, null);
    }
}
