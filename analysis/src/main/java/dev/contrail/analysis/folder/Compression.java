// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/// How a file of a trace is compressed: its name and its first bytes tell.
public enum Compression {
    /// Not at all.
    NONE("", new byte[0]),

    /// As `gzip` does it (RFC 1952).
    GZIP(".gz", new byte[] {0x1F, (byte) 0x8B}),

    /// As `zstd` does it (RFC 8878).
    ZSTD(".zst", new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD});

    private static final int READ_BYTES = 1 << 16;

    private final String suffix;
    private final byte[] magic;

    Compression(String suffix, byte[] magic) {
        this.suffix = suffix;
        this.magic = magic;
    }

    /// How a file is compressed. One that is only called so is not.
    static Compression of(Path file) throws IOException {
        String name = file.getFileName().toString();
        for (Compression each : values()) {
            if (each != NONE && name.endsWith(each.suffix)) {
                try (InputStream in = Files.newInputStream(file)) {
                    byte[] begin = in.readNBytes(each.magic.length);
                    boolean isCompressed =
                            Arrays.equals(begin, each.magic)
                                    || each == ZSTD && ZstdFrames.isSkippable(begin);
                    return isCompressed ? each : NONE;
                }
            }
        }
        return NONE;
    }

    /// The name without the suffix that names of compressed files have.
    public static String plainName(String name) {
        for (Compression each : values()) {
            if (each != NONE && name.endsWith(each.suffix)) {
                return name.substring(0, name.length() - each.suffix.length());
            }
        }
        return name;
    }

    /// The bytes of a file as they were before it was compressed.
    InputStream open(Path file) throws IOException {
        var in = new ReopenedFile(file);
        return switch (this) {
            case NONE -> in;
            case GZIP -> new UnpackedInput(new GZIPInputStream(in, bufferBytes(file)));
            case ZSTD -> new UnpackedInput(new ZstdInput(in));
        };
    }

    private static int bufferBytes(Path file) throws IOException {
        return Math.clamp(Files.size(file), 512, READ_BYTES);
    }
}
