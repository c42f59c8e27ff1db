// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// Files that are often taken for a trace, or for a stream of one, and what makes one of them.
/// Their first bytes tell, or the name.
public final class ForeignFile {
    private static final int TAR_AT = 257;
    private static final byte[] TAR = "ustar".getBytes(StandardCharsets.US_ASCII);

    private static final Pattern COMPRESSED_TAR = Pattern.compile("\\.(tar\\.\\w+|t[gbx]z)$");

    private ForeignFile() {}

    /// What a file is, and what to do with it.
    ///
    /// @return such as `a zip archive: unpack it, and name the folder`; empty for a file of a
    ///   trace, for what nobody knows, and for what cannot be read
    public static Optional<String> of(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] begin = in.readNBytes(TAR_AT + TAR.length);
            if (begin.length == TAR_AT + TAR.length
                    && ByteBuffer.wrap(begin, TAR_AT, TAR.length).equals(ByteBuffer.wrap(TAR))) {
                return Optional.of("a tar archive: unpack it, and name the folder");
            }
            if (COMPRESSED_TAR.matcher(String.valueOf(file.getFileName())).find()) {
                return Optional.of("a compressed tar archive: unpack it, and name the folder");
            }
            return begin.length < Integer.BYTES
                    ? Optional.empty()
                    : of(ByteBuffer.wrap(begin).getInt());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// What a file with these first four bytes is, the first one the most significant.
    public static Optional<String> of(int begin) {
        String found =
                switch (begin) {
                    case 0xFD377A58 -> compressed("xz");
                    case 0x04224D18 -> compressed("lz4");
                    case 0x28B52FFD -> readable("zstd", ".zst");
                    case 0x504B0304 -> "a zip archive: unpack it, and name the folder";
                    case 0x377ABCAF -> "a 7z archive: unpack it, and name the folder";
                    case 0x177BF177 ->
                            "a ring of LTTng's (--shm-path): `lttng-crash --extract=FOLDER` makes a"
                                    + " trace of it";
                    case 0x50455246 ->
                            "a recording of perf's: `perf data convert --to-ctf=FOLDER` makes a trace"
                                    + " of it";
                    default ->
                            switch (begin >>> 8) {
                                case 0x1F8B08 -> readable("gzip", ".gz");
                                case 0x425A68 -> compressed("bzip2");
                                default -> "";
                            };
                };
        return found.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    private static String compressed(String program) {
        return "compressed by " + program + ": unpack it (only gzip and zstd are read as they are)";
    }

    private static String readable(String program, String suffix) {
        return "compressed by "
                + program
                + ": unpack it (the files of a trace are read as they are, if their names end in "
                + suffix
                + ")";
    }
}
