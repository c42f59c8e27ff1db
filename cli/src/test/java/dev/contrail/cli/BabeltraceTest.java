// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands of the entry point `babeltrace2`, with the exit statuses of 2.0.4.
class BabeltraceTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String line) {
        return Babeltrace.run(
                line.split(" "),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "convert --help",
                "help -h",
                "list-plugins --help",
                "query",
                "query -h",
                "query source.ctf.fs",
                "run",
                "--verbose run --help"
            })
    void everyCommandHasItsUsage(String line) {
        assertThat(run(line)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: babeltrace2 ");
        assertThat(err.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "help | Missing plugin name or component class descriptor.",
                "help ctf text | Extraneous command-line argument specified to `help` command: `text`.",
                "help no | Cannot find plugin: plugin-name=\"no\"",
                "list-plugins x | Extraneous command-line argument specified to `list-plugins` command: `x`.",
                "query src.ctf.fs no | Failed to query component class: unknown query object: plugin-name=\"ctf\", comp-cls-name=\"fs\", comp-cls-type=1 object=\"no\"",
                "run x | Unexpected argument: `x`",
                "convert --run-args nowhere | No source component."
            })
    void whatCannotBeDoneIsRefused(String line, String message) {
        assertThat(run(line)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("ERROR: " + message + "\n");
        assertThat(out.size()).isZero();
    }
}
