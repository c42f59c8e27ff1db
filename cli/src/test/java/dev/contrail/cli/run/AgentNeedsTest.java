// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentNeedsTest {
    @TempDir Path directory;

    @Test
    void anImageWithoutTheLibraryOfAgentsIsKnownByItsLauncher() throws IOException {
        Path java = file("image/bin/java");
        file("image/lib/modules");
        Path image = directory.resolve("image").toRealPath();
        assertThat(AgentNeeds.imageWithout(java)).contains(image);
        Path link = Files.createSymbolicLink(directory.resolve("java"), java);
        assertThat(AgentNeeds.imageWithout(link)).contains(image);

        file("image/lib/libinstrument.so");
        assertThat(AgentNeeds.imageWithout(java)).isEmpty();
    }

    @Test
    void soIsTheImageOfAPackagedApplication() throws IOException {
        Path launcher = file("app/bin/app");
        file("app/lib/runtime/lib/modules");
        assertThat(AgentNeeds.imageWithout(launcher))
                .contains(directory.resolve("app/lib/runtime").toRealPath());
    }

    @Test
    void otherProgramsAreNone() throws IOException {
        assertThat(AgentNeeds.imageWithout(file("usr/bin/tool"))).isEmpty();
        assertThat(AgentNeeds.imageWithout(directory.resolve("none"))).isEmpty();
    }

    @Test
    void shellsAndScriptsMayStartAnyJvm() throws IOException {
        assertThat(AgentNeeds.mayStartAny(Path.of("/bin/sh"))).isTrue();
        assertThat(AgentNeeds.mayStartAny(Path.of("/opt/jdk/bin/java"))).isTrue();
        Path script = directory.resolve("script");
        Files.writeString(script, "#!/usr/bin/env tool\n");
        assertThat(AgentNeeds.mayStartAny(script)).isTrue();
        Files.writeString(script, "#no\n");
        assertThat(AgentNeeds.mayStartAny(script)).isFalse();
        Files.writeString(script, "");
        assertThat(AgentNeeds.mayStartAny(script)).isFalse();
        assertThat(AgentNeeds.mayStartAny(directory.resolve("none"))).isFalse();
    }

    /// What it complains of is something else.
    @Test
    void theJavaOfAnImageWithAgentsNeedsNoOther() throws IOException {
        Path java = file("image/bin/java");
        assertThat(AgentNeeds.mayStartAny(java)).isTrue();
        file("image/lib/libinstrument.so");
        assertThat(AgentNeeds.mayStartAny(java)).isFalse();
        Path link = Files.createSymbolicLink(directory.resolve("java"), java);
        assertThat(AgentNeeds.mayStartAny(link)).isFalse();
    }

    private Path file(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }
}
