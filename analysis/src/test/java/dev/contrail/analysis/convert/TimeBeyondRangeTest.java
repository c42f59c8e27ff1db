// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static dev.contrail.analysis.SmallTrace.EPOCH;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Times after 2262-04-11 do not fit nanoseconds in 64 bits; babeltrace2 stops with an error.
class TimeBeyondRangeTest {
    private static final long YEAR_2300_SECONDS = 10_413_792_000L;

    @TempDir private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int view(String... options) throws IOException {
        new SmallTrace(folder).file("c_0", packet(0, 0, 0, 10, 20));
        Path metadata = folder.resolve("metadata");
        Files.writeString(
                metadata,
                Files.readString(metadata)
                        .replace("offset = " + EPOCH, "offset_s = " + YEAR_2300_SECONDS));
        var arguments = new ArrayList<>(List.of(options));
        arguments.add(folder.toString());
        return View.main(arguments.toArray(String[]::new), out, new PrintStream(err, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--output-format=text",
                "--output-format=json",
                "--component=sink.text.details"
            })
    void isAnErrorThatSaysSo(String option) throws IOException {
        assertThat(view(option)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(folder + "/c_0: ")
                .contains(", clock value 10, overflows the signed 64-bit range of nanoseconds");
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("2262");
    }

    @Test
    void isShownInCycles() throws IOException {
        assertThat(view("--clock-cycles")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("[00000000000000000010] ");
    }
}
