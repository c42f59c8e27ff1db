// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's program does what it says.
class ReadmeTest {
    @TempDir private Path temporary;

    @Test
    void sumsAField() throws IOException, InterruptedException {
        Path trace = temporary.resolve("trace");
        new SmallTrace(trace).file("c_0", packet(3, 0, 0, 10, 20), packet(3, 1, 0, 30));
        String readme = Files.readString(Path.of("README.md"));
        int start = readme.indexOf("```java\n") + "```java\n".length();
        Path program = temporary.resolve("Sum.java");
        Files.writeString(program, readme.substring(start, readme.indexOf("```\n", start)));
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                program.toString(),
                                trace.toString())
                        .redirectErrorStream(true)
                        .start();
        try (InputStream out = process.getInputStream()) {
            assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("-60\n");
        }
        assertThat(process.waitFor()).isZero();
    }
}
