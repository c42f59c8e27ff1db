// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasonTest {
    @TempDir Path directory;

    @Test
    void saysWhatTheSystemSaysOfAFile() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        Path absent = directory.resolve("absent");
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("link"));

        assertThat(thrown(() -> Files.readAllBytes(absent)))
                .isEqualTo(absent + ": No such file or directory");
        assertThat(thrown(() -> new FileInputStream(absent.toFile()).close()))
                .isEqualTo(absent + ": No such file or directory");
        assertThat(thrown(() -> Files.createDirectory(file))).isEqualTo(file + ": File exists");
        assertThat(thrown(() -> Files.readAllBytes(file.resolve("below"))))
                .isEqualTo(file + "/below: Not a directory");
        assertThat(thrown(() -> Files.list(file).close())).isEqualTo(file + ": Not a directory");
        assertThat(thrown(() -> Files.delete(directory)))
                .isEqualTo(directory + ": Directory not empty");
        assertThat(thrown(() -> Files.readSymbolicLink(file)))
                .isEqualTo(file + ": Not a symbolic link");
        assertThat(thrown(() -> Files.readAllBytes(link)))
                .startsWith(link + ": Too many levels of symbolic links");
        assertThat(Reason.of(new AccessDeniedException("/root/a")))
                .isEqualTo("/root/a: Permission denied");
        assertThat(Reason.of(new FileSystemException("/a", null, "Too many open files")))
                .isEqualTo("/a: Too many open files");
        assertThat(Reason.of(new UncheckedIOException(new AccessDeniedException("/a"))))
                .isEqualTo("/a: Permission denied");
    }

    @Test
    void neverShowsTheNameOfAClass() {
        Stream.of(
                        new ClosedChannelException(),
                        new EOFException(),
                        new IOException(),
                        new FileSystemException("/a"),
                        new IllegalStateException(),
                        new NullPointerException(),
                        new AssertionError(),
                        new OutOfMemoryError(),
                        new StackOverflowError())
                .forEach(failure ->
                        assertThat(Reason.of(failure))
                                .isNotBlank()
                                .doesNotContain("Exception", "java.", "Error:"));
    }

    private static String thrown(org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
        return Reason.of(catchThrowable(work));
    }

    @Test
    void tellsThreadsFromMemory() {
        assertThat(Reason.of(new OutOfMemoryError("unable to create native thread: possibly …")))
                .contains("no more threads", "ulimit -u")
                .doesNotContain("memory");
        assertThat(Reason.of(new OutOfMemoryError("Java heap space"))).contains("memory");
    }
}
