// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.tracefs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.contrail.posix.RawFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// The files with the accounts of an instance's rings, held open: they are read many times a
/// second. One thread at a time.
final class StatsFiles implements AutoCloseable {
    /// More than one of them has.
    private static final int MOST_BYTES = 4096;

    private final Map<Integer, RawFile> files = new HashMap<>();
    private final MemorySegment text = Arena.ofAuto().allocate(MOST_BYTES);
    private boolean isClosed;

    /// Opens a file, when it is asked for the first time.
    interface Opening {
        RawFile open() throws IOException;
    }

    CpuStats read(int cpu, Opening opening) throws IOException {
        RawFile known = files.get(cpu);
        RawFile file = known == null ? opening.open() : known;
        try {
            int length = file.readFirst(text);
            byte[] bytes = text.asSlice(0, length).toArray(JAVA_BYTE);
            return CpuStats.parse(new String(bytes, StandardCharsets.ISO_8859_1));
        } finally {
            if (isClosed) {
                file.close();
            } else {
                files.put(cpu, file);
            }
        }
    }

    /// What is read after this is opened for each time.
    @Override
    public void close() throws IOException {
        isClosed = true;
        for (RawFile file : files.values()) {
            file.close();
        }
        files.clear();
    }
}
