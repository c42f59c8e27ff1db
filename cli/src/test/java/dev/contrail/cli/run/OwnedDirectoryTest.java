// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnedDirectoryTest {
    @TempDir Path parent;

    @Test
    void removesWhatAnEndedProcessHasLeft() throws IOException {
        Path left = Files.createDirectories(parent.resolve("contrail-record-1/sessions/1"));
        Files.createFile(parent.resolve("contrail-record-1/owner.lock"));
        try (OwnedDirectory own = open()) {
            assertThat(left.getParent().getParent()).doesNotExist();
            assertThat(own.path()).isDirectory();
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void leavesAloneWhatSomebodyHasLockedOrWhatHasNoLock() throws IOException {
        Path other = Files.createDirectory(parent.resolve("contrail-record-2"));
        Path daemon = Files.createDirectory(parent.resolve("contrail-run"));
        Files.createFile(daemon.resolve("owner.lock"));
        try (OwnedDirectory first = open()) {
            try (OwnedDirectory second = open()) {
                assertThat(first.path()).isDirectory().isNotEqualTo(second.path());
            }
            assertThat(first.path()).isDirectory();
        }
        assertThat(other).isDirectory();
        assertThat(daemon).isDirectory();
    }

    @Test
    void leavesAnothersDirectoryAlone() throws IOException {
        Path left = Files.createDirectory(parent.resolve("contrail-record-3"));
        Files.createFile(left.resolve("owner.lock"));
        int uid = (Integer) Files.getAttribute(left, "unix:uid");

        OwnedDirectory.open(parent, uid + 1).close();

        assertThat(left).isDirectory();
    }

    private OwnedDirectory open() throws IOException {
        return OwnedDirectory.open(parent, (Integer) Files.getAttribute(parent, "unix:uid"));
    }
}
