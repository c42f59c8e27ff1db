// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.relay.label.LabelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// What lies in the output directory and cannot be looked at, which root meets too: a path that is
/// longer than the system takes.
class LeftSessionsTest {
    private static final int NAME_BYTES = 250;

    /// Below a directory that has such a path, nothing can be named.
    private static final int MOST_PATH_BYTES = 4096;

    @TempDir(cleanup = CleanupMode.NEVER)
    private Path home;

    @AfterEach
    void clean() throws IOException, InterruptedException {
        var removal = new ProcessBuilder("rm", "-rf", home.toString()).inheritIO().start();
        assertThat(removal.waitFor()).isZero();
    }

    @Test
    void whatCannotBeLookedAtKeepsNobodyFromTheRest() throws IOException, InterruptedException {
        String name = "d".repeat(NAME_BYTES);
        Path root = home;
        while (root.toString().length() + NAME_BYTES < MOST_PATH_BYTES - 3 * NAME_BYTES) {
            root = root.resolve(name);
        }
        Files.createDirectories(root);
        Path moved = home.resolve("moved");
        Files.createDirectories(moved.resolve(name).resolve(name).resolve(name).resolve(name));
        Files.move(moved, root.resolve("moved"));
        for (String each : new String[] {"a", "z"}) { // before it and after it
            Path session = Files.createDirectories(root.resolve(each).resolve("s"));
            Files.createFile(session.resolve(LabelFile.NAME));
        }

        assertThat(LeftSessions.mend(root).stream().map(root::relativize))
                .containsExactlyInAnyOrder(
                        Path.of("a", "s", LabelFile.NAME), Path.of("z", "s", LabelFile.NAME));
    }

    @Test
    void anOutputDirectoryThatIsNoneHasNothing() {
        assertThat(LeftSessions.mend(home.resolve("none"))).isEmpty();
    }
}
