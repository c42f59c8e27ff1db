// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputDirectoriesTest {
    @TempDir private Path directory;

    /// What is left where the disk was full while the claim was written.
    @Test
    void anEmptyClaimIsNobodys() throws Exception {
        Path output = Files.createDirectory(directory.resolve("output"));
        Path claim = Files.createFile(output.resolve(OutputDirectories.CLAIM));

        new OutputDirectories(directory).claim(output, 1, "session").get(20, TimeUnit.SECONDS);

        assertThat(claim).content().startsWith("1 session");
    }

    @Test
    void aClaimThatIsAPipeIsSomebodyElses() throws Exception {
        Path output = Files.createDirectory(directory.resolve("output"));
        String pipe = output.resolve(OutputDirectories.CLAIM).toString();
        assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();

        CompletableFuture<Path> claim =
                new OutputDirectories(directory).claim(output, 1, "session");

        assertThatThrownBy(() -> claim.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RefusedException.class)
                .hasMessageContaining("is another session's");
    }
}
