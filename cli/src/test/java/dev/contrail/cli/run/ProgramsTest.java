// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.cli.console.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs are found as a shell finds them, and refused with a shell's statuses.
class ProgramsTest {
    @TempDir Path directory;

    @Test
    void theFirstOfThePathThatCanBeExecutedIsTaken() throws IOException, Failure {
        Path text = file("a/tool", "rw-r--r--");
        Path tool = file("b/tool", "rwxr-xr-x");
        file("c/tool", "rwxr-xr-x");
        Map<String, String> environment =
                Map.of("PATH", directory + "/none:" + text.getParent() + ":" + tool.getParent());
        assertThat(Programs.find("tool", environment)).isEqualTo(tool);
    }

    @Test
    void aPathIsTakenAsItIs() throws IOException, Failure {
        Path tool = file("b/tool", "rwxr-xr-x");
        assertThat(Programs.find(tool.toString(), Map.of())).isEqualTo(tool);
    }

    @Test
    void whatIsNotThereHasStatus127() {
        assertFails("no-such-tool", 127, "no-such-tool: command not found");
        assertFails("", 127, "'': command not found");
        assertFails(directory + "/none", 127, directory + "/none: no such program");
    }

    @Test
    void whatCannotBeExecutedHasStatus126() throws IOException {
        Path text = file("a/tool", "rw-r--r--");
        assertFails(
                text.toString(),
                126,
                "%s: not executable: chmod +x %s makes it so".formatted(text, text));
        assertFails(directory + "/a", 126, directory + "/a: not executable: it is a directory");
    }

    /// What a recorded command has left running, whoever its parent is by then.
    @Test
    void processesAreFoundByAVariableOfTheirEnvironment() throws IOException {
        String value = directory.toString() + "/é";
        var builder = new ProcessBuilder("sleep", "1000");
        builder.environment().put("CONTRAIL_TEST_MARK", value);
        Process marked = builder.start();
        Process other = new ProcessBuilder("sleep", "1000").start();
        try {
            assertThat(Programs.withEnvironment("CONTRAIL_TEST_MARK=" + value))
                    .containsExactly(marked.toHandle());
            assertThat(Programs.withEnvironment("CONTRAIL_TEST_MARK=" + directory)).isEmpty();
            assertThat(Programs.withEnvironment("TEST_MARK=" + value)).isEmpty();
        } finally {
            marked.destroyForcibly();
            other.destroyForcibly();
        }
    }

    private void assertFails(String program, int status, String message) {
        assertThatThrownBy(() -> Programs.find(program, Map.of("PATH", directory.toString())))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.status()).isEqualTo(status))
                .hasMessage(message);
    }

    private Path file(String name, String rights) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }
}
