// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagerTest {
    private static final byte[] LINE = "a line\n".getBytes(StandardCharsets.UTF_8);

    @TempDir private Path directory;
    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

    @Test
    void getsWhatIsWrittenAndWhatIsSaidMeanwhile() throws IOException, Failure {
        try (Pager pager = pager("PAGER", "cat > " + shown())) {
            Surroundings paged = pager.surroundings();
            paged.err().println("before");
            paged.bytes().write(LINE);
            paged.err().println("meanwhile");

            assertThat(paged.isOutTerminal()).isFalse();
            assertThat(pager.end(1)).isEqualTo(1);
        }
        assertThat(shown()).content().isEqualTo("a line\nmeanwhile\n");
        assertThat(terminal.toString(StandardCharsets.UTF_8)).isEqualTo("before\n");
    }

    @Test
    void isNotBegunWhereNothingIsWritten() throws IOException, Failure {
        try (Pager pager = pager("PAGER", "cat > " + shown())) {
            assertThat(pager.end(0)).isZero();
        }
        assertThat(shown()).doesNotExist();
    }

    @Test
    void thatOfContrailComesFirstAndLessIsToldToFitTheScreen() throws IOException, Failure {
        var environment = environment("PAGER", "false");
        environment.put("CONTRAIL_PAGER", "echo $LESS > %s; cat > /dev/null".formatted(shown()));
        try (Pager pager = Pager.of(onTerminal(environment)).orElseThrow()) {
            pager.surroundings().bytes().write(LINE);
            pager.end(0);
        }
        assertThat(shown()).content().isEqualTo("FRX\n");
    }

    @Test
    void quittingItEarlyIsSuccess() throws IOException, Failure {
        try (Pager pager = pager("PAGER", "head -c 1 > /dev/null")) {
            OutputStream out = pager.surroundings().bytes();
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 1_000_000; i++) {
                                    out.write(LINE);
                                }
                            })
                    .isInstanceOf(IOException.class)
                    .hasMessage("Broken pipe");
            assertThat(pager.end(141)).isZero();
        }
    }

    @Test
    void saysThatItFailedBeforeItHadReadEverything() throws IOException {
        try (Pager pager = pager("PAGER", "exec <&-; exit 2")) {
            OutputStream out = pager.surroundings().bytes();
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 1_000_000; i++) {
                                    out.write(LINE);
                                }
                            })
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> pager.end(141))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("failed (status 2)");
        }
    }

    /// A shell that gets its terminal back must not find the pager there.
    @Test
    void isEndedByWhatEndsThisProcess() throws Exception {
        try (Pager pager = pager("PAGER", "sleep 1000; cat > /dev/null")) {
            pager.surroundings().bytes().write(LINE);
            long self = ProcessHandle.current().pid();
            new ProcessBuilder("kill", "-TERM", Long.toString(self)).start().waitFor();
            assertThat(pager.end(0)).isEqualTo(143);
        }
        assertThat(ProcessHandle.current().descendants())
                .noneMatch(each -> each.info().commandLine().orElse("").contains("sleep 1000"));
    }

    @Test
    void saysWhichOneCannotBeRun() throws IOException {
        try (Pager pager = pager("PAGER", "cat > /dev/null; exit 127")) {
            pager.surroundings().bytes().write(LINE);
            assertThatThrownBy(() -> pager.end(0))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("exit 127")
                    .hasMessageContaining("--no-pager");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PAGER, ''",
        "PAGER, cat",
        "CONTRAIL_PAGER, ''",
        "TERM, dumb",
        "PATH, /nowhere",
    })
    void isNoneWhereTheUserWantsNone(String variable, String value) {
        var environment = environment("PAGER", "more");
        if (variable.equals("PATH")) {
            environment.remove("PAGER"); // nor is there less
        }
        environment.put(variable, value);

        assertThat(Pager.of(onTerminal(environment))).isEmpty();
    }

    @Test
    void isNoneWithoutATerminal() {
        assertThat(Pager.of(Surroundings.piped(terminal, terminal, environment("PAGER", "more"))))
                .isEmpty();
    }

    private Path shown() {
        return directory.resolve("shown");
    }

    private Pager pager(String variable, String value) {
        return Pager.of(onTerminal(environment(variable, value))).orElseThrow();
    }

    private Surroundings onTerminal(Map<String, String> environment) {
        return Surroundings.onTerminal(terminal, environment);
    }

    private static Map<String, String> environment(String variable, String value) {
        var environment = new HashMap<String, String>();
        environment.put("TERM", "xterm");
        environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        environment.put(variable, value);
        return environment;
    }
}
