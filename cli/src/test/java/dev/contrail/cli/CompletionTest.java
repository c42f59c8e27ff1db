// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.Sinks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the script in bash, with a program that answers what ours does.
class CompletionTest {
    private static final String PROGRAM =
            """
            #!/bin/sh
            case "$*" in
                --list-commands) printf 'create\\nstart\\nsnapshot\\nstatus\\n' ;;
                --list-options) printf '%s\\n' --quiet --group ;;
                'create --list-options') printf '%s\\n' --output -o --snapshot ;;
                'snapshot --list-commands') printf 'record\\nlist-output\\n' ;;
                list) printf '%s\\n' 'Available recording sessions:' '  1) day [active]' '' \
                          '  2) night [inactive snapshot]' '' ;;
            esac
            """;

    @TempDir Path directory;

    @BeforeEach
    void install() throws IOException {
        Path program = directory.resolve("contrail");
        Files.writeString(program, PROGRAM);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(directory.resolve("script"), script("bash"));
    }

    @Test
    void completesCommands() throws IOException, InterruptedException {
        assertThat(complete("contrail", "")).contains("create", "start", "snapshot", "status");
        assertThat(complete("contrail", "sta")).containsExactly("start", "status");
        assertThat(complete("contrail", "-q", "cr")).containsExactly("create");
        assertThat(complete("contrail", "help", "cr")).containsExactly("create");
    }

    @Test
    void completesOptions() throws IOException, InterruptedException {
        assertThat(complete("contrail", "--g")).containsExactly("--group");
        assertThat(complete("contrail", "create", "--")).containsExactly("--output", "--snapshot");
    }

    @Test
    void completesActionsAndSessions() throws IOException, InterruptedException {
        assertThat(complete("contrail", "snapshot", "rec")).containsExactly("record");
        assertThat(complete("contrail", "start", "ni")).containsExactly("night");
    }

    /// Those that take the name of a session, or names that already are there.
    @Test
    void completesTheSessionsOfEveryCommandThatTakesOne() throws IOException, InterruptedException {
        for (String command : Commands.names()) {
            boolean takesSession =
                    Commands.find(command).orElseThrow().spec().positionalParameters().stream()
                            .anyMatch(each -> each.paramLabel().contains("SESSION"));
            if (takesSession) {
                assertThat(complete("contrail", command, "ni")).as(command).contains("night");
            }
        }
    }

    @Test
    void completesFormatsAndSinks() throws IOException, InterruptedException {
        assertThat(complete("contrail", "view", "-o", ""))
                .containsExactlyElementsOf(Sinks.formats());
        assertThat(complete("contrail", "convert", "trace", "--component", "sink.utils."))
                .containsExactly("sink.utils.counter", "sink.utils.dummy");
        assertThat(complete("contrail", "create", "-o", "ct")).doesNotContain("ctf");
    }

    @Test
    void printsAScriptForZshThatLoadsTheSame() {
        assertThat(script("zsh")).contains("bashcompinit").endsWith(script("bash"));
    }

    private List<String> complete(String... words) throws IOException, InterruptedException {
        String line =
                "PATH=%s:$PATH; . %s/script; COMP_WORDS=(%s); COMP_CWORD=%d; _contrail; [ -z"
                        + " \"${COMPREPLY[*]}\" ] || printf '%%s\\n' \"${COMPREPLY[@]}\"";
        var quoted = new StringBuilder();
        for (String word : words) {
            quoted.append('\'').append(word).append("' ");
        }
        Process bash =
                new ProcessBuilder(
                                "bash",
                                "-c",
                                line.formatted(directory, directory, quoted, words.length - 1))
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        String text = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(text).isZero();
        return text.lines().toList();
    }

    private static String script(String shell) {
        var out = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Main.run(
                new String[] {"completion", shell},
                Console.Entry.CONTRAIL,
                Map.of("HOME", "/"),
                stream,
                stream);
        return out.toString(StandardCharsets.UTF_8);
    }
}
