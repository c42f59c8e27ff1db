// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.write.RingWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingDirectoriesTest {
    private static final AtomicLong SESSIONS = new AtomicLong(0xd1000000L);

    @TempDir Path directory;
    private RingDirectories directories;
    private int uid;

    @BeforeEach
    void findUser() throws IOException {
        uid = (Integer) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        directories = new RingDirectories(uid);
    }

    private Path file(String name) throws IOException {
        Path path = directory.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, "");
    }

    @Test
    void findsARingWhereItsProcessSaysThatItIs() throws IOException {
        Path ring = file("1.ring");

        assertThat(directories.locate(ring.toString(), 0, uid)).contains(ring);
    }

    @Test
    void findsNoRingThatIsNotThere() {
        String missing = directory.resolve("1.ring").toString();

        assertThat(directories.locate(missing, 0, uid)).isEmpty();
        assertThat(directories.locate(missing, ProcessHandle.current().pid(), uid)).isEmpty();
    }

    /// An application may say anything.
    @ParameterizedTest
    @ValueSource(
            strings = {"", "1.ring", "x/../1.ring", "/", "/etc/passwd", "/dev/../etc/x.ring", "."})
    void believesNoOtherPath(String untrusted) {
        assertThat(directories.locate(untrusted, 0, uid)).isEmpty();
        assertThat(directories.locate(untrusted, ProcessHandle.current().pid(), uid)).isEmpty();
    }

    @Test
    void takesNoFileOfAnotherName() throws IOException {
        assertThat(directories.isRingOf(file("1.rings"), uid)).isFalse();
        assertThat(directories.isRingOf(file("ring"), uid)).isFalse();
        assertThat(directories.isRingOf(file("x.ring"), uid)).isTrue();
    }

    @Test
    void takesNoFileOfAnotherUser() throws IOException {
        assertThat(directories.isRingOf(file("x.ring"), uid + 1)).isFalse();
    }

    @Test
    void followsNoLinks() throws IOException {
        Path ring = file("real/x.ring");
        Path link = Files.createSymbolicLink(directory.resolve("y.ring"), ring);
        Path folder = Files.createSymbolicLink(directory.resolve("linked"), ring.getParent());

        assertThat(directories.isRingOf(link, uid)).isFalse();
        assertThat(directories.isRingOf(folder.resolve("x.ring"), uid)).isFalse();
    }

    @Test
    void looksOnlyWhereItWasToldTo() throws IOException {
        Path ring = file("x.ring");
        assertThat(directories.all()).noneMatch(found -> found.path().equals(ring));
        directories.remember(ring, uid);

        assertThat(directories.all()).contains(new RingDirectories.Found(ring, uid));
    }

    @Test
    void remembersNoDirectoryOfAnotherNamespace() throws IOException {
        Path ring = file("x.ring");
        directories.remember(Path.of("/proc/self/root").resolve("." + ring).normalize(), uid);

        assertThat(directories.all()).noneMatch(found -> found.path().endsWith("x.ring"));
    }

    @Test
    void listsNothingOfADirectoryThatHasGoneOrChangedHands() throws IOException {
        Path ring = file("gone/x.ring");
        directories.remember(ring, uid);
        directories.remember(file("theirs/x.ring"), uid + 1);
        Files.delete(ring);
        Files.delete(ring.getParent());

        assertThat(directories.all()).noneMatch(found -> found.path().startsWith(directory));
    }

    /// A program may name a new directory each time.
    @Test
    void remembersSixtyFourDirectoriesAtMost() throws IOException {
        for (int i = 0; i < 100; i++) {
            directories.remember(file("d" + i + "/x.ring"), uid);
        }

        assertThat(directories.all().stream().filter(each -> each.path().startsWith(directory)))
                .hasSize(64);
    }

    @Test
    void findsTheRingsThatHaveAPoolOfAChannel() throws Exception {
        long session = SESSIONS.incrementAndGet();
        RingWriter writer = RingWriter.open();
        writer.openPool(session, 5, PoolMode.DISCARD, 4096, 16);
        Path ring = writer.file();
        directories.remember(ring, uid);
        directories.remember(file("damaged.ring"), uid);

        assertThat(directories.ringsOf(session, 5))
                .containsExactly(new RingDirectories.Found(ring, uid));
        assertThat(directories.ringsOf(session, 6)).isEmpty();
        assertThat(directories.ringsOf(session + 1_000, 5)).isEmpty();
        assertThat(directories.mayHavePool(ring, uid, session, 5)).isTrue();
        assertThat(directories.mayHavePool(ring, uid, session, 6)).isFalse();
        assertThat(directories.mayHavePool(ring, uid + 1, session, 5)).isFalse();
    }

    @Test
    void saysThatADamagedOrMissingFileHasNoPool() throws IOException {
        Path damaged = Files.writeString(directory.resolve("damaged.ring"), "not a ring");

        assertThat(directories.mayHavePool(damaged, uid, 1, 1)).isFalse();
        assertThat(directories.mayHavePool(directory.resolve("no.ring"), uid, 1, 1)).isFalse();
        assertThat(List.of(damaged)).allMatch(Files::exists);
    }
}
