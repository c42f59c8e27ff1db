// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A ring file in a reader's memory.
///
/// JDK 17 to 21 give the memory back when the buffer is collected. `META-INF/versions/22` gives it
/// back at once.
final class Mapping implements AutoCloseable {
    private final ByteBuffer bytes;

    Mapping(FileChannel file, long size) throws IOException {
        bytes = file.map(FileChannel.MapMode.READ_WRITE, 0, size).order(LITTLE_ENDIAN);
    }

    /// Little endian; not to be touched after [#close].
    ByteBuffer bytes() {
        return bytes;
    }

    @Override
    public void close() {
        // the collector does it
    }
}
