// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramFilesTest {
    @TempDir Path directory;

    /// /usr/local and /home are links on some systems; the kernel names programs by real paths.
    @Test
    void aProgramThatRunsIsFoundByEveryPathOfItsVersion() throws IOException, InterruptedException {
        Path version = Files.createDirectories(directory.resolve("real/lib/contrail/1"));
        Path program = version.resolve("sleep");
        Files.copy(Path.of("/bin/sleep").toRealPath(), program);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real"));
        assertThat(ProgramFiles.processesOf(version)).isEmpty();
        Process running = new ProcessBuilder(program.toString(), "1000").start();
        try {
            assertThat(ProgramFiles.processesOf(version)).containsExactly(running.pid());
            assertThat(ProgramFiles.processesOf(link.resolve("lib/contrail/1")))
                    .containsExactly(running.pid());
        } finally {
            running.destroyForcibly().waitFor();
        }
        assertThat(ProgramFiles.processesOf(version)).isEmpty();
    }
}
