// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
    @TempDir Path folder;

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void makesDirectoriesThatOnlyTheirOwnerMayEnter() throws IOException {
        Path deep = folder.resolve("a/b/c");

        assertThat(PrivateFiles.directory(deep)).isEqualTo(deep).isDirectory();
        for (String each : new String[] {"a", "a/b", "a/b/c"}) {
            assertThat(rights(folder.resolve(each))).as(each).isEqualTo("rwx------");
        }
    }

    @Test
    void leavesADirectoryThatIsThereAsItIs() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        PrivateFiles.directory(open);

        assertThat(rights(open)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void saysWhoHasMadeADirectory() throws IOException {
        Path path = folder.resolve("d");

        assertThat(PrivateFiles.isCreated(path)).isTrue();
        assertThat(PrivateFiles.isCreated(path)).isFalse();
        assertThat(rights(path)).isEqualTo("rwx------");
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> PrivateFiles.isCreated(folder.resolve("missing/d")));
    }

    @Test
    void createsAFileWithItsTextForItsOwnerOnly() throws IOException {
        Path path = folder.resolve("f");
        PrivateFiles.createWith(path, "größe\n");

        assertThat(path).hasContent("größe\n");
        assertThat(rights(path)).isEqualTo("rw-------");
    }

    @Test
    void neverCreatesOverWhatIsThere() throws IOException {
        Path path = folder.resolve("f");
        Files.writeString(path, "old");

        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> PrivateFiles.createWith(path, "new"));
        assertThat(path).hasContent("old");
    }

    @Test
    void followsNoLinkThatSomebodyHasPutThere() throws IOException {
        Path victim = folder.resolve("victim");
        Path path = Files.createSymbolicLink(folder.resolve("f"), victim);

        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> PrivateFiles.createWith(path, "x"));
        assertThat(victim).doesNotExist();
    }

    @Test
    void appendsAtTheEnd() throws IOException {
        Path path = folder.resolve("f");
        PrivateFiles.append(path, "one\n");
        PrivateFiles.append(path, "");
        PrivateFiles.append(path, "two\n");

        assertThat(path).hasContent("one\ntwo\n");
        assertThat(rights(path)).isEqualTo("rw-------");
    }

    @Test
    void replacesWholeFilesAndLeavesNothingBesideThem() throws IOException {
        Path path = folder.resolve("f");
        PrivateFiles.replace(path, "a long first text\n");
        PrivateFiles.replace(path, "short\n");

        assertThat(path).hasContent("short\n");
        assertThat(folder).isDirectoryContaining(path::equals);
        try (var all = Files.list(folder)) {
            assertThat(all).containsExactly(path);
        }
    }

    /// A daemon was killed between writing and moving.
    @Test
    void replacesAfterAKilledReplacement() throws IOException {
        Path path = folder.resolve("f");
        Files.writeString(path, "old");
        Files.writeString(folder.resolve(".f.new"), "half of an earlier one");
        PrivateFiles.replace(path, "new");

        assertThat(path).hasContent("new");
    }

    @Test
    void keepsTheOldTextWhereTheNewOneCannotBeWritten() throws IOException {
        Path path = folder.resolve("f");
        Files.writeString(path, "old");
        Files.createDirectories(folder.resolve(".f.new/occupied"));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> PrivateFiles.replace(path, "new"));
        assertThat(path).hasContent("old");
    }

    @Test
    void opensForReadingAndWriting() throws IOException {
        Path path = folder.resolve("f");
        try (var file =
                PrivateFiles.open(
                        path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            assertThat(file.size()).isZero();
        }
        assertThat(rights(path)).isEqualTo("rw-------");
    }

    @Test
    void deletesATreeButNotWhatItsLinksPointAt() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside"), "stays");
        Path tree = Files.createDirectories(folder.resolve("tree/a/b"));
        Files.writeString(tree.resolve("f"), "goes");
        Files.createSymbolicLink(tree.resolve("link"), outside);
        Files.createSymbolicLink(tree.resolve("folder"), folder);
        PrivateFiles.deleteTree(folder.resolve("tree"));
        PrivateFiles.deleteTree(folder.resolve("tree"));

        assertThat(folder.resolve("tree")).doesNotExist();
        assertThat(outside).hasContent("stays");
    }
}
