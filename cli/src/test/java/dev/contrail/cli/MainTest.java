// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User.Said;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    /// The same words for the same fault, whichever command meets it.
    @ParameterizedTest
    @ValueSource(strings = {"summary", "view", "convert"})
    void saysNothingButTheErrorOfWhatIsNoRing(String command, @TempDir Path folder)
            throws IOException {
        Path ring = Files.write(folder.resolve("1-2-3.ring"), new byte[5000]);
        Said said = User.at(folder).contrail(command + " " + ring);
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).startsWith("Error: " + ring + ": not a whole ring").hasLineCount(1);
    }

    /// Our own program says what was probably meant; the one for scripts says what LTTng says.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CONTRAIL | crate | contrail: crate is not a contrail command: did you mean create? See 'contrail --help'.",
                "LTTNG | crate | lttng: crate is not an lttng command. See 'lttng --help'.",
                "CONTRAIL | create --snapshto | Error: Unrecognized argument used with 'create' command: --snapshto: did you mean --snapshot?",
                "LTTNG | create --snapshto | Error: Unrecognized argument used with 'create' command"
            })
    void saysWhatWasProbablyMeant(
            EntryPoint entry, String line, String message, @TempDir Path folder) {
        Said said = User.at(folder).run(entry, line);
        assertThat(said.status()).isEqualTo(2);
        assertThat((said.out() + said.err()).strip()).isEqualTo(message);
    }

    /// Of `version`, `summary` and `help` nobody would miss what was not written.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CONTRAIL | No space left on device | 1 | Error: standard output: No space left on device",
                "BABELTRACE | No space left on device | 1 | ERROR: standard output: No space left on device",
                "CONTRAIL | Broken pipe | 141 | ''",
            })
    void doesNotSucceedWhereNobodyGetsItsOutput(
            EntryPoint entry, String fault, int status, String message) {
        var out =
                new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        throw new IOException(fault);
                    }
                };
        var err = new ByteArrayOutputStream();
        Surroundings surroundings = Surroundings.piped(out, err, Map.of());
        int said = Main.run(new String[] {"--version"}, entry, surroundings);
        surroundings.flush();
        assertThat(Main.ended(said, entry, surroundings)).isEqualTo(status);
        surroundings.flush();
        assertThat(err.toString(StandardCharsets.UTF_8).strip()).isEqualTo(message);
    }
}
