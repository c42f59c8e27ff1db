// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.Sinks;
import dev.contrail.analysis.convert.ViewArguments;
import dev.contrail.cli.User.Said;
import dev.contrail.cli.read.OptionValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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
        for (String name : List.of("contrail", "lttng")) {
            Path program = directory.resolve(name);
            Files.writeString(program, PROGRAM);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
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

    /// bash hands over `=` and `:` as words.
    @Test
    void completesValues() throws IOException, InterruptedException {
        assertThat(complete("contrail", "view", "--color", ""))
                .containsExactly("never", "auto", "always");
        assertThat(complete("contrail", "view", "--color", "=", "a"))
                .containsExactly("auto", "always");
        assertThat(complete("contrail", "view", "--color", "=")).hasSize(3);
        assertThat(complete("contrail", "convert", "-f", "trace", ":", "h"))
                .containsExactly("hostname");
        assertThat(complete("contrail", "convert", "-f", "loglevel,trace", ":")).hasSize(4);
        assertThat(complete("contrail", "convert", "--fields", "=", "trace", ":", "vpid,log"))
                .containsExactly("vpid,loglevel");
        assertThat(complete("contrail", "convert", "-n", "payload,cont"))
                .containsExactly("payload,context");
        assertThat(complete("contrail", "view", "-c", "sink.utils.counter", "-p", "st"))
                .containsExactly("step=");
        assertThat(complete("contrail", "enable-event", "-u", "a:b", "--loglevel", "WA"))
                .containsExactly("WARNING", "WARN");
        assertThat(complete("contrail", "enable-channel", "-k", "c", "--output", "m"))
                .containsExactly("mmap");
        assertThat(complete("contrail", "list", "-f", "ni")).containsExactly("night");
        assertThat(complete("contrail", "completion", "b")).containsExactly("bash");
    }

    /// Each value that help and completion name is one.
    @Test
    void namesOnlyValuesThatAreUnderstood() throws UsageException {
        for (var each : OptionValues.ofReader().entrySet()) {
            for (String option : each.getKey()) {
                for (String value : each.getValue()) {
                    ViewArguments.parse(new String[] {option, value});
                }
            }
        }
    }

    @Test
    void completesTheCommandsOfBabeltrace() throws IOException, InterruptedException {
        assertThat(complete("babeltrace2", "qu")).containsExactly("query");
        assertThat(complete("babeltrace2", "-v", "list-p")).containsExactly("list-plugins");
        assertThat(complete("babeltrace2", "--colo")).containsExactly("--color");
        assertThat(complete("babeltrace2", "--color", "n")).containsExactly("never");
        assertThat(complete("babeltrace2", "trace", "-o", "ctf-")).containsExactly("ctf-metadata");
        assertThat(complete("babeltrace2", "query", "source.contrail"))
                .containsExactly("source.contrail.ring");
        assertThat(complete("babeltrace2", "query", "source.ctf.fs", "meta"))
                .containsExactly("metadata-info");
        assertThat(complete("babeltrace2", "query", "-p", "pa")).containsExactly("path=");
        assertThat(complete("babeltrace2", "query", "--p")).containsExactly("--params");
        assertThat(complete("babeltrace2", "run", "--conn")).containsExactly("--connect");
        assertThat(complete("babeltrace2", "run", "--component", "in", ":", "sink.contrail.m"))
                .containsExactly("sink.contrail.metadata");
        assertThat(complete("babeltrace2", "help", "ut")).containsExactly("utils");
    }

    @Test
    void completesTheEntryPointOfLttng() throws IOException, InterruptedException {
        assertThat(complete("lttng", "sta")).containsExactly("start", "status");
        assertThat(complete("lttng", "set-session", "ni")).containsExactly("night");
        assertThat(script("bash"))
                .contains("complete -o default -F _contrail contrail lttng babel");
    }

    @Test
    void asksForAShell() {
        assertThat(script()).isEqualTo("Error: No shell given: contrail completion (bash | zsh)\n");
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

    private static String script(String... shell) {
        String line = ("completion " + String.join(" ", shell)).strip();
        Said said = User.at(Path.of("/")).contrail(line);
        return said.out() + said.err();
    }
}
