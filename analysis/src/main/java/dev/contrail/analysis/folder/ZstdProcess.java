// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A file unpacked by the program `zstd`: the JDK has no codec for it.
///
/// The program bounds its memory itself (128 MiB for the window of the past). It ends when the
/// stream is closed, or with this process, whose end it sees in its output.
final class ZstdProcess extends FilterInputStream {
    private static final int MAX_MESSAGE_BYTES = 1000;

    private final Process process;
    private boolean isEnded;

    private ZstdProcess(Process process) {
        super(process.getInputStream());
        this.process = process;
    }

    static ZstdProcess open(Path file) throws IOException {
        var command =
                new ProcessBuilder(
                        "zstd", "-dcq", "--no-progress", "--", file.toAbsolutePath().toString());
        try {
            Process process = command.start();
            process.getOutputStream().close();
            return new ZstdProcess(process);
        } catch (IOException e) {
            throw new IOException(
                    "files that end in .zst are unpacked by the program `zstd`, which cannot be"
                            + " run: install it (Debian: apt install zstd)",
                    e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        if (read < 0 && !isEnded) {
            isEnded = true;
            check();
        }
        return read;
    }

    /// Tells apart the end of the data and of the program.
    private void check() throws IOException {
        String said =
                new String(
                                process.getErrorStream().readNBytes(MAX_MESSAGE_BYTES),
                                StandardCharsets.UTF_8)
                        .strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(said.isEmpty() ? "zstd has failed" : said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        super.close();
        process.getErrorStream().close();
    }
}
