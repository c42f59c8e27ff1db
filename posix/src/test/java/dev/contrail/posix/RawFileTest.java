// SPDX-License-Identifier: Apache-2.0
package dev.contrail.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawFileTest {
    private final MemorySegment page = Arena.ofAuto().allocate(4);

    @TempDir private Path directory;

    @Test
    void readsOnAndFromTheBeginning() throws IOException {
        try (RawFile file = RawFile.open(written("abcdef"))) {
            assertThat(file.read(page)).isEqualTo(4);
            assertThat(text(page)).isEqualTo("abcd");
            assertThat(file.readFirst(page.asSlice(2))).isEqualTo(2);
            assertThat(text(page)).isEqualTo("abab");
            assertThat(file.read(page)).isEqualTo(2);
            assertThat(text(page)).isEqualTo("efab");
            assertThat(file.read(page)).as("at the end").isZero();
        }
    }

    @Test
    void doesNotWaitForWhatNobodyWrites() throws Exception {
        Path pipe = Pipes.make(directory);
        try (RawFile file = RawFile.open(pipe);
                var writer = Files.newOutputStream(pipe)) {
            assertThat(file.read(page)).isEqualTo(RawFile.NOTHING);
            writer.write('x');
            assertThat(file.read(page)).isEqualTo(1);
        }
    }

    @Test
    void mapsAFileUntilItIsUnmapped() throws IOException {
        RawFile file = RawFile.open(written("abcdef"));
        MemorySegment mapped = file.map(0, 6);
        file.close();
        assertThat(text(mapped)).isEqualTo("abcdef");
        assertThat(mapped.isReadOnly()).isTrue();
        file.unmap(mapped);
    }

    @Test
    void isLockedByOneAtATime() throws IOException {
        try (RawFile second = RawFile.open(directory)) {
            try (RawFile first = RawFile.open(directory)) {
                assertThat(first.tryLock()).isTrue();
                assertThat(second.tryLock()).isFalse();
            }
            assertThat(second.tryLock()).isTrue();
        }
    }

    @Test
    void saysWhichCallFailedOnWhatAndWhy() {
        Path none = directory.resolve("none");
        assertThatThrownBy(() -> RawFile.open(none))
                .isInstanceOf(IOException.class)
                .hasMessage("open " + none + ": No such file or directory (errno 2)");
        assertThatThrownBy(
                        () -> {
                            try (RawFile file = RawFile.open(directory)) {
                                file.read(page);
                            }
                        })
                .isInstanceOf(IOException.class)
                .hasMessage("read " + directory + ": Is a directory (errno 21)");
    }

    private Path written(String text) throws IOException {
        return Files.writeString(directory.resolve("file"), text);
    }

    private static String text(MemorySegment memory) {
        return new String(memory.toArray(JAVA_BYTE), StandardCharsets.US_ASCII);
    }
}
