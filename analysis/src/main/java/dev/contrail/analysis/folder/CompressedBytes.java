// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The bytes of a compressed stream file, unpacked as they are asked for: from front to back, with
/// a small stretch in memory. Who goes back further makes it begin again.
final class CompressedBytes implements StreamBytes {
    /// Of these, half are behind what was read last: the next packet is looked for in steps of
    /// that.
    private static final int KEPT_BYTES = 1 << 18;

    private final Path path;
    private final Compression compression;
    private final long unpackedBytes;
    private final byte[] kept;
    private long keptFrom;
    private int keptLength;
    private @Nullable InputStream in;

    /// @param unpackedBytes how many there are, or can be read
    CompressedBytes(Path path, Compression compression, long unpackedBytes) {
        this.path = path;
        this.compression = compression;
        this.unpackedBytes = unpackedBytes;
        this.kept = new byte[Math.clamp(unpackedBytes, 2, KEPT_BYTES)];
    }

    /// What a compressed file holds.
    ///
    /// @param damage why no more can be read; empty when that is all
    record Measure(long bytes, String damage) {}

    /// Unpacks a file once, to see how long it is and whether it is whole.
    static Measure measure(Path path, Compression compression) {
        long bytes = 0;
        try (InputStream in = compression.open(path)) {
            byte[] passed = new byte[KEPT_BYTES];
            for (int read = in.read(passed); read >= 0; read = in.read(passed)) {
                bytes += read;
            }
            return new Measure(bytes, "");
        } catch (IOException e) {
            return new Measure(
                    bytes,
                    "%s: the compressed data cannot be read after %d bytes of trace: %s"
                            .formatted(path, bytes, Reason.of(e)));
        }
    }

    @Override
    public long size() {
        return unpackedBytes;
    }

    @Override
    public void read(ByteBuffer buffer, long offset) throws IOException {
        long end = Math.min(unpackedBytes, offset + buffer.limit());
        while (buffer.hasRemaining()) {
            long at = offset + buffer.position();
            if (at >= end || !reach(at)) {
                break;
            }
            int from = (int) (at - keptFrom);
            buffer.put(kept, from, Math.min(buffer.remaining(), keptLength - from));
        }
        buffer.flip();
    }

    /// Unpacks until a byte is in memory.
    ///
    /// @return whether there is one
    private boolean reach(long at) throws IOException {
        InputStream unpacked = in;
        if (unpacked == null || at < keptFrom) {
            close();
            unpacked = compression.open(path);
            in = unpacked;
            keptFrom = 0;
            keptLength = 0;
        }
        while (at >= keptFrom + keptLength) {
            if (keptLength == kept.length) {
                int half = kept.length / 2;
                System.arraycopy(kept, half, kept, 0, half);
                keptFrom += half;
                keptLength = half;
            }
            int read = unpacked.read(kept, keptLength, kept.length - keptLength);
            if (read < 0) {
                return false;
            }
            keptLength += read;
        }
        return true;
    }

    @Override
    public Optional<ByteBuffer> map(long offset, long length) {
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
            in = null;
        }
    }
}
