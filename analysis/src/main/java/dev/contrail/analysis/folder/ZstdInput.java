// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import io.airlift.compress.v3.zstd.ZstdJavaInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A file in the Zstandard format, unpacked.
final class ZstdInput extends InputStream {
    private final ZstdFrames frames;
    private final InputStream decoder;

    ZstdInput(InputStream file) {
        frames = new ZstdFrames(file);
        decoder = new ZstdJavaInputStream(frames);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /// What is wrong with the frames is the reason, not what the decoder makes of their end.
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = -1;
        try {
            read = decoder.read(into, offset, length);
        } catch (IOException e) {
            throw frames.damage().orElse(e);
        }
        if (read < 0 && frames.damage().isPresent()) {
            throw frames.damage().get();
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        decoder.close();
    }
}
