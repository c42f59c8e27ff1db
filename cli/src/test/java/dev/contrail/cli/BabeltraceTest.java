// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User.Said;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands of the entry point `babeltrace2`, with the exit statuses of 2.0.4.
class BabeltraceTest {
    @TempDir Path directory;

    private Said run(String line) {
        return User.at(directory).babeltrace2(line);
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
        Said said = run(line);
        assertThat(said.status()).isZero();
        assertThat(said.out()).startsWith("Usage: babeltrace2 ");
        assertThat(said.err()).isEmpty();
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
        assertThat(run(line)).isEqualTo(new Said(1, "", "ERROR: " + message + "\n"));
    }
}
