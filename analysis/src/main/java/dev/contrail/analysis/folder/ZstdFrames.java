// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The frames of a file in the Zstandard format (RFC 8878) for a decoder that takes only those with
/// data, and their windows as they are: skippable frames are left out, and large windows refused.
///
/// The bytes of a frame are passed on unchanged; only lengths are looked at. What is wrong with
/// them ends the stream, and is told by [#damage]: a decoder reads ahead, and shall unpack what is
/// before.
final class ZstdFrames extends InputStream {
    /// How much of the past a frame may refer to. RFC 8878, section 3.1.1.1.2, wants every decoder
    /// to take that.
    static final int MAX_WINDOW_BYTES = 8 << 20;

    private static final int MAGIC = 0xFD2FB528;
    private static final int SKIPPABLE_MAGIC = 0x184D2A50;
    private static final int CHECKSUM_BYTES = 4;

    /// By the flag of two bits in the frame header.
    private static final int[] CONTENT_SIZE_BYTES = {0, 2, 4, 8};

    private static final int[] DICTIONARY_ID_BYTES = {0, 1, 2, 4};

    private enum Expected {
        FRAME,
        BLOCK,
        FRAME_END
    }

    private final InputStream in;

    /// Bytes that have been looked at and not been passed on: of a frame header at most.
    private final ByteBuffer ahead = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);

    private Expected expected = Expected.FRAME;
    private boolean hasChecksum;

    /// Bytes to be passed on before something is expected.
    private long rest;

    private @Nullable IOException damage;

    ZstdFrames(InputStream in) {
        this.in = in;
        ahead.limit(0);
    }

    /// Whether a file that begins so has a frame there that is no data: some tools write one first.
    static boolean isSkippable(byte[] begin) {
        return begin.length >= 4
                && isSkippable(ByteBuffer.wrap(begin).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }

    private static boolean isSkippable(int magic) {
        return (magic & 0xFFFFFFF0) == SKIPPABLE_MAGIC;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (length == 0 || damage != null) {
            return length == 0 ? 0 : -1;
        }
        try {
            return next(into, offset, length);
        } catch (IOException e) {
            damage = e;
            return -1;
        }
    }

    /// Why the stream has ended before the file, if it has.
    Optional<IOException> damage() {
        return Optional.ofNullable(damage);
    }

    private int next(byte[] into, int offset, int length) throws IOException {
        while (!ahead.hasRemaining() && rest == 0) {
            if (!look()) {
                return -1;
            }
        }
        if (ahead.hasRemaining()) {
            int taken = Math.min(length, ahead.remaining());
            ahead.get(into, offset, taken);
            return taken;
        }
        int read = in.read(into, offset, (int) Math.min(length, rest));
        if (read < 0) {
            throw new IOException("the file ends within a block");
        }
        rest -= read;
        return read;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /// Reads what stands next.
    ///
    /// @return whether there is something
    private boolean look() throws IOException {
        ahead.clear();
        switch (expected) {
            case FRAME -> {
                return lookAtFrame();
            }
            case BLOCK -> lookAtBlock();
            case FRAME_END -> {
                rest = hasChecksum ? CHECKSUM_BYTES : 0;
                expected = Expected.FRAME;
                ahead.flip();
            }
        }
        return true;
    }

    private boolean lookAtFrame() throws IOException {
        int first = in.read();
        if (first < 0) {
            ahead.flip();
            return false;
        }
        ahead.put((byte) first);
        take(3);
        int magic = ahead.getInt(0);
        if (isSkippable(magic)) {
            take(4);
            in.skipNBytes(ahead.getInt(4) & 0xFFFFFFFFL);
            ahead.limit(0);
            return true;
        }
        if (magic != MAGIC) {
            throw new IOException("no frame begins where the one before ends");
        }
        take(1);
        int descriptor = ahead.get(4);
        hasChecksum = (descriptor & 4) != 0;
        boolean isOneSegment = (descriptor & 0x20) != 0;
        int contentFlag = descriptor >> 6 & 3;
        int contentBytes = isOneSegment && contentFlag == 0 ? 1 : CONTENT_SIZE_BYTES[contentFlag];
        int dictionaryBytes = DICTIONARY_ID_BYTES[descriptor & 3];
        take((isOneSegment ? 0 : 1) + dictionaryBytes + contentBytes);
        checkWindow(
                isOneSegment
                        ? contentSize(5 + dictionaryBytes, contentBytes)
                        : windowSize(ahead.get(5)));
        ahead.flip();
        expected = Expected.BLOCK;
        return true;
    }

    private static long windowSize(int descriptor) {
        long base = 1L << (10 + (descriptor >> 3 & 31));
        return base + base / 8 * (descriptor & 7);
    }

    private long contentSize(int at, int bytes) {
        return switch (bytes) {
            case 1 -> ahead.get(at) & 0xFF;
            case 2 -> (ahead.getShort(at) & 0xFFFF) + 256;
            case 4 -> ahead.getInt(at) & 0xFFFFFFFFL;
            default -> ahead.getLong(at);
        };
    }

    private static void checkWindow(long bytes) throws IOException {
        if (Long.compareUnsigned(bytes, MAX_WINDOW_BYTES) > 0) {
            throw new IOException(
                    "a frame has a window of %s bytes, want at most %d: unpack the file with `zstd -d"
                                    .formatted(Long.toUnsignedString(bytes), MAX_WINDOW_BYTES)
                            + " --memory=2048MB`");
        }
    }

    private void lookAtBlock() throws IOException {
        take(3);
        int header = ahead.get(0) & 0xFF | (ahead.get(1) & 0xFF) << 8 | (ahead.get(2) & 0xFF) << 16;
        boolean isRunLength = (header >> 1 & 3) == 1;
        rest = isRunLength ? 1 : header >> 3;
        expected = (header & 1) != 0 ? Expected.FRAME_END : Expected.BLOCK;
        ahead.flip();
    }

    private void take(int bytes) throws IOException {
        if (in.readNBytes(ahead.array(), ahead.position(), bytes) < bytes) {
            throw new IOException("the file ends within a frame");
        }
        ahead.position(ahead.position() + bytes);
    }
}
