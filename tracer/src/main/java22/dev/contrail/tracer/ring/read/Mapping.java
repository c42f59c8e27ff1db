// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A ring file in a reader's memory, until it is closed. JDK 22 and later; the same as the class of
/// that name for JDK 17, whose memory goes when it is collected.
final class Mapping implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final ByteBuffer bytes;

    Mapping(FileChannel file, long size) throws IOException {
        try {
            bytes =
                    file.map(FileChannel.MapMode.READ_WRITE, 0, size, arena)
                            .asByteBuffer()
                            .order(LITTLE_ENDIAN);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            arena.close();
            throw e;
        }
    }

    /// Little endian; not to be touched after [#close].
    ByteBuffer bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
