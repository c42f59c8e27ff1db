// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Types into a zsh that has the installed function in its path, and nothing else of anybody's.
class ZshCompletionTest {
    private static final String PROGRAM =
            """
            #!/bin/sh
            case "$*" in
                --list-commands) printf 'create\\nsnapshot\\nstatus\\n' ;;
                'create --list-options') printf '%s\\n' --output --snapshot ;;
                list) printf '%s\\n' 'Available recording sessions:' '  1) night [active]' '' ;;
            esac
            """;

    /// Prints each line as it is when it has been completed.
    private static final String TYPING =
            """
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "PATH=$1:$PATH; fpath=($1 \\$fpath)"
            zpty -w shell 'autoload -U compinit; compinit -u -D'
            zpty -w shell 'show() { print -r -- "<line>$BUFFER</line>"; BUFFER= }'
            zpty -w shell 'zle -N show; bindkey "^Xs" show; PS1="PRO""MPT"; print READ""Y'
            zpty -r -m shell seen '*READY*PROMPT*'
            for line in "${@[2,-1]}"; do
                zpty -w -n shell "$line"$'\\t\\x18s'
                zpty -r -m shell seen '*<line>*</line>*'
                seen=${seen##*<line>}
                print -r -- "${seen%%</line>*}"
            done
            zpty -d shell
            """;

    @TempDir Path directory;

    @BeforeEach
    void install() throws IOException {
        boolean isThere =
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(each -> Files.isExecutable(Path.of(each, "zsh")));
        if (!isThere) {
            System.out.println("SKIPPED: zsh is not installed (./check --install-peers)");
        }
        assumeTrue(isThere, "zsh is not installed");
        Path program = directory.resolve("contrail");
        Files.writeString(program, PROGRAM);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(directory.resolve("_contrail"), CompletionScript.installed("zsh"));
        Files.writeString(directory.resolve("typing"), TYPING);
    }

    @Test
    void completesFromTheFirstTimeOn() throws IOException, InterruptedException {
        assertThat(
                        type(
                                "contrail sn",
                                "contrail create --sn",
                                "contrail start ni",
                                "contrail view -c sink.text.pre",
                                "contrail completion z"))
                .containsExactly(
                        "contrail snapshot ",
                        "contrail create --snapshot ",
                        "contrail start night ",
                        "contrail view -c sink.text.pretty ",
                        "contrail completion zsh ");
    }

    private List<String> type(String... lines) throws IOException, InterruptedException {
        Process zsh =
                new ProcessBuilder(
                                Stream.concat(
                                                Stream.of(
                                                        "timeout",
                                                        "120",
                                                        "zsh",
                                                        "-f",
                                                        directory.resolve("typing").toString(),
                                                        directory.toString()),
                                                Stream.of(lines))
                                        .toList())
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        zsh.getOutputStream().close();
        String text = new String(zsh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(zsh.waitFor()).as(text).isZero();
        return text.lines().toList();
    }
}
