// SPDX-License-Identifier: Apache-2.0
package dev.contrail.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFilesTest {
    @TempDir private Path directory;

    @Test
    void mapsMoreThanTheFileHasAndLeavesItsSize() throws Exception {
        Path path = directory.resolve("file");
        MemorySegment mapped;
        try (FileChannel file = FileChannel.open(path, CREATE, READ, WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            mapped = MappedFiles.map(file, 1 << 20);
            assertThat(file.size()).isEqualTo(3);
            file.write(ByteBuffer.wrap(new byte[] {4}), 8192);
        }
        assertThat(mapped.byteSize()).isEqualTo(1 << 20);
        assertThat(mapped.get(JAVA_BYTE, 8192))
                .as("written after it was mapped")
                .isEqualTo((byte) 4);
        mapped.set(JAVA_BYTE, 1, (byte) 9);
        assertThat(Files.readAllBytes(path)).startsWith(1, 9, 3);
    }

    @Test
    void isOfOneClassWithMemoryFromAnArena() throws Exception {
        try (FileChannel file = FileChannel.open(directory.resolve("file"), CREATE, READ, WRITE)) {
            assertThat(MappedFiles.map(file, 4096).getClass())
                    .isEqualTo(Arena.ofAuto().allocate(8).getClass());
        }
    }
}
