// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// The bytes of a stream file, which may be compressed.
interface StreamBytes extends Closeable {
    /// How many there are now.
    long size() throws IOException;

    /// Fills the buffer up to its limit from `offset` on, and flips it. When the file has become
    /// shorter meanwhile, the limit comes down.
    void read(ByteBuffer buffer, long offset) throws IOException;

    /// A stretch of the file as memory, if the file is one as it is.
    Optional<ByteBuffer> map(long offset, long length) throws IOException;

    /// Those of a file that is not compressed.
    record Plain(FileChannel channel) implements StreamBytes {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void read(ByteBuffer buffer, long offset) throws IOException {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    break;
                }
            }
            buffer.flip();
        }

        @Override
        public Optional<ByteBuffer> map(long offset, long length) throws IOException {
            return Optional.of(channel.map(FileChannel.MapMode.READ_ONLY, offset, length));
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /// Those of a file that cannot be read.
    record None() implements StreamBytes {
        @Override
        public long size() {
            return 0;
        }

        @Override
        public void read(ByteBuffer buffer, long offset) {
            buffer.limit(0);
        }

        @Override
        public Optional<ByteBuffer> map(long offset, long length) {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }
}
