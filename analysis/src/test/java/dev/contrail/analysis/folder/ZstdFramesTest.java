// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.v3.zstd.ZstdJavaOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files in the Zstandard format, as tools write them and as nobody should.
class ZstdFramesTest {
    private static final int BLOCK_BYTES = 128 << 10;

    @TempDir private Path folder;

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final byte[] text = text();

    /// Bytes that can be packed, and are more than a block.
    private static byte[] text() {
        var random = new Random(5);
        byte[] text = new byte[300_000];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) (random.nextInt(8) == 0 ? random.nextInt() : i >> 4);
        }
        return text;
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (OutputStream out = new ZstdJavaOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private void skippable(int kind, int bytes) {
        ByteBuffer frame = ByteBuffer.allocate(8 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.writeBytes(frame.putInt(0x184D2A50 + kind).putInt(bytes).array());
    }

    /// @param descriptor of the window, or the content size of a frame that is one segment
    private void begin(int frame, byte... descriptor) {
        file.writeBytes(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, (byte) frame});
        file.writeBytes(descriptor);
    }

    /// @param kind 0 as it is, 1 one byte that is repeated
    private void block(int kind, int bytes, boolean isLast) {
        int header = bytes << 3 | kind << 1 | (isLast ? 1 : 0);
        file.writeBytes(new byte[] {(byte) header, (byte) (header >> 8), (byte) (header >> 16)});
        file.writeBytes(new byte[kind == 1 ? 1 : bytes]);
    }

    private String written() throws IOException {
        Path path = folder.resolve("s.zst");
        Files.write(path, file.toByteArray());
        return CompressedBytes.measure(path, Compression.ZSTD).damage();
    }

    private byte[] unpacked() throws IOException {
        assertThat(written()).isEmpty();
        try (var in = Compression.ZSTD.open(folder.resolve("s.zst"))) {
            return in.readAllBytes();
        }
    }

    @Test
    void framesFollowEachOtherAndSomeAreForOthers() throws IOException {
        file.writeBytes(packed(text));
        skippable(0, 70_000);
        file.writeBytes(packed(new byte[0]));
        file.writeBytes(packed(text));
        skippable(15, 0);
        byte[] unpacked = unpacked();
        assertThat(unpacked).hasSize(2 * text.length).startsWith(text).endsWith(text);
    }

    @Test
    void aFileMayBeginWithAFrameForOthers() throws IOException {
        skippable(3, 9);
        file.writeBytes(packed(text));
        Path path = folder.resolve("s.zst");
        Files.write(path, file.toByteArray());
        assertThat(Compression.of(path)).isEqualTo(Compression.ZSTD);
        assertThat(unpacked()).isEqualTo(text);
    }

    @Test
    void windowsAreBounded() throws IOException {
        begin(0, (byte) (13 << 3));
        block(0, 5, true);
        assertThat(unpacked()).hasSize(5);

        begin(0, (byte) (21 << 3));
        block(0, 5, true);
        assertThat(written())
                .isEqualTo(
                        folder.resolve("s.zst")
                                + ": the compressed data cannot be read after 5 bytes of trace: a"
                                + " frame has a window of 2147483648 bytes, want at most 8388608:"
                                + " unpack the file with `zstd -d --memory=2048MB`");
    }

    @Test
    void soAreFramesOfOneSegment() throws IOException {
        begin(0x20 | 2 << 6, new byte[] {0, 0, 0x20, 0});
        for (int i = 0; i < 16; i++) {
            block(1, BLOCK_BYTES, i == 15);
        }
        assertThat(unpacked()).hasSize(2 << 20);

        begin(0x20 | 3 << 6, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
        block(0, 5, true);
        assertThat(written()).contains("has a window of 18446744073709551615 bytes");
    }

    /// Four bytes are 128 KiB: what is unpacked is passed on, and nothing of it is kept.
    @Test
    void aFewBytesMayBeMany() throws IOException {
        begin(0, (byte) (7 << 3));
        for (int i = 0; i < 16_384; i++) {
            block(1, BLOCK_BYTES, i == 16_383);
        }
        Path path = folder.resolve("s.zst");
        Files.write(path, file.toByteArray());
        assertThat(CompressedBytes.measure(path, Compression.ZSTD))
                .isEqualTo(new CompressedBytes.Measure(2L << 30, ""));
    }

    @Test
    void damageIsTold() throws IOException {
        byte[] whole = packed(text);
        for (int length : new int[] {4, 5, 7, 200, whole.length / 2, whole.length - 1}) {
            file.reset();
            file.writeBytes(Arrays.copyOf(whole, length));
            assertThat(written()).as("%d bytes", length).contains(" bytes of trace: the file ends");
        }

        file.reset();
        file.writeBytes(whole);
        file.writeBytes(new byte[] {'m', 'o', 'r', 'e'});
        assertThat(written())
                .contains("after 300000 bytes of trace: no frame begins where the one before ends");

        whole[whole.length - 1] ^= 1;
        file.reset();
        file.writeBytes(whole);
        assertThat(written()).containsIgnoringCase("checksum");
    }

    /// Whatever is read: bytes, or damage in words, and the same bytes again.
    @Test
    void damagedFilesAreReadUpToTheSameByte() throws IOException {
        byte[] whole = packed(Arrays.copyOf(text, 40_000));
        var random = new Random(11);
        Path path = folder.resolve("s.zst");
        for (int i = 0; i < 300; i++) {
            byte[] bytes = whole.clone();
            for (int j = random.nextInt(3); j >= 0; j--) {
                bytes[4 + random.nextInt(bytes.length - 4)] = (byte) random.nextInt();
            }
            Files.write(path, bytes);
            CompressedBytes.Measure measure = CompressedBytes.measure(path, Compression.ZSTD);
            try (var again = new CompressedBytes(path, Compression.ZSTD, measure.bytes())) {
                ByteBuffer last = ByteBuffer.allocate(16);
                again.read(last, Math.max(0, measure.bytes() - 16));
                assertThat(last.remaining()).isEqualTo((int) Math.min(16, measure.bytes()));
            }
        }
    }
}
