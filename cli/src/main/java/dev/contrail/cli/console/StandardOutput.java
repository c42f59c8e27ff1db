// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/// Standard output, which remembers why something could not be written: of a text nobody asks. Used
/// by several threads.
final class StandardOutput extends OutputStream {
    private final OutputStream bytes;
    private volatile Optional<IOException> failure = Optional.empty();

    StandardOutput(OutputStream bytes) {
        this.bytes = bytes;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        try {
            bytes.write(from, offset, length);
        } catch (IOException e) {
            failure = Optional.of(e);
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        bytes.flush();
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    /// Why the last write failed that did; empty when all could be written.
    Optional<IOException> failure() {
        return failure;
    }
}
