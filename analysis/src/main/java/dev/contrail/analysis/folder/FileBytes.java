// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Reads stretches of a file.
final class FileBytes {
    private FileBytes() {}

    /// Fills the buffer up to its limit from the file's `offset`, and flips it. When the file has
    /// become shorter meanwhile, the limit comes down.
    static void read(FileChannel channel, ByteBuffer buffer, long offset) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                break;
            }
        }
        buffer.flip();
    }
}
