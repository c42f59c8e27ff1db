// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignFileTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "fd377a58, compressed by xz",
        "04224d18, compressed by lz4",
        "28b52ffd, end in .zst",
        "1f8b0800, end in .gz",
        "1f8b0808, end in .gz",
        "425a6839, compressed by bzip2",
        "425a6831, compressed by bzip2",
        "504b0304, a zip archive",
        "377abcaf, a 7z archive",
        "177bf177, lttng-crash --extract=FOLDER",
        "50455246, perf data convert --to-ctf=FOLDER",
    })
    void theFirstBytesTell(String begin, String said) throws IOException {
        Path file = folder.resolve("file");
        int first = Integer.parseUnsignedInt(begin, 16);
        Files.write(file, ByteBuffer.allocate(8).putInt(first).array());
        assertThat(ForeignFile.of(file).orElseThrow()).contains(said);
    }

    @Test
    void anArchiveOfTarIsToldByItsFirstBlock() throws IOException {
        Path file = folder.resolve("trace.tar");
        byte[] block = new byte[512];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, block, 257, 5);
        Files.write(file, block);
        assertThat(ForeignFile.of(file).orElseThrow()).startsWith("a tar archive: unpack it");
        for (String name : new String[] {"t.tar.gz", "t.tar.xz", "t.tgz"}) {
            assertThat(ForeignFile.of(Files.write(folder.resolve(name), new byte[9])).orElseThrow())
                    .startsWith("a compressed tar archive");
        }
    }

    @Test
    void ofOtherFilesNothingIsSaid() throws IOException {
        Path file = folder.resolve("file");
        assertThat(ForeignFile.of(file)).isEmpty();
        assertThat(ForeignFile.of(folder)).isEmpty();
        for (byte[] each : new byte[][] {{}, {0x1F, (byte) 0x8B, 8}, new byte[600]}) {
            Files.write(file, each);
            assertThat(ForeignFile.of(file)).isEmpty();
        }
        assertThat(ForeignFile.of(0xC1FC1FC1)).isEmpty();
    }
}
