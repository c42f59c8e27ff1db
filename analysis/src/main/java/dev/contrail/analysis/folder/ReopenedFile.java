// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file from front to back that is open only while it is read: streams are many, descriptors few.
final class ReopenedFile extends InputStream {
    private static final int READ_BYTES = 1 << 16;

    private final Path path;
    private final ByteBuffer read;
    private long at;

    ReopenedFile(Path path) throws IOException {
        this.path = path;
        this.read = ByteBuffer.allocate(Math.clamp(Files.size(path), 1, READ_BYTES)).limit(0);
    }

    @Override
    public int read() throws IOException {
        return fill() ? read.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int taken = Math.min(length, read.remaining());
        read.get(into, offset, taken);
        return taken;
    }

    /// What can be had at once; the reader of several gzip members asks.
    @Override
    public int available() throws IOException {
        return fill() ? read.remaining() : 0;
    }

    private boolean fill() throws IOException {
        if (!read.hasRemaining()) {
            read.clear();
            try (FileChannel file = FileChannel.open(path)) {
                at += Math.max(0, file.read(read, at));
            } finally {
                read.flip();
            }
        }
        return read.hasRemaining();
    }
}
