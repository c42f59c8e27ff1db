// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTextTest {
    @TempDir Path directory;

    @Test
    void nothingInItWorksTheTerminal() {
        assertThat(TerminalText.plain("a\u001b[31mb\u0007\u007f\u009bc\r"))
                .isEqualTo("a\\x1b[31mb\\x07\\x7f\\x9bc\\x0d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "größe – 日本 🙂", "two\nlines\tand a tab"})
    void otherTextStaysAsItIs(String text) {
        assertThat(TerminalText.plain(text)).isSameAs(text);
    }

    @ParameterizedTest
    @CsvSource({
        "/tmp/trace-1, /tmp/trace-1",
        "größe, größe",
        "/tmp/with blank, '''/tmp/with blank'''",
        "it's, '''it''\\''''s'''",
        "$(rm), '''$(rm)'''",
        "'', ''''''",
    })
    void aWordCanBePasted(String word, String pasted) {
        assertThat(TerminalText.word(word)).isEqualTo(pasted);
    }

    @Test
    void aShellReadsTheWordBack() throws IOException, InterruptedException {
        String odd = "a b'c\"d$e`f\\g*h?[i];j&k|l>m~n#o!";
        Process shell =
                new ProcessBuilder("sh", "-c", "printf %s " + TerminalText.word(odd)).start();
        String read = new String(shell.getInputStream().readAllBytes());
        shell.waitFor();

        assertThat(read).isEqualTo(odd);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s\u001b[31m", "two\nlines", "bell\u0007"})
    void noSessionHasANameThatWorksTheTerminal(String name) throws IOException {
        try (User user = User.withDaemon(directory)) {
            User.Said said = user.contrail("create '" + name + "'");
            assertThat(said.status()).isNotZero();
            assertThat(said.err())
                    .isEqualTo(
                            "Error: Invalid character found in session name: a control"
                                    + " character\n");
            assertThat(user.contrail("destroy 'x\u001b[2J'").err())
                    .contains("x\\x1b[2J")
                    .doesNotContain("\u001b");
        }
    }
}
