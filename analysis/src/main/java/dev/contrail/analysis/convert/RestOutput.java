// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import java.io.IOException;
import java.io.OutputStream;

/// Writes what comes after the first bytes, which have been written before.
final class RestOutput extends OutputStream {
    private final OutputStream out;
    private long written;

    /// @param written how many bytes to leave out
    RestOutput(OutputStream out, long written) {
        this.out = out;
        this.written = written;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        int some = (int) Math.min(written, count);
        written -= some;
        out.write(bytes, offset + some, count - some);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
