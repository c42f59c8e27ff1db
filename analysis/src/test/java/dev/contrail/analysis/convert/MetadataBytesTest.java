// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.SmallTrace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names in metadata that are not UTF-8, as of a program that writes Latin-1.
class MetadataBytesTest {
    @TempDir private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void writeTrace() throws IOException {
        new SmallTrace(folder.resolve("in")).file("c_0", packet(0, 0, 0, 10), packet(0, 1, 7, 20));
        Path metadata = folder.resolve("in/metadata");
        String text = Files.readString(metadata);
        assertThat(text).contains("\"host1\"", "\"tick\"");
        Files.writeString(
                metadata,
                text.replace("\"host1\"", "\"h\u00f6st\"").replace("\"tick\"", "\"t\\357ck\""),
                StandardCharsets.ISO_8859_1);
    }

    /// What is printed, its bytes as characters.
    private String shown(String... options) {
        out.reset();
        var arguments = new ArrayList<>(List.of(options));
        arguments.add(folder.resolve("in").toString());
        int status =
                View.main(
                        arguments.toArray(String[]::new),
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(status).as(err.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--component=sink.text.pretty", "--component=sink.text.details"})
    void areWrittenAsTheyAre(String sink) {
        assertThat(shown(sink)).contains("h\u00f6st", "t\u00efck").doesNotContain("\u00bd");
    }

    @Test
    void areInWarningsAsTheyAre() {
        shown();
        assertThat(err.toString(StandardCharsets.ISO_8859_1))
                .contains("discarded 7 events", "in trace \"h\u00f6st\"");
    }

    @Test
    void areNoTextInJson() {
        shown("--output-format=json");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"h\ufffdst\"", "\"t\ufffdck\"");
    }

    @Test
    void areCopied() throws IOException {
        shown("--output-format=ctf", "--output=" + folder.resolve("out"));
        Path copy = folder.resolve("out/h\ufffdst/metadata");
        assertThat(Files.readString(copy, StandardCharsets.ISO_8859_1))
                .contains("\"h\u00f6st\"", "\"t\u00efck\"");
    }
}
