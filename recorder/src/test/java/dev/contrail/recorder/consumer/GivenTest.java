// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.output.Packets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GivenTest {
    private static final StreamKey STREAM = Packets.key(0, 0);
    private static final IndexEntry FIRST = Packets.entry(1, 64, 10, 0);
    private static final IndexEntry SECOND = Packets.entry(2, 64, 10, 0);
    private static final IndexEntry THIRD = Packets.entry(3, 64, 10, 0);

    @TempDir Path folder;
    private Path state;
    private Given given;

    @BeforeEach
    void open() {
        state = folder.resolve("state");
        given = new Given(state);
    }

    @Test
    void knowsTheLastPacketOfAStream() {
        assertThat(given.packet(STREAM)).isEmpty();
        assertThat(given.packet(STREAM, FIRST)).isEmpty();
        assertThat(given.packet(STREAM, SECOND)).contains(FIRST);
        assertThat(given.packet(STREAM)).contains(SECOND);
        given.end(STREAM);
        assertThat(given.packet(STREAM)).isEmpty();
    }

    @Test
    void goesBackToThePacketBeforeOneThatIsWithdrawn() {
        given.packet(STREAM, FIRST);
        Optional<IndexEntry> before = given.packet(STREAM, SECOND);
        given.withdraw(STREAM, SECOND, before);

        assertThat(given.packet(STREAM)).contains(FIRST);
    }

    @Test
    void keepsANewerPacketThanTheOneThatIsWithdrawn() {
        given.packet(STREAM, FIRST);
        Optional<IndexEntry> before = given.packet(STREAM, SECOND);
        given.packet(STREAM, THIRD);
        given.withdraw(STREAM, SECOND, before);

        assertThat(given.packet(STREAM)).contains(THIRD);
    }

    @Test
    void knowsNothingWhereTheOnlyPacketIsWithdrawn() {
        Optional<IndexEntry> before = given.packet(STREAM, FIRST);
        given.withdraw(STREAM, FIRST, before);

        assertThat(given.packet(STREAM)).isEmpty();
    }

    @Test
    void keepsMetadataForANextDaemon() throws IOException {
        given.metadata("kernel", "trace {};\n");
        given.metadata("ust/uid/0/64-bit", "other\n");

        assertThat(given.metadata("kernel")).isEqualTo("trace {};\n");
        Given next = new Given(state);
        assertThat(next.metadata("kernel")).isEqualTo("trace {};\n");
        assertThat(next.metadata("ust/uid/0/64-bit")).isEqualTo("other\n");
    }

    @Test
    void appendsWhatIsNewOfMetadata() throws IOException {
        given.metadata("kernel", "a\n");
        Path file = state.resolve("metadata-kernel");
        Object inode = Files.getAttribute(file, "unix:ino");
        given.metadata("kernel", "a\nb\n");
        given.metadata("kernel", "a\nb\n");

        assertThat(file).hasContent("a\nb\n");
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
    }

    @Test
    void replacesMetadataThatBeginsDifferently() throws IOException {
        given.metadata("kernel", "a\nb\n");
        given.metadata("kernel", "x\n");

        assertThat(new Given(state).metadata("kernel")).isEqualTo("x\n");
    }

    /// A daemon before this one may have left other text.
    @Test
    void doesNotAppendToWhatAnotherDaemonHasLeft() throws IOException {
        given.metadata("kernel", "old\n");
        Given next = new Given(state);
        next.metadata("kernel", "new\n");

        assertThat(new Given(state).metadata("kernel")).isEqualTo("new\n");
    }

    @Test
    void saysThatThereIsNoMetadata() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> given.metadata("kernel"));
    }

    @Test
    void forgetsNothingWhereMetadataCannotBeKept() throws IOException {
        given.metadata("kernel", "a\n");
        Path file = state.resolve("metadata-kernel");
        Files.delete(file);
        Files.createDirectory(file);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> given.metadata("kernel", "a\nb\n"));

        assertThat(given.metadata("kernel")).isEqualTo("a\n");
        Files.delete(file);
        Files.writeString(file, "a\n");
        given.metadata("kernel", "a\nb\n");
        assertThat(new Given(state).metadata("kernel")).isEqualTo("a\nb\n");
    }
}
